import Imaging

extension Variants {
  static let mixtures: [any Transform] = []
}
