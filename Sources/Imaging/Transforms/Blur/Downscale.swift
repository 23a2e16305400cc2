internal import CImaging

/// Loses detail: shrinks and enlarges again. Grey and colour.
///
/// Source: Albumentations `Downscale`, OpenCV `resize`. With OpenCV 5.0, `INTER_NEAREST_EXACT` picks other pixels at
/// most scales, and `INTER_CUBIC` is up to two levels away.
package struct Downscale: Transform {
  /// How values between pixels are computed. Raw values are OpenCV's.
  package struct Interpolations: Hashable, Sendable {
    package var downscale: Int
    package var upscale: Int

    package init(downscale: Int = 0, upscale: Int = 0) { (self.downscale, self.upscale) = (downscale, upscale) }

    /// OpenCV's constants up to `INTER_NEAREST_EXACT`.
    static let known = 0...6
  }

  package struct Drawn: Codable, Sendable {
    /// Share of each side that is left between both steps.
    package var scale: Double

    package init(scale: Double) { self.scale = scale }
  }

  package static let summary = "Loses detail by shrinking and enlarging again."
  package static let parameters: [Parameter<Downscale>] = [
    .range("scale_range", \.scaleRange, in: 0...1, "share of each side that is left in between"),
    .interpolations("interpolation_pair", \.interpolationPair, "how values between pixels are computed"),
  ]

  /// Range of the share of each side that is left in between.
  package var scaleRange = 0.25...0.25
  package var interpolationPair = Interpolations()

  package init() {}

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    Drawn(scale: random.uniform(scaleRange))
  }

  package func fixed(at drawn: Drawn) -> PipelineNode? { always { $0.scaleRange = .only(drawn.scale) } }

  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    // Albumentations fails where a side rounds to nothing; there is no detail to lose there.
    let least = (Double(min(shape.width, shape.height)) * drawn.scale).rounded(.toNearestOrEven)
    guard least >= 1 else { return .identity }
    let (shrinking, enlarging) = (Int32(interpolationPair.downscale), Int32(interpolationPair.upscale))
    return .kernel { source, destination, message in
      var downscaling = cimaging_downscaling(scale: drawn.scale, shrinking: shrinking, enlarging: enlarging)
      return unsafe cimaging_downscale(source, destination, &downscaling, message)
    }
  }

  package var warnings: [String] { scaleRange.lowerBound == 1 ? ["a scale of 1 loses nothing"] : [] }
}

extension Parameter {
  /// `{"upscale": 0, "downscale": 0}`, OpenCV's constants.
  fileprivate static func interpolations(
    _ name: String, _ path: Field<Downscale.Interpolations>, _ summary: String
  ) -> Parameter {
    Parameter(
      name: name, summary: "\(summary): {\"upscale\": 0 ... 6, \"downscale\": 0 ... 6}",
      text: { #"{"upscale": \#($0[keyPath: path].upscale), "downscale": \#($0[keyPath: path].downscale)}"# }
    ) { value, root throws(ParameterError) in
      guard case .object(let entries) = value.content else {
        throw ParameterError("must have \"upscale\" and \"downscale\", not \(value.description)")
      }
      var pair = Downscale.Interpolations()
      for entry in entries {
        let number = try entry.value.integer(in: Downscale.Interpolations.known)
        switch entry.key {
        case "upscale": pair.upscale = number
        case "downscale": pair.downscale = number
        default: throw ParameterError("must have \"upscale\" and \"downscale\", not \(quoted(entry.key))")
        }
      }
      root[keyPath: path] = pair
    }
  }
}
