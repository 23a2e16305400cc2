internal import CImaging

/// The mean of the image and enlargements of its middle, as if zoomed during the exposure. Grey and colour.
///
/// Source: Albumentations `ZoomBlur`, OpenCV `resize` of floats; within one level.
package struct ZoomBlur: Transform {
  package struct Drawn: Codable, Sendable {
    /// The enlargements end below it.
    package var maxFactor: Double
    /// Distance from one enlargement to the next, beginning with 1.
    package var stepFactor: Double

    package init(maxFactor: Double, stepFactor: Double) {
      self.maxFactor = maxFactor
      self.stepFactor = stepFactor
    }
  }

  package static let summary = "Blurs outward from the middle, as if zoomed during the exposure."
  package static let parameters: [Parameter<ZoomBlur>] = [
    .range("max_factor", \.maxFactor, in: 1...100, lowest: 1, "largest enlargement"),
    .range(
      "step_factor", \.stepFactor, in: 0...100, lowest: 0,
      "distance from one enlargement to the next; images are skipped at more than \(mostFactors) enlargements"),
  ]

  /// The effort grows with the number of enlargements.
  private static let mostFactors = 1000

  /// Range of the largest enlargement.
  package var maxFactor = 1.0...1.31
  /// Range of the distance from one enlargement to the next.
  package var stepFactor = 0.01...0.03

  package init() {}

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    let step = random.uniform(stepFactor)
    return Drawn(maxFactor: max(1 + step, random.uniform(maxFactor)), stepFactor: step)
  }

  package func fixed(at drawn: Drawn) -> PipelineNode? {
    always {
      $0.stepFactor = .only(drawn.stepFactor)
      // A step may lead beyond the limit of the parameter, which `sample` makes up for.
      $0.maxFactor = .only(min(drawn.maxFactor, 100))
    }
  }

  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    let count = ((drawn.maxFactor - 1) / drawn.stepFactor).rounded(.up)
    guard (1...Double(Self.mostFactors)).contains(count) else {
      return .inapplicable("a step of \(format(drawn.stepFactor)) makes too many enlargements, or none")
    }
    // As NumPy's `arange` rounds them.
    let step = (1 + drawn.stepFactor) - 1
    let factors = (0..<Int(count)).map { 1 + Double($0) * step }
    return .kernel { source, destination, message in
      unsafe cimaging_zoom_blur(source, destination, factors, Int32(factors.count), message)
    }
  }
}
