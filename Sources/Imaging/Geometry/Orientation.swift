internal import CImaging

/// The EXIF orientation, with EXIF's numbers. Each case is named after the operation that brings the pixels upright.
package enum Orientation: Int, CaseIterable, Hashable, Sendable {
  /// Stored upright.
  case upright = 1
  /// Swaps left and right.
  case mirror = 2
  case rotate180 = 3
  /// Swaps top and bottom.
  case flip = 4
  /// Rows become columns.
  case transpose = 5
  /// Clockwise; the usual photograph of a phone held upright.
  case rotate90 = 6
  /// Rows become columns, about the other diagonal.
  case transverse = 7
  /// Clockwise.
  case rotate270 = 8

  package var swapsSides: Bool { rawValue >= 5 }

  /// The shape after bringing pixels of `shape` upright.
  package func shape(of shape: ImageShape) -> ImageShape { swapsSides ? shape.transposed : shape }

  /// The operation in steps: rows become columns, then a mirror, then a flip.
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

  /// Whether the last column of upright pixels comes from the first row or column of stored ones.
  var turnsColumns: Bool { parts.mirrors }

  /// Whether the last row of upright pixels comes from the first row or column of stored ones.
  var turnsRows: Bool { parts.flips }

  /// The orientation equivalent to this one, then `next`.
  package func followed(by next: Orientation) -> Orientation {
    let (first, second) = (parts, next.parts)
    // A mirror before rows become columns equals a flip after it.
    let (mirrors, flips) = second.swaps ? (first.flips, first.mirrors) : (first.mirrors, first.flips)
    let both = Parts(
      swaps: first.swaps != second.swaps, mirrors: mirrors != second.mirrors, flips: flips != second.flips)
    return Self.allCases.first { $0.parts == both } ?? .upright
  }

  /// Maps points of an image of `shape`.
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

extension Orientation {
  /// Brings `source` upright and writes it into `destination`. OpenCV `flip`, `rotate` and `transpose`.
  package func apply(to source: borrowing PixelBuffer, into destination: inout PixelBuffer) throws(ImagingError) {
    if self == .upright { return try destination.copy(from: source) }
    unsafe try destination.fill(shape(of: source.shape), from: source) { source, destination, message in
      switch self {
      case .upright: CIMAGING_OK
      case .mirror: unsafe cimaging_flip(source, destination, 1, message)
      case .flip: unsafe cimaging_flip(source, destination, 0, message)
      // cimaging_rotate90 counts quarters counter-clockwise.
      case .rotate90: unsafe cimaging_rotate90(source, destination, 3, message)
      case .rotate180: unsafe cimaging_rotate90(source, destination, 2, message)
      case .rotate270: unsafe cimaging_rotate90(source, destination, 1, message)
      case .transpose: unsafe cimaging_transpose(source, destination, 0, message)
      case .transverse: unsafe cimaging_transpose(source, destination, 1, message)
      }
    }
  }
}
