/// Fourier domain adaptation: gives low frequencies the amplitudes that they have in a reference image, and keeps their
/// phases. Grey and colour; a reference image of the other kind is converted.
///
/// Source: Albumentations `FDA`, NumPy `fft2`; within one level, because both transform in single precision and cut off
/// fractions: where nothing changes, Albumentations darkens some pixels by a level. A synthetic image without amplitude
/// at some frequency has no phase there but rounding noise, which the reference amplifies; such images differ.
package struct FDA: ReferenceTransform {
  package struct Drawn: Codable, Sendable {
    package var reference: ReferenceDraw
    /// Half the side of the square of frequencies that are exchanged, as a share of the image's shorter side.
    package var beta: Double

    package init(reference: ReferenceDraw, beta: Double) { (self.reference, self.beta) = (reference, beta) }
  }

  package static let summary = "Gives low frequencies the amplitudes that they have in a reference image."
  package static let parameters: [Parameter<FDA>] = [
    .references("reference_images"),
    .range(
      "beta_limit", \.betaLimit, in: 0...0.5, lowest: 0,
      "frequencies that are exchanged, as a share of the shorter side"),
  ]

  package var references = References()
  package var betaLimit = 0...0.1

  package init() {}

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    let reference = references.draw(using: &random)
    return Drawn(reference: reference, beta: random.uniform(betaLimit))
  }

  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    guard shape.byteCount > 0 else { return .identity }
    let share = min(max(drawn.beta, 0), 0.5)
    return change(with: drawn.reference) { (source, reference, destination) throws(ImagingError) in
      try reference.withColor(source.shape.size, .linear) { (color) throws(ImagingError) in
        try destination.exchangeAmplitudes(of: source, with: color, share: share)
      }
    }
  }

  package var warnings: [String] { betaLimit.upperBound == 0 ? ["a beta_limit of 0 changes nothing"] : [] }
}
