/// At most one black stripe of `XYMasking`.
protocol StripeMasking: Transform where Drawn == Holes {
  var stripes: XYMasking { get }
}

extension StripeMasking {
  package func sample(for context: SampleContext, using random: inout RandomStream) -> Holes {
    stripes.sample(for: context, using: &random)
  }

  package func operation(_ drawn: Holes, for shape: ImageShape) -> Operation { stripes.operation(drawn, for: shape) }
}
