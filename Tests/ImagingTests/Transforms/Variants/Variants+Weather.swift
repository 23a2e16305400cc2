import Imaging

extension Variants {
  static let weathers: [any Transform] = []
}
