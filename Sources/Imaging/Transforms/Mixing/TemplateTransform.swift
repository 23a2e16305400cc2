/// Mixes the image with a template, a reference image scaled to its size. Grey and colour; a template of the other kind
/// is converted. What the template shows gets no labels.
///
/// Source: `TemplateTransform` of Albumentations 1.4, OpenCV `addWeighted`. Version 1.3 had a weight of its own for
/// templates, which is used where a file gives it, wanted templates of the size of the image, and cut off fractions.
package struct TemplateTransform: ReferenceTransform {
  package struct Drawn: Codable, Sendable {
    package var reference: ReferenceDraw
    package var imageWeight: Double
    package var templateWeight: Double

    package init(reference: ReferenceDraw, imageWeight: Double, templateWeight: Double) {
      (self.reference, self.imageWeight, self.templateWeight) = (reference, imageWeight, templateWeight)
    }
  }

  package static let summary = "Mixes the image with a template, scaled to its size."
  package static let parameters: [Parameter<TemplateTransform>] = [
    .references("templates"),
    .fixedOrRange("img_weight", \.imageWeight, in: 0...1, "weight of the image"),
    templateWeight,
  ]
  package static let unusedKeys = ["name", "__name__"]

  package var references = References()
  package var imageWeight = 0.5...0.5
  /// `nil`: what the weight of the image leaves.
  package var templateWeight: ClosedRange<Double>?

  package init() {}

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    let reference = references.draw(using: &random)
    let imageWeight = random.uniform(imageWeight)
    return Drawn(
      reference: reference, imageWeight: imageWeight,
      templateWeight: templateWeight.map { random.uniform($0) } ?? 1 - imageWeight)
  }

  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    guard shape.byteCount > 0 else { return .identity }
    return change(with: drawn.reference) { (source, reference, destination) throws(ImagingError) in
      try reference.withColor(source.shape.size, .linear) { (color) throws(ImagingError) in
        try destination.blend(source, weight: drawn.imageWeight, with: color, otherWeight: drawn.templateWeight)
      }
    }
  }

  private static let templateWeight = Parameter<TemplateTransform>(
    name: "template_weight", summary: "weight of the template, one number or two; null: what img_weight leaves",
    text: { $0.templateWeight.map { format($0) } ?? "null" }
  ) { value, root throws(ParameterError) in
    if case .null = value.content { return root.templateWeight = nil }
    root.templateWeight = try value.fixedOrRange(in: 0...1)
  }
}
