internal import CImaging
internal import Glibc

/// Brightens or darkens an image unevenly, as light from one side would. Grey and colour.
///
/// Source: Albumentations `Illumination`. Modes `corner` and `gaussian` may differ by one level in a few pixels: OpenCV
/// approximates distances and exponentials.
package struct Illumination: Transform {
  package enum Mode: String, CaseIterable, Sendable {
    /// A straight gradient, once across the image.
    case linear
    /// Falls off from a corner.
    case corner
    /// A Gaussian spot.
    case gaussian
  }

  package enum EffectType: String, CaseIterable, Sendable {
    case brighten, darken, both
  }

  /// What the mode does not use is nil.
  package struct Drawn: Codable, Sendable {
    /// Share of the light that is added; negative to take light away.
    package var intensity: Double
    /// Direction of the gradient in degrees.
    package var angle: Double?
    /// 0 upper left, 1 upper right, 2 lower right, 3 lower left.
    package var corner: Int?
    /// Middle of the spot, as shares of width and height.
    package var x, y: Double?
    /// Standard deviation of the spot, as a share of the longer side.
    package var sigma: Double?
  }

  package static let summary = "Brightens or darkens unevenly: along a line, from a corner or in a spot."
  package static let parameters: [Parameter<Illumination>] = [
    .choice("mode", \.mode, "shape of the light"),
    .range("intensity_range", \.intensityRange, in: 0.01...0.2, "share of the light that is added or taken away"),
    .choice("effect_type", \.effectType, "whether it is added or taken away"),
    .range("angle_range", \.angleRange, in: 0...360, "mode linear: direction in degrees"),
    .range("center_range", \.centerRange, in: 0...1, "mode gaussian: middle, as shares of width and height"),
    .range("sigma_range", \.sigmaRange, in: 0.2...1, "mode gaussian: standard deviation in longer sides"),
  ]

  package var mode = Mode.linear
  package var intensityRange = 0.01...0.2
  package var effectType = EffectType.both
  package var angleRange = 0.0...360.0
  package var centerRange = 0.1...0.9
  package var sigmaRange = 0.2...1.0

  package init() {}

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    let strength = random.uniform(intensityRange)
    let isDarker = effectType == .darken || (effectType == .both && random.uniform() <= 0.5)
    var drawn = Drawn(intensity: isDarker ? -strength : strength)
    switch mode {
    case .linear: drawn.angle = random.uniform(angleRange)
    case .corner: drawn.corner = random.integer(0...3)
    case .gaussian:
      (drawn.x, drawn.y) = (random.uniform(centerRange), random.uniform(centerRange))
      drawn.sigma = random.uniform(sigmaRange)
    }
    return drawn
  }

  /// No parameter names a corner, or a place with an x other than its y.
  package func fixed(at drawn: Drawn) -> PipelineNode? {
    guard let angle = drawn.angle, mode == .linear else { return nil }
    return always {
      ($0.intensityRange, $0.angleRange) = (.only(abs(drawn.intensity)), .only(angle))
      $0.effectType = drawn.intensity < 0 ? .darken : .brighten
    }
  }

  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    let light =
      switch mode {
      case .linear: Light(intensity: drawn.intensity, degrees: drawn.angle ?? 0, shape)
      case .corner: Light(intensity: drawn.intensity, corner: drawn.corner ?? 0, shape)
      case .gaussian:
        Light(intensity: drawn.intensity, at: (drawn.x ?? 0.5, drawn.y ?? 0.5), sigma: drawn.sigma ?? 1, shape)
      }
    return .kernel { source, destination, message in
      unsafe light.withCValue { unsafe cimaging_illuminate(source, destination, $0, message) }
    }
  }
}

/// A number for each column and each row, whose combination is the light of a pixel. In single precision and in the
/// order of Albumentations.
private struct Light {
  private let form: cimaging_light_form
  private var isInverted = false
  private let slope: Double
  private let offset: Float
  private let columns, rows: [Float]

  func withCValue<Result>(_ body: (UnsafePointer<cimaging_light>) -> Result) -> Result {
    unsafe columns.withUnsafeBufferPointer { columns in
      unsafe rows.withUnsafeBufferPointer { rows in
        var light = unsafe cimaging_light(
          form: form, is_inverted: isInverted ? 1 : 0, slope: slope, offset: offset, columns: columns.baseAddress,
          rows: rows.baseAddress)
        return unsafe body(&light)
      }
    }
  }
}

extension Light {
  /// A gradient whose middle is 1; for multiples of 45 degrees from 0 to 1 before it is scaled.
  init(intensity: Double, degrees: Double, _ shape: ImageShape) {
    let strength = abs(intensity)
    (form, isInverted) = (CIMAGING_LIGHT_SUM, intensity < 0)
    (slope, offset) = (2 * strength, Float(1 - strength))
    (columns, rows) = Self.gradient(degrees, shape)
  }

  private static func gradient(_ degrees: Double, _ shape: ImageShape) -> ([Float], [Float]) {
    let (across, down) = (ramp(shape.width), ramp(shape.height))
    let (none, level) = ([Float](repeating: 0, count: shape.width), [Float](repeating: 0, count: shape.height))
    switch degrees {
    case 0: return (across, level)
    case 180: return (ramp(shape.width, isFalling: true), level)
    case 90: return (none, down)
    case 270: return (none, ramp(shape.height, isFalling: true))
    case 45, 135, 225, 315:
      let falls = (degrees == 135 || degrees == 225, degrees == 225 || degrees == 315)
      return diagonal(falls.0 ? across.map { 1 - $0 } : across, falls.1 ? down.map { 1 - $0 } : down)
    default:
      let angle = degrees * (.pi / 180)
      return (across.map { Float(Double($0) * cos(angle)) }, down.map { Float(Double($0) * sin(angle)) })
    }
  }

  /// Brings the sums to 0 ... 1. A side of one pixel has no slope.
  private static func diagonal(_ columns: [Float], _ rows: [Float]) -> ([Float], [Float]) {
    let (x, y) = (columns.min() ?? 0, rows.min() ?? 0)
    let most = (columns.max() ?? 0) - x + (rows.max() ?? 0) - y
    let scale = most > 0 ? 1 / most : 0
    return (columns.map { ($0 - x) * scale }, rows.map { ($0 - y) * scale })
  }

  /// Evenly spaced numbers from 0 to 1, or from 1 to 0.
  private static func ramp(_ count: Int, isFalling: Bool = false) -> [Float] {
    let step = 1 / Double(max(count - 1, 1))
    var numbers = (0..<count).map { Float(isFalling ? Double($0) * -step + 1 : Double($0) * step) }
    if count > 1 { numbers[count - 1] = isFalling ? 0 : 1 }
    return numbers
  }

  /// Falls with the distance from a corner: by the intensity over a diagonal.
  init(intensity: Double, corner: Int, _ shape: ImageShape) {
    let diagonal = (Double(shape.width * shape.width) + Double(shape.height * shape.height)).squareRoot()
    form = CIMAGING_LIGHT_DISTANCE
    (slope, offset) = (-intensity / max(diagonal, 1), 1)
    let (isRight, isLower) = (corner == 1 || corner == 2, corner >= 2)
    columns = Self.squares(shape.width, from: isRight ? shape.width - 1 : 0)
    rows = Self.squares(shape.height, from: isLower ? shape.height - 1 : 0)
  }

  private static func squares(_ count: Int, from place: Int) -> [Float] {
    (0..<count).map { Float(($0 - place) * ($0 - place)) }
  }

  /// A spot of light.
  init(intensity: Double, at center: (x: Double, y: Double), sigma: Double, _ shape: ImageShape) {
    form = CIMAGING_LIGHT_PRODUCT
    (slope, offset) = (intensity, 1)
    let deviation = Double(max(shape.width, shape.height, 1)) * sigma
    let scale = -1 / (2 * deviation * deviation)
    columns = Self.bell(shape.width, center.x, scale)
    rows = Self.bell(shape.height, center.y, scale)
  }

  private static func bell(_ count: Int, _ center: Double, _ scale: Double) -> [Float] {
    (0..<count).map { place in
      let distance = Float(place) - Float(Double(count) * center)
      return Float(exp(Double(distance * distance) * scale))
    }
  }
}
