package import Imaging

/// Generates synthetic images for tests and benchmarks, in any number and size.
///
/// Pattern, seed and size determine the bytes on any machine, because only integers and the exactly rounded operations
/// of IEEE 754 are used. The same seed shows the same image at any size of the same aspect ratio.
package struct SceneGenerator: Sendable {
  /// What the images show.
  package enum Pattern: String, CaseIterable, Sendable {
    /// 10 × 10 squares of two colours.
    case checkerboard
    /// Independent random bytes: the worst case for every encoder.
    case noise
    /// A landscape with houses and trees: soft and rough areas, edges and fine texture, as in a photograph.
    case scene
    /// A street at night as a thermal camera sees it: grey, with warm people, cars, bicycles and dogs.
    case thermal
  }

  /// What the pattern can show, for patterns that know their objects; else nothing.
  package static func classNames(of pattern: Pattern) -> [String] {
    pattern == .thermal ? WarmObject.allCases.map(\.className) : []
  }

  package var pattern: Pattern
  /// Selects one image of the pattern.
  package var seed: UInt64

  package init(_ pattern: Pattern, seed: UInt64) {
    self.pattern = pattern
    self.seed = seed
  }

  /// Generates the image, `width` × `height` pixels without alpha: R, G, B, or grey if the pattern is.
  package func generate(width: Int, height: Int) -> Image {
    precondition(width > 0 && height > 0, "a generated image has pixels")
    switch pattern {
    case .checkerboard: return colored(width, height) { Self.drawCheckerboard(on: &$0, using: &$1) }
    case .noise:
      return colored(width, height) { canvas, random in
        canvas.setEachByte { UInt8(truncatingIfNeeded: random.next() >> 56) }
      }
    case .scene: return colored(width, height) { Scene(aspect: $0.aspect, using: &$1).draw(on: &$0) }
    case .thermal: return ThermalScene(seed: seed, width: width, height: height).image()
    }
  }

  private func colored(
    _ width: Int, _ height: Int, _ draw: (inout Canvas, inout RandomStream) -> Void
  ) -> Image {
    var canvas = Canvas(width: width, height: height)
    var random = StreamKey(seed: seed, path: pattern.rawValue, copy: 0).stream(node: 0)
    draw(&canvas, &random)
    var pixels = PixelBuffer(ImageShape(width: width, height: height, channels: 3))
    pixels.set(canvas.bytes)
    return Image(color: pixels)
  }

  /// What the image shows, for patterns that know it; else nothing.
  package func objects(width: Int, height: Int) -> [SceneObject] {
    guard pattern == .thermal else { return [] }
    return ThermalScene(seed: seed, width: width, height: height).objects
  }

  /// Alternating dark and light squares.
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

/// Time of day and weather of a scene: the colours that everything else derives from.
struct Mood: Sendable {
  /// The sky overhead and at the horizon; distant things fade into `haze`.
  var zenith, haze: Color
  /// The sun with its glow, and the light that multiplies all other colours: 255 leaves a colour unchanged.
  var sun, light: Color
  /// Height of the sun above the horizon, as a share of the sky.
  var sunHeight: ClosedRange<Double>
  /// The meadow.
  var grass, dryGrass: Color

  static let all = [noon, evening, morning, autumn]

  private static let noon = Mood(
    zenith: Color(52, 112, 190), haze: Color(196, 220, 238), sun: Color(255, 252, 235), light: Color(255, 252, 244),
    sunHeight: 0.6...0.85, grass: Color(92, 142, 58), dryGrass: Color(168, 172, 92))

  private static let evening = Mood(
    zenith: Color(62, 74, 128), haze: Color(250, 190, 138), sun: Color(255, 226, 160), light: Color(255, 214, 176),
    sunHeight: 0.12...0.3, grass: Color(98, 112, 56), dryGrass: Color(188, 150, 84))

  private static let morning = Mood(
    zenith: Color(112, 156, 204), haze: Color(238, 226, 220), sun: Color(255, 246, 222), light: Color(255, 242, 228),
    sunHeight: 0.3...0.5, grass: Color(106, 150, 86), dryGrass: Color(174, 180, 120))

  private static let autumn = Mood(
    zenith: Color(84, 132, 186), haze: Color(222, 222, 220), sun: Color(255, 244, 214), light: Color(255, 238, 214),
    sunHeight: 0.4...0.65, grass: Color(124, 132, 60), dryGrass: Color(198, 164, 82))

  /// `color` in this light.
  func lit(_ color: Color, _ brightness: Double = 1) -> Color { color * light / 255 * brightness }
}
