/// Makes images out of nothing, for tests and measurements that need as many as they like of whatever size.
///
/// Pattern, seed and size alone decide the bytes, on any machine: nothing here but whole numbers and the exactly
/// rounded operations of IEEE 754. The same seed shows the same picture at any size of the same proportions.
public struct SceneGenerator: Sendable {
  /// What the images show.
  public enum Pattern: String, CaseIterable, Sendable {
    /// 10 × 10 squares of two colours.
    case checkerboard
    /// Each byte on its own: the worst case of every encoder.
    case noise
    /// A landscape with houses and trees: soft and rough areas, edges and fine texture, as in a photograph.
    case scene
  }

  /// What the images show.
  public var pattern: Pattern
  /// Which of the images of this pattern.
  public var seed: UInt64

  /// A generator of one image.
  public init(_ pattern: Pattern, seed: UInt64) {
    self.pattern = pattern
    self.seed = seed
  }

  /// The image, R, G, B without alpha, of `width` × `height` pixels.
  public func generate(width: Int, height: Int) -> Image {
    precondition(width > 0 && height > 0, "a generated image has pixels")
    var canvas = Canvas(width: width, height: height)
    var random = StreamKey(seed: seed, path: pattern.rawValue, copy: 0).stream(node: 0)
    switch pattern {
    case .checkerboard: Self.drawCheckerboard(on: &canvas, using: &random)
    case .noise: canvas.setEachByte { UInt8(truncatingIfNeeded: random.next() >> 56) }
    case .scene: Scene(aspect: canvas.aspect, using: &random).draw(on: &canvas)
    }
    var pixels = PixelBuffer(ImageShape(width: width, height: height, channels: 3))
    pixels.set(canvas.bytes)
    return Image(color: pixels)
  }

  /// A dark and a light square in turn.
  private static func drawCheckerboard(on canvas: inout Canvas, using random: inout RandomStream) {
    let squaresPerSide = 10
    let dark = Color(random.uniform(0...80), random.uniform(0...80), random.uniform(0...80))
    let light = Color(random.uniform(175...255), random.uniform(175...255), random.uniform(175...255))
    let (width, height) = (canvas.width, canvas.height)
    for row in 0..<height {
      for column in 0..<width {
        let square = row * squaresPerSide / height + column * squaresPerSide / width
        canvas.blend(square.isMultiple(of: 2) ? dark : light, coverage: 1, column: column, row: row)
      }
    }
  }
}
