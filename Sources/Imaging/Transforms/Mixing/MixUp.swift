internal import Glibc

/// Mixes the image with a reference image, scaled to its size, by a share drawn from a beta distribution. Grey and
/// colour; a reference image of the other kind is converted. The objects of both are labelled.
///
/// Source: `MixUp` of Albumentations 1.4, OpenCV `addWeighted`. There the reference must have the size of the image, and
/// boxes are refused; a class for the whole image, which it mixes too, has no place in label files.
package struct MixUp: ReferenceTransform {
  package struct Drawn: Codable, Sendable {
    package var reference: ReferenceDraw
    /// The share of the image itself.
    package var share: Double

    package init(reference: ReferenceDraw, share: Double) { (self.reference, self.share) = (reference, share) }
  }

  package static let summary = "Mixes the image and its objects with a reference image."
  package static let bringsObjects = true
  package static let parameters: [Parameter<MixUp>] = [
    .references("reference_data"),
    .number(
      "alpha", \.alpha, in: 0.001...1, "both parameters of the beta distribution: near 0, one image hides the other"),
  ]
  package static let unusedKeys = ["read_fn", "mix_coef_return_name"]

  package var references = References()
  package var alpha = 0.4

  package init() {}

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    let reference = references.draw(using: &random)
    return Drawn(reference: reference, share: random.beta(alpha))
  }

  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    guard shape.byteCount > 0 else { return .identity }
    guard let (library, index) = references.image(of: drawn.reference) else {
      return .inapplicable(references.reason(toSkip: drawn.reference))
    }
    var merge = Merge(own: []) { (source, destination) throws(ImagingError) in
      let reference = try library.pixels(index, channels: source.shape.channels)
      try reference.withColor(source.shape.size, .linear) { (color) throws(ImagingError) in
        try destination.blend(source, weight: drawn.share, with: color, otherWeight: 1 - drawn.share)
      }
    }
    merge.add(library, index, [.geometry(.resize(width: shape.width, height: shape.height))])
    return .merge(merge)
  }
}

extension RandomStream {
  /// Beta with both parameters `alpha`, more than 0 and at most 1, by Jöhnk's method; in logarithms, because the powers
  /// of a small parameter vanish.
  fileprivate mutating func beta(_ alpha: Double) -> Double {
    while true {
      let (first, second) = (log(1 - uniform()) / alpha, log(1 - uniform()) / alpha)
      if exp(first) + exp(second) <= 1 { return 1 / (1 + exp(second - first)) }
    }
  }
}
