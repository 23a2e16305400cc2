import Imaging

extension Variants {
  static let dropouts: [any Transform] = []
}
