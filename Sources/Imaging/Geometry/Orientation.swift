/// How the stored pixels of a photograph lie: the EXIF orientation, with EXIF's numbers. Each case is named for what
/// brings the pixels upright.
public enum Orientation: Int, CaseIterable, Hashable, Sendable {
  /// Nothing to do.
  case upright = 1
  /// Left and right change places.
  case mirror = 2
  /// By 180 degrees.
  case rotate180 = 3
  /// Top and bottom change places.
  case flip = 4
  /// Rows become columns.
  case transpose = 5
  /// Clockwise by 90 degrees: the usual photograph of a phone held upright.
  case rotate90 = 6
  /// Rows become columns, about the other diagonal.
  case transverse = 7
  /// Clockwise by 270 degrees.
  case rotate270 = 8

  /// Whether width and height change places.
  public var swapsSides: Bool { rawValue >= 5 }

  /// The shape of pixels of `shape` brought upright.
  public func shape(of shape: ImageShape) -> ImageShape { swapsSides ? shape.transposed : shape }

  /// What it does: perhaps rows become columns, then perhaps a mirror, then perhaps a flip.
  private struct Parts: Hashable {
    var swaps, mirrors, flips: Bool
  }

  private var parts: Parts {
    switch self {
    case .upright: Parts(swaps: false, mirrors: false, flips: false)
    case .mirror: Parts(swaps: false, mirrors: true, flips: false)
    case .rotate180: Parts(swaps: false, mirrors: true, flips: true)
    case .flip: Parts(swaps: false, mirrors: false, flips: true)
    case .transpose: Parts(swaps: true, mirrors: false, flips: false)
    case .rotate90: Parts(swaps: true, mirrors: true, flips: false)
    case .transverse: Parts(swaps: true, mirrors: true, flips: true)
    case .rotate270: Parts(swaps: true, mirrors: false, flips: true)
    }
  }

  /// The one that does what this one and then `next` do.
  public func followed(by next: Orientation) -> Orientation {
    let (first, second) = (parts, next.parts)
    // A mirror before rows become columns is a flip after it.
    let (mirrors, flips) = second.swaps ? (first.flips, first.mirrors) : (first.mirrors, first.flips)
    let both = Parts(
      swaps: first.swaps != second.swaps, mirrors: mirrors != second.mirrors, flips: flips != second.flips)
    return Self.allCases.first { $0.parts == both } ?? .upright
  }

  /// Where points of an image of `shape` go.
  func matrix(for shape: ImageShape) -> Matrix3 {
    let (parts, output) = (parts, self.shape(of: shape))
    let swap = parts.swaps ? Matrix3([0, 1, 0, 1, 0, 0, 0, 0, 1]) : .identity
    let (right, bottom) = (Double(output.width - 1), Double(output.height - 1))
    return Matrix3([
      parts.mirrors ? -1 : 1, 0, parts.mirrors ? right : 0,
      0, parts.flips ? -1 : 1, parts.flips ? bottom : 0,
      0, 0, 1,
    ]) * swap
  }
}
