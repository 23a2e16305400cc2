import Imaging

extension Variants {
  static let filters: [any Transform] = []
}
