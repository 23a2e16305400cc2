internal import CImaging
internal import Glibc

/// Blurs along a line. Grey and colour.
///
/// Source: Albumentations `MotionBlur`, OpenCV `filter2D`; the image is reflected beyond its edge.
public struct MotionBlur: Transform {
  /// The line.
  public struct Drawn: Codable, Sendable {
    /// Rows and columns of the kernel, odd.
    public var size: Int
    /// In degrees; clockwise as one sees it, since y grows downward.
    public var angle: Double
    /// Where the line lies: −1 behind the pixel, 0 about it, 1 before it.
    public var direction: Double
    /// How far the line is moved right, in quarters of the kernel, −1 ... 1.
    public var shiftX: Double
    /// How far it is moved down.
    public var shiftY: Double

    /// A line of about `size` pixels.
    public init(size: Int, angle: Double, direction: Double, shiftX: Double = 0, shiftY: Double = 0) {
      self.size = size
      self.angle = angle
      self.direction = direction
      self.shiftX = shiftX
      self.shiftY = shiftY
    }
  }

  /// The sentence of `augment-cli transforms`.
  public static let summary = "Blurs along a line, as a moving camera does."
  /// As in Albumentations.
  public static let parameters: [Parameter<MotionBlur>] = [
    .integers("blur_limit", \.blurLimit, in: 3...501, lowest: 3, "length in pixels, an even one counts as the next"),
    .flag("allow_shifted", \.allowShifted, "whether the line may lie off the pixel"),
    .range("angle_range", \.angleRange, in: 0...360, "direction in degrees, clockwise from the right"),
    .range("direction_range", \.directionRange, in: -1...1, "-1 blurs backward, 0 both ways, 1 forward"),
  ]

  /// Range of the kernel's size.
  public var blurLimit = 3...7
  /// Whether the line may lie off the pixel.
  public var allowShifted = true
  /// Range of the angle, in degrees.
  public var angleRange = 0.0...360.0
  /// Range of the direction.
  public var directionRange = -1.0...1.0

  /// The transform with its defaults.
  public init() {}

  /// Draws size, angle, direction and shifts.
  public func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    let (shortest, longest) = (blurLimit.lowerBound / 2, blurLimit.upperBound / 2)
    let size = 2 * random.integer(shortest...longest) + 1
    let angle = random.uniform(angleRange)
    let direction = random.uniform(directionRange)
    guard allowShifted else { return Drawn(size: size, angle: angle, direction: direction) }
    let shiftX = random.uniform(-1...1)
    return Drawn(size: size, angle: angle, direction: direction, shiftX: shiftX, shiftY: random.uniform(-1...1))
  }

  /// Blurs.
  public func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    let kernel = Self.kernel(drawn)
    return .kernel { source, destination, message in
      unsafe cimaging_correlate(source, destination, kernel, Int32(drawn.size), message)
    }
  }

  /// Row by row; the cells on the line share 1.
  static func kernel(_ drawn: Drawn) -> [Float] {
    let cells = cells(drawn)
    var kernel = [Float](repeating: 0, count: drawn.size * drawn.size)
    for cell in cells { kernel[cell] = 1 / Float(cells.count) }
    return kernel
  }

  /// The cells that the line's `size` points fall into, each once.
  static func cells(_ drawn: Drawn) -> Set<Int> {
    let half = Double(drawn.size / 2)
    let start = -half * (1 - max(drawn.direction, 0))
    let end = half * (1 + min(drawn.direction, 0))
    let step = (end - start) / Double(drawn.size - 1)
    let angle = drawn.angle * (Double.pi / 180)
    let cells = (0..<drawn.size).map { index in
      let place = index == drawn.size - 1 ? end : Double(index) * step + start
      let x = half + cos(angle) * place + drawn.shiftX * half / 2
      let y = half + sin(angle) * place + drawn.shiftY * half / 2
      return cell(y, drawn.size) * drawn.size + cell(x, drawn.size)
    }
    return Set(cells)
  }

  private static func cell(_ place: Double, _ size: Int) -> Int {
    Int(min(max(place.rounded(.toNearestOrEven), 0), Double(size - 1)))
  }
}
