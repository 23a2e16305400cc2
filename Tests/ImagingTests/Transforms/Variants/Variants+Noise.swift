import Imaging

extension Variants {
  static let noises: [any Transform] = []
}
