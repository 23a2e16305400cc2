import Imaging

extension Variants {
  static let colors: [any Transform] = []
}
