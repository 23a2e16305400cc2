/// At most one black stripe of `XYMasking`.
protocol StripeMasking: Transform where Drawn == Holes {
  var stripes: XYMasking { get }
}

extension StripeMasking {
  package func sample(for context: SampleContext, using random: inout RandomStream) -> Holes {
    stripes.sample(for: context, using: &random)
  }

  /// No parameter holds the place of a stripe.
  package func fixed(at drawn: Holes) -> PipelineNode? { drawn.holes.isEmpty ? .noOp(p: 1) : nil }

  package func operation(_ drawn: Holes, for shape: ImageShape) -> Operation { stripes.operation(drawn, for: shape) }
}
