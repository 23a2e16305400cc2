/// Rotates an image by a multiple of 90 degrees. Grey, colour and alpha.
///
/// Source: Albumentations `RandomRotate90`, OpenCV `rotate`.
package struct RandomRotate90: Transform {
  package struct Drawn: Codable, Sendable {
    /// Quarter rotations counter-clockwise, 0 ... 3.
    package var quarters: Int

    package init(quarters: Int) { self.quarters = quarters }
  }

  package static let summary = "Rotates the image counter-clockwise by 0, 90, 180 or 270 degrees, equally likely."
  /// 1, unlike most transforms, as in Albumentations.
  package static let defaultProbability = 1.0
  /// One of the four draws is 0 degrees.
  package static let identityProbability = 0.25
  package static let parameters: [Parameter<RandomRotate90>] = []

  package init() {}

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    Drawn(quarters: random.integer(0...3))
  }

  package func fixed(at drawn: Drawn) -> PipelineNode? { orientation(drawn).steps }

  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    .geometry(.orientation(orientation(drawn)))
  }

  private func orientation(_ drawn: Drawn) -> Orientation {
    [.upright, .rotate270, .rotate180, .rotate90][drawn.quarters & 3]
  }
}
