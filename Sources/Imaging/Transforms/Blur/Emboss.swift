internal import CImaging

/// Lets edges stand out as if lit from a corner. Grey and colour.
///
/// Source: Albumentations `Emboss`, OpenCV `filter2D` with `BORDER_REFLECT_101`.
package struct Emboss: Transform {
  package struct Drawn: Codable, Sendable {
    /// Share of the embossed image in the result, 0 ... 1.
    package var alpha: Double
    /// Height of the relief.
    package var strength: Double

    package init(alpha: Double, strength: Double) {
      self.alpha = alpha
      self.strength = strength
    }
  }

  package static let summary = "Lets edges stand out like a relief."
  package static let parameters: [Parameter<Emboss>] = [
    .range("alpha", \.alpha, in: 0...1, "share of the embossed image in the result"),
    .range("strength", \.strength, in: 0...1e6, "height of the relief"),
  ]

  /// Range of the share of the embossed image.
  package var alpha = 0.2...0.5
  /// Range of the height of the relief.
  package var strength = 0.2...0.7

  package init() {}

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    let alpha = random.uniform(alpha)
    return Drawn(alpha: alpha, strength: random.uniform(strength))
  }

  package func fixed(at drawn: Drawn) -> PipelineNode? {
    always { ($0.alpha, $0.strength) = (.only(drawn.alpha), .only(drawn.strength)) }
  }

  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    let kernel = Self.kernel(drawn)
    return .kernel { source, destination, message in
      unsafe cimaging_correlate(source, destination, kernel, 3, message)
    }
  }

  /// 3 × 3 weights in row-major order.
  static func kernel(_ drawn: Drawn) -> [Float] {
    let (alpha, strength) = (Float(drawn.alpha), Float(drawn.strength))
    let (corner, side) = (alpha * Float(1 + drawn.strength), alpha * strength)
    return [-corner, -side, 0, -side, Float(1 - drawn.alpha) + alpha, side, 0, side, corner]
  }

  package var warnings: [String] { alpha.upperBound * 255 < 0.5 ? ["an alpha this small changes no pixel"] : [] }
}
