internal import CImaging
internal import Glibc

/// Motion blur along a straight line. Grey and colour.
///
/// Source: Albumentations `MotionBlur`, OpenCV `filter2D` with `BORDER_REFLECT_101`.
package struct MotionBlur: Transform {
  package struct Drawn: Codable, Sendable {
    /// Side length of the kernel in pixels, odd.
    package var size: Int
    /// In degrees, clockwise on screen because y grows downward.
    package var angle: Double
    /// Position of the line relative to the pixel: −1 behind, 0 centred, 1 ahead.
    package var direction: Double
    /// Shift of the line to the right in quarters of the kernel size, −1 ... 1.
    package var shiftX: Double
    /// The same shift downward.
    package var shiftY: Double

    package init(size: Int, angle: Double, direction: Double, shiftX: Double = 0, shiftY: Double = 0) {
      self.size = size
      self.angle = angle
      self.direction = direction
      self.shiftX = shiftX
      self.shiftY = shiftY
    }
  }

  package static let summary = "Blurs along a line, like camera motion."
  package static let parameters: [Parameter<MotionBlur>] = [
    .kernelSizes(\.blurLimit, "length in pixels"),
    .flag("allow_shifted", \.allowShifted, "whether the line may be offset from the pixel"),
    .range("angle_range", \.angleRange, in: 0...360, "direction in degrees, clockwise from the right"),
    .range("direction_range", \.directionRange, in: -1...1, "-1 blurs backward, 0 in both directions, 1 forward"),
  ]

  /// Range of the kernel size in pixels.
  package var blurLimit = 3...7
  /// Whether the line may be offset from the pixel.
  package var allowShifted = true
  /// Range of the angle in degrees.
  package var angleRange = 0.0...360.0
  package var directionRange = -1.0...1.0

  package init() {}

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    let size = random.kernelSize(blurLimit)
    let angle = random.uniform(angleRange)
    let direction = random.uniform(directionRange)
    guard allowShifted else { return Drawn(size: size, angle: angle, direction: direction) }
    let shiftX = random.uniform(-1...1)
    return Drawn(size: size, angle: angle, direction: direction, shiftX: shiftX, shiftY: random.uniform(-1...1))
  }

  /// No parameter holds a shift.
  package func fixed(at drawn: Drawn) -> PipelineNode? {
    guard drawn.shiftX == 0, drawn.shiftY == 0 else { return nil }
    return always {
      ($0.blurLimit, $0.allowShifted) = (.only(drawn.size), false)
      ($0.angleRange, $0.directionRange) = (.only(drawn.angle), .only(drawn.direction))
    }
  }

  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    let kernel = Self.kernel(drawn)
    return .kernel { source, destination, message in
      unsafe cimaging_correlate(source, destination, kernel, Int32(drawn.size), message)
    }
  }

  /// `size` × `size` weights in row-major order; the cells on the line share a sum of 1.
  static func kernel(_ drawn: Drawn) -> [Float] {
    let cells = cells(drawn)
    var kernel = [Float](repeating: 0, count: drawn.size * drawn.size)
    for cell in cells { kernel[cell] = 1 / Float(cells.count) }
    return kernel
  }

  /// Row-major indices of the cells hit by `size` points sampled evenly along the line.
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
