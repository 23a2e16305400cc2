internal import CImaging
internal import Glibc

/// A lens out of focus: each point becomes a disk with a soft edge. Grey and colour.
///
/// Source: Albumentations `Defocus`, OpenCV `filter2D` with `BORDER_REFLECT_101`, which filters kernels of this size by
/// Fourier transforms: rounding may differ by a level at a tie.
package struct Defocus: Transform {
  package struct Drawn: Codable, Sendable {
    /// Radius of the disk in pixels.
    package var radius: Int
    /// Standard deviation of its edge's blur in pixels.
    package var aliasBlur: Double

    package init(radius: Int, aliasBlur: Double) {
      self.radius = radius
      self.aliasBlur = aliasBlur
    }
  }

  package static let summary = "Blurs like a lens out of focus."
  package static let parameters: [Parameter<Defocus>] = [
    .integers("radius", \.radius, in: 1...250, lowest: 1, "radius of the disk in pixels"),
    .range("alias_blur", \.aliasBlur, in: 0...1000, lowest: 0, "standard deviation of the blur of its edge in pixels"),
  ]

  /// Range of the radius in pixels.
  package var radius = 3...10
  /// Range of the standard deviation of the edge's blur in pixels.
  package var aliasBlur = 0.1...0.5

  package init() {}

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    let radius = random.integer(radius)
    return Drawn(radius: radius, aliasBlur: random.uniform(aliasBlur))
  }

  package func fixed(at drawn: Drawn) -> PipelineNode? {
    always { ($0.radius, $0.aliasBlur) = (.only(drawn.radius), .only(drawn.aliasBlur)) }
  }

  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    let (kernel, size) = (Self.kernel(drawn), 2 * Self.reach(drawn) + 1)
    return .kernel { source, destination, message in
      unsafe cimaging_correlate(source, destination, kernel, Int32(size), message)
    }
  }

  /// Half the side of the kernel.
  private static func reach(_ drawn: Drawn) -> Int { max(8, drawn.radius) }

  /// The blurred disk row by row.
  static func kernel(_ drawn: Drawn) -> [Float] {
    let (reach, square) = (reach(drawn), drawn.radius * drawn.radius)
    let disk = (-reach...reach).flatMap { y in (-reach...reach).map { x in x * x + y * y <= square ? 1.0 : 0.0 } }
    let share = Double(1 / Float(disk.reduce(0, +)))
    let (side, taps) = (2 * reach + 1, taps(drawn))
    let rows = blurred(disk.map { $0 * share }, side, taps, step: 1)
    return blurred(rows, side, taps, step: side).map { Float($0) }
  }

  /// Half the Gaussian of 3 or 5 taps, from the middle outward; OpenCV's own at a sigma of 0.
  private static func taps(_ drawn: Drawn) -> [Double] {
    let radius = drawn.radius <= 8 ? 1 : 2
    if drawn.aliasBlur == 0 { return radius == 1 ? [0.5, 0.25] : [0.375, 0.25, 0.0625] }
    let weights = (0...radius).map { exp(-0.5 * Double($0 * $0) / (drawn.aliasBlur * drawn.aliasBlur)) }
    let sum = 2 * weights.reduce(0, +) - weights[0]
    return weights.map { $0 / sum }
  }

  /// Blurs a square along rows (`step` 1) or columns (`step` its side), reflecting it beyond its edge.
  private static func blurred(_ cells: [Double], _ side: Int, _ taps: [Double], step: Int) -> [Double] {
    cells.indices.map { cell in
      let place = cell / step % side
      return (1..<taps.count).reduce(taps[0] * cells[cell]) { sum, distance in
        let before = abs(place - distance)
        let after = place + distance < side ? place + distance : 2 * (side - 1) - place - distance
        return sum + taps[distance] * (cells[cell + (before - place) * step] + cells[cell + (after - place) * step])
      }
    }
  }
}
