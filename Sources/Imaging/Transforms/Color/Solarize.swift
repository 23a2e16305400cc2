/// Inverts the values from a threshold on. Grey and colour.
///
/// Source: Albumentations `Solarize`, which inverts a value equal to the threshold too, unlike its documentation.
package struct Solarize: Transform {
  package struct Drawn: Codable, Sendable {
    /// Lowest value that is inverted, as a share of 255.
    package var threshold: Double

    package init(threshold: Double) { self.threshold = threshold }
  }

  package static let summary = "Inverts every value that is not below a threshold."
  package static let parameters: [Parameter<Solarize>] = [
    .range("threshold_range", \.thresholdRange, in: 0...1, "lowest value that is inverted, as a share of 255")
  ]

  /// Range of the threshold as a share of 255.
  package var thresholdRange = 0.5...0.5

  package init() {}

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    Drawn(threshold: random.uniform(thresholdRange))
  }

  package func fixed(at drawn: Drawn) -> PipelineNode? { always { $0.thresholdRange = .only(drawn.threshold) } }

  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    let threshold = drawn.threshold * 255
    return .lookup(LookupTable { Double($0) >= threshold ? 255 - $0 : $0 })
  }
}
