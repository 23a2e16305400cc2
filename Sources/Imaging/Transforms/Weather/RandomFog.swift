internal import CImaging

/// Covers the image with white translucent discs, most of them at its centre, and blurs it. Colour only.
///
/// Source: Albumentations `RandomFog`, OpenCV `circle`, `addWeighted` and `GaussianBlur`.
package struct RandomFog: Transform {
  package struct Drawn: Codable, Sendable {
    /// Number, size and opacity of the discs, 0 ... 1.
    package var intensity: Double
    /// Draws every disc.
    package var seed: UInt64

    package init(intensity: Double, seed: UInt64) { (self.intensity, self.seed) = (intensity, seed) }
  }

  /// In pixels.
  package struct Disc: Sendable {
    package var x: Int
    package var y: Int
    package var radius: Int

    package init(x: Int, y: Int, radius: Int) { (self.x, self.y, self.radius) = (x, y, radius) }
  }

  package static let summary = "Covers the image with translucent white discs and blurs it."
  package static let parameters: [Parameter<RandomFog>] = [
    .number("alpha_coef", \.alphaCoef, in: 0...1, "opacity of a disc per unit of intensity"),
    .range("fog_coef_range", \.fogCoefRange, in: 0...1, lowest: 0, "intensity: number, size and opacity of the discs"),
  ]

  package var alphaCoef = 0.08
  /// Range of the intensity.
  package var fogCoefRange = 0.3...1.0

  package init() {}

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    let intensity = random.uniform(fogCoefRange)
    return Drawn(intensity: intensity, seed: random.next())
  }

  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    guard shape.channels == 3 else { return .inapplicable("it needs a colour image") }
    guard shape.byteCount > 0 else { return .identity }
    let patches = patches(drawn.intensity, shape)
    guard patches.reduce(0, { $0 + $1.count }) <= Self.mostDiscs else {
      return .inapplicable("at so low an intensity its fog would have millions of discs")
    }
    var random = RandomStream(seed: drawn.seed)
    let radii = Self.radii(drawn.intensity, shape)
    let discs = patches.flatMap { patch in
      (0..<patch.count).map { _ in
        let x = random.integer(patch.x)
        let y = random.integer(patch.y)
        return Disc(x: x, y: y, radius: random.integer(radii))
      }
    }
    return operation(discs, intensity: drawn.intensity, for: shape)
  }

  /// Fog of given discs.
  package func operation(_ discs: [Disc], intensity: Double, for shape: ImageShape) -> Operation {
    let numbers = discs.flatMap { [coordinate($0.x), coordinate($0.y), coordinate($0.radius)] }
    let table = Self.whitened(by: alphaCoef * intensity)
    let cover = Operation.kernel { source, destination, message in
      unsafe cimaging_cover_with_discs(source, destination, numbers, discs.count, table, message)
    }
    let size = max(3, min(shape.width, shape.height) / 30) | 1
    let blur = Operation.kernel { source, destination, message in
      unsafe cimaging_gaussian_blur(source, destination, Int32(size), 0, message)
    }
    return .sequence([cover, blur])
  }

  /// Blends each level with white, in single precision with one rounding of product and sum.
  private static func whitened(by opacity: Double) -> [UInt8] {
    let (share, rest) = (Float(opacity), Float(1 - opacity))
    return (0..<256).map { level in
      let blended = (Float(level) * rest).addingProduct(255, share)
      return UInt8(min(max(blended.rounded(.toNearestOrEven), 0), 255))
    }
  }
}

extension RandomFog {
  /// More than any intensity that shows needs.
  private static let mostDiscs = 1_000_000

  /// A rectangle about the centre, and the number of discs whose centres lie in it.
  private struct Patch {
    var x: ClosedRange<Int>
    var y: ClosedRange<Int>
    var count: Int
  }

  /// Up to ten rectangles, each nine tenths of the one before.
  private func patches(_ intensity: Double, _ shape: ImageShape) -> [Patch] {
    let least = max(1, Int(Double(shape.width / 3) * intensity))
    // Halves of a pixel are cut toward zero.
    let center = (x: max(0, shape.width - 1) / 2, y: max(0, shape.height - 1) / 2)
    var (width, height) = (shape.width, shape.height)
    var patches: [Patch] = []
    while width > least && height > least && patches.count < 10 {
      let count = Int(Double(width * height) / Double(least * least) * intensity * 10)
      patches.append(
        Patch(
          x: center.x - width / 2...center.x + width / 2, y: center.y - height / 2...center.y + height / 2,
          count: count))
      (width, height) = (Int(Double(width) * 0.9), Int(Double(height) * 0.9))
    }
    return patches
  }

  private static func radii(_ intensity: Double, _ shape: ImageShape) -> ClosedRange<Int> {
    let most = max(2, Int(Double(min(shape.width, shape.height)) * 0.1 * intensity))
    return max(1, most / 2)...most - 1
  }
}
