/// How the stored pixels of a photograph lie: the EXIF orientation, with EXIF's numbers. Each case is named for what
/// brings the pixels upright.
public enum Orientation: Int, CaseIterable, Hashable, Sendable {
  /// Nothing to do.
  case upright = 1
  /// Left and right change places.
  case mirror = 2
  /// A half turn.
  case halfTurn = 3
  /// Top and bottom change places.
  case flip = 4
  /// Rows become columns.
  case transpose = 5
  /// A quarter turn clockwise: the usual photograph of a phone held upright.
  case quarterTurn = 6
  /// Rows become columns, about the other diagonal.
  case transverse = 7
  /// A quarter turn counter-clockwise.
  case quarterTurnBack = 8

  /// Whether width and height change places.
  public var swapsSides: Bool { rawValue >= 5 }

  /// The shape of pixels of `shape` brought upright.
  public func shape(of shape: ImageShape) -> ImageShape { swapsSides ? shape.transposed : shape }

  /// Writes the pixels of `source`, brought upright, into `destination`.
  public func apply(to source: borrowing PixelBuffer, into destination: inout PixelBuffer) throws(ImagingError) {
    let walk = Walk(self, over: source.shape)
    try destination.reshape(to: shape(of: source.shape))
    let (shape, channels) = (destination.shape, source.shape.channels)
    unsafe source.withBytes { input in
      unsafe destination.withBytes { output in
        // In bands of columns: a column of the source is far apart in memory, and neighbouring rows meet it again.
        for band in stride(from: 0, to: shape.width, by: Self.bandWidth) {
          for row in 0..<shape.height {
            var from = (walk.origin + row * walk.rowStep + band * walk.columnStep) * channels
            var to = (row * shape.width + band) * channels
            for _ in band..<min(band + Self.bandWidth, shape.width) {
              for channel in 0..<channels { unsafe output[to + channel] = unsafe input[from + channel] }
              from += walk.columnStep * channels
              to += channels
            }
          }
        }
      }
    }
  }

  private static let bandWidth = 64

  /// Where in the source, counted in pixels, the upright image begins, and how far it is to the next row and column.
  private struct Walk {
    var origin, rowStep, columnStep: Int

    init(_ orientation: Orientation, over shape: ImageShape) {
      let (width, height) = (shape.width, shape.height)
      let (topRight, bottomLeft, bottomRight) = (width - 1, (height - 1) * width, height * width - 1)
      (origin, rowStep, columnStep) =
        switch orientation {
        case .upright: (0, width, 1)
        case .mirror: (topRight, width, -1)
        case .halfTurn: (bottomRight, -width, -1)
        case .flip: (bottomLeft, -width, 1)
        case .transpose: (0, 1, width)
        case .quarterTurn: (bottomLeft, 1, -width)
        case .transverse: (bottomRight, -1, -width)
        case .quarterTurnBack: (topRight, -1, width)
        }
    }
  }
}
