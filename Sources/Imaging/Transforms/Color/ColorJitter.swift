internal import CImaging

/// Changes brightness, contrast, saturation and hue, in random order. Colour; of grey images brightness and contrast.
///
/// Source: Albumentations `ColorJitter`, OpenCV `addWeighted` and `cvtColor` between RGB, grey and 8-bit HSV.
package struct ColorJitter: Transform {
  package enum Step: Int, CaseIterable, Codable, Sendable {
    case brightness, contrast, saturation, hue
  }

  package struct Drawn: Codable, Sendable {
    /// Factors; 1 changes nothing.
    package var brightness, contrast, saturation: Double
    /// Shift as a share of the full circle.
    package var hue: Double
    package var order: [Step]
  }

  package static let summary = "Changes brightness, contrast, saturation and hue, in random order."
  package static let parameters: [Parameter<ColorJitter>] = [
    .aroundOne("brightness", \.brightness, "factor on all values"),
    .aroundOne("contrast", \.contrast, "factor on the distance from the image's mean grey level"),
    .aroundOne("saturation", \.saturation, "factor on the distance from the pixel's grey level"),
    .range("hue", \.hue, in: .anyNumber, "hue shift as a share of the full circle; beyond 0.5 it comes round"),
  ]

  package var brightness = 0.8...1.2
  package var contrast = 0.8...1.2
  package var saturation = 0.8...1.2
  /// Range of the shift as a share of the full circle.
  package var hue = -0.5...0.5

  package init() {}

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    let (brightness, contrast) = (random.uniform(brightness), random.uniform(contrast))
    let (saturation, hue) = (random.uniform(saturation), random.uniform(hue))
    let order = random.permutation(Step.allCases.count).map { Step.allCases[$0] }
    return Drawn(brightness: brightness, contrast: contrast, saturation: saturation, hue: hue, order: order)
  }

  /// A transform for each step: no parameter holds their order.
  package func fixed(at drawn: Drawn) -> PipelineNode? {
    let steps = drawn.order.map { step in
      always {
        ($0.brightness, $0.contrast, $0.saturation, $0.hue) = (.only(1), .only(1), .only(1), .only(0))
        switch step {
        case .brightness: $0.brightness = .only(drawn.brightness)
        case .contrast: $0.contrast = .only(drawn.contrast)
        case .saturation: $0.saturation = .only(drawn.saturation)
        case .hue: $0.hue = .only(drawn.hue)
        }
      }
    }
    return .sequential(steps, p: 1)
  }

  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    .sequence(drawn.order.map { Self.operation($0, drawn, for: shape) })
  }

  private static func operation(_ step: Step, _ drawn: Drawn, for shape: ImageShape) -> Operation {
    switch step {
    case .brightness: .lookup(.linear(slope: Float(drawn.brightness)))
    case .contrast: contrast(drawn.contrast)
    case .saturation: shape.channels == 3 ? saturation(drawn.saturation) : .identity
    case .hue: shape.channels == 3 ? hue(drawn.hue) : .identity
    }
  }

  private static func contrast(_ factor: Double) -> Operation {
    if factor == 1 { return .identity }
    return .pixels { (source, destination) throws(ImagingError) in
      let mean = try source.grayMean()
      // Without contrast the mean is rounded, as in Albumentations; else the values are truncated.
      let offset = factor == 0 ? (mean + 0.5).rounded(.down) : mean * (1 - factor)
      try LookupTable.linear(slope: Float(factor), offset: Float(offset)).apply(to: source, into: &destination)
    }
  }

  private static func saturation(_ factor: Double) -> Operation {
    if factor == 1 { return .identity }
    return .kernel { source, destination, message in unsafe cimaging_saturate(source, destination, factor, message) }
  }

  private static func hue(_ shift: Double) -> Operation {
    if shift == 0 { return .identity }
    let hues = HueSaturationValue.hues(shiftedBy: 180 * shift)
    let same = LookupTable.identity.values
    return .kernel { source, destination, message in
      unsafe cimaging_lookup_hsv(source, destination, hues, same, same, message)
    }
  }

  package var warnings: [String] {
    let most =
      [brightness, contrast, saturation].map { max(abs($0.lowerBound - 1), abs($0.upperBound - 1)) }.max() ?? 0
    let isStill = most * 255 < 1 && max(abs(hue.lowerBound), abs(hue.upperBound)) * 180 < 1
    return isStill ? ["no value changes by more than one of 255 levels"] : []
  }
}

extension Parameter where Root == ColorJitter {
  /// A range of factors. A single number x means 1 − x ... 1 + x, not below 0.
  fileprivate static func aroundOne(
    _ name: String, _ path: Field<ClosedRange<Double>>, _ summary: String
  ) -> Parameter {
    Parameter(name: name, summary: summary, text: { format($0[keyPath: path]) }) { value, root throws(ParameterError) in
      let limits = 0...1e6
      guard case .number = value.content else { return root[keyPath: path] = try value.range(in: limits, lowest: 0) }
      let spread = try value.number(in: limits)
      root[keyPath: path] = max(0, 1 - spread)...min(1 + spread, limits.upperBound)
    }
  }
}
