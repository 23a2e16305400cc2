/// Mirrors and rotates an image by a random symmetry of the square. Grey, colour and alpha.
///
/// Source: Albumentations `SquareSymmetry`, another name for its `D4`.
package struct SquareSymmetry: Transform {
  package static let summary = D4.summary
  package static let defaultProbability = D4.defaultProbability
  package static let identityProbability = D4.identityProbability
  package static let parameters: [Parameter<SquareSymmetry>] = []

  package init() {}

  package func sample(for context: SampleContext, using random: inout RandomStream) -> D4.Drawn {
    D4().sample(for: context, using: &random)
  }

  package func fixed(at drawn: D4.Drawn) -> PipelineNode? { D4().fixed(at: drawn) }

  package func operation(_ drawn: D4.Drawn, for shape: ImageShape) -> Operation {
    D4().operation(drawn, for: shape)
  }
}
