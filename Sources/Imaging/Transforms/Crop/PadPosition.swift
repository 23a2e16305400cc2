/// Where an image lies within its padding.
package enum PadPosition: String, CaseIterable, Sendable {
  case center
  case topLeft = "top_left"
  case topRight = "top_right"
  case bottomLeft = "bottom_left"
  case bottomRight = "bottom_right"
  case random

  /// An image of `shape` with as many columns and rows around it, in pixels of the image. Draws only for `random`.
  func padded(_ shape: ImageShape, by missing: ImageSize, using random: inout RandomStream) -> Rectangle {
    let before = before(missing, using: &random)
    return Rectangle(
      x: -before.width, y: -before.height, width: shape.width + missing.width, height: shape.height + missing.height)
  }

  /// How many of the `missing` columns and rows come before the image.
  private func before(_ missing: ImageSize, using random: inout RandomStream) -> ImageSize {
    switch self {
    case .center: return ImageSize(width: missing.width / 2, height: missing.height / 2)
    case .topLeft: return ImageSize(width: 0, height: 0)
    case .topRight: return ImageSize(width: missing.width, height: 0)
    case .bottomLeft: return ImageSize(width: 0, height: missing.height)
    case .bottomRight: return missing
    case .random where missing.width + missing.height == 0: return missing
    case .random:
      let height = random.integer(0...missing.height)
      return ImageSize(width: random.integer(0...missing.width), height: height)
    }
  }
}
