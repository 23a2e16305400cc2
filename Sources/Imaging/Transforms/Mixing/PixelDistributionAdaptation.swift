/// Gives the colours of an image the mean and spread of those of a reference image, in part. Grey and colour; a
/// reference image of the other kind is converted.
///
/// Source: Albumentations `PixelDistributionAdaptation`, OpenCV `PCACompute2`; within one level, because NumPy sums in
/// single precision. Albumentations 2.0.8 leaves the adapted colours between 0 and 1, which turns the image black; here
/// they are levels again, as in its earlier versions.
package struct PixelDistributionAdaptation: ReferenceTransform {
  package struct Drawn: Codable, Sendable {
    package var reference: ReferenceDraw
    /// The share of the adapted image in the result.
    package var blendRatio: Double

    package init(reference: ReferenceDraw, blendRatio: Double) {
      (self.reference, self.blendRatio) = (reference, blendRatio)
    }
  }

  package static let summary = "Gives the colours the mean and spread of those of a reference image."
  package static let parameters: [Parameter<PixelDistributionAdaptation>] = [
    .references("reference_images"),
    .fixedOrRange("blend_ratio", \.blendRatio, in: 0...1, "share of the adapted image in the result"),
    .choice("transform_type", \.scale, "principal axes, deviation or range of each channel"),
  ]

  package var references = References()
  package var blendRatio = 0.25...1.0
  package var scale = DistributionScale.pca

  package init() {}

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    let reference = references.draw(using: &random)
    return Drawn(reference: reference, blendRatio: random.uniform(blendRatio))
  }

  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    guard shape.byteCount > 0 else { return .identity }
    let scale = scale
    return change(with: drawn.reference) { (source, reference, destination) throws(ImagingError) in
      let shape = source.shape
      // A reference of another size is made as wide as the image is high, and the reverse: a slip of Albumentations
      // that does no harm where only the distribution counts.
      let size =
        reference.color.shape.size == shape.size ? shape.size : ImageSize(width: shape.height, height: shape.width)
      try reference.withColor(size, .area) { (color) throws(ImagingError) in
        try destination.adaptDistribution(of: source, to: color, scale, ratio: drawn.blendRatio)
      }
    }
  }

  package var warnings: [String] {
    blendRatio.upperBound < 0.5 / 255 ? ["a blend_ratio this small changes no pixel by a level"] : []
  }
}
