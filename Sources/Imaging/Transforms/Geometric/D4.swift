/// Mirrors and rotates an image by a random symmetry of the square. Grey, colour and alpha.
///
/// Source: Albumentations `D4`, OpenCV `flip`, `rotate` and `transpose`.
package struct D4: Transform {
  package struct Drawn: Codable, Sendable {
    /// As EXIF's number, 1 ... 8: 1 leaves the image as it is.
    package var orientation: Int

    package init(orientation: Int) { self.orientation = orientation }
  }

  package static let summary = "Mirrors and rotates the image by one of the eight symmetries of a square."
  /// 1, unlike most transforms, as in Albumentations.
  package static let defaultProbability = 1.0
  /// One of the eight draws.
  package static let identityProbability = 0.125
  package static let parameters: [Parameter<D4>] = []

  package init() {}

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    Drawn(orientation: random.integer(1...8))
  }

  package func fixed(at drawn: Drawn) -> PipelineNode? {
    (Orientation(rawValue: drawn.orientation) ?? .upright).steps
  }

  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    .geometry(.orientation(Orientation(rawValue: drawn.orientation) ?? .upright))
  }
}
