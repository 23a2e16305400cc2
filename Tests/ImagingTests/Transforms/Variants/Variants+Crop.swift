import Imaging

extension Variants {
  static let crops: [any Transform] = []
}
