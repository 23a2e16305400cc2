/// Gives each channel the distribution of levels of a reference image, in part. Grey and colour; a reference image of
/// the other kind is converted.
///
/// Source: Albumentations `HistogramMatching`, NumPy `interp`; the mixture may be off by one level with processors for
/// which its library rounds differently. Images of one row or column, whose channels Albumentations takes for one, are
/// matched channel by channel too.
package struct HistogramMatching: ReferenceTransform {
  package struct Drawn: Codable, Sendable {
    package var reference: ReferenceDraw
    /// The share of the matched image in the result.
    package var blendRatio: Double

    package init(reference: ReferenceDraw, blendRatio: Double) {
      (self.reference, self.blendRatio) = (reference, blendRatio)
    }
  }

  package static let summary = "Gives each channel the distribution of levels of a reference image."
  package static let parameters: [Parameter<HistogramMatching>] = [
    .references("reference_images"),
    .fixedOrRange("blend_ratio", \.blendRatio, in: 0...1, "share of the matched image in the result"),
  ]

  package var references = References()
  package var blendRatio = 0.5...1.0

  package init() {}

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    let reference = references.draw(using: &random)
    return Drawn(reference: reference, blendRatio: random.uniform(blendRatio))
  }

  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    guard shape.byteCount > 0 else { return .identity }
    return change(with: drawn.reference) { (source, reference, destination) throws(ImagingError) in
      try reference.withColor(source.shape.size, .linear) { (color) throws(ImagingError) in
        try destination.matchHistogram(of: source, to: color, ratio: drawn.blendRatio)
      }
    }
  }

  package var warnings: [String] {
    blendRatio.upperBound < 0.5 / 255 ? ["a blend_ratio this small changes no pixel by a level"] : []
  }
}
