import Imaging

extension Variants {
  static let geometries: [any Transform] = []
}
