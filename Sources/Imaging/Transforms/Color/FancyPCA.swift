internal import CImaging

/// Shifts colours along the axes of their variance, each by a random amount. Colour; of grey images it changes the
/// contrast.
///
/// Source: Albumentations `FancyPCA`, within one level: its means are summed in single precision. It moves a pixel by
/// its own deviation from the mean, unlike the colour shift of AlexNet, and takes the sign of an axis as LAPACK leaves
/// it; here the largest component is positive, which changes no distribution.
package struct FancyPCA: Transform {
  package struct Drawn: Codable, Sendable {
    /// A factor for each axis, the one of the largest variance first; of grey images the first counts.
    package var alphas: [Double]
  }

  package static let summary = "Shifts colours along the main axes of their variance."
  package static let parameters: [Parameter<FancyPCA>] = [
    .number("alpha", \.alpha, in: 0...1e6, "standard deviation of the factors")
  ]

  package var alpha = 0.1

  package init() {}

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    Drawn(alphas: (0..<context.shape.channels).map { _ in random.normal(standardDeviation: alpha) })
  }

  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    if shape.channels == 1, let alpha = drawn.alphas.first { return Self.contrast(alpha) }
    guard drawn.alphas.count == 3 else { return .inapplicable("it has a factor for grey images") }
    return .pixels { (source, destination) throws(ImagingError) in
      let matrix = Self.matrix(drawn.alphas, try source.colorDistribution(), of: source.shape)
      unsafe try destination.fill(source.shape, from: source) { source, destination, message in
        unsafe cimaging_affine_color(source, destination, matrix, message)
      }
    }
  }

  /// Three rows of three weights and an offset in levels: value + Σ axis × alpha × variance × deviation.
  private static func matrix(_ alphas: [Double], _ colors: ColorDistribution, of shape: ImageShape) -> [Float] {
    let count = Double(shape.width * shape.height)
    // A single pixel has no variance.
    let axes = colors.scatter.scaled(by: 1 / (max(count - 1, 1) * 255 * 255)).axes
    let signs = axes.map { $0.vector.max { abs($0) < abs($1) } ?? 1 < 0 ? -1.0 : 1 }
    return (0..<3).flatMap { row -> [Float] in
      let weights = (0..<3).map { signs[$0] * axes[$0].vector[row] * alphas[$0] * axes[$0].value }
      let offset = -zip(weights, colors.means).reduce(0) { $0 + $1.0 * $1.1 }
      return weights.indices.map { Float(weights[$0] + ($0 == row ? 1 : 0)) } + [Float(offset)]
    }
  }

  /// value + alpha × standard deviation × deviation from the mean, in shares of 255.
  private static func contrast(_ alpha: Double) -> Operation {
    .pixels { (source, destination) throws(ImagingError) in
      let histogram = try source.histograms()[0]
      let (mean, deviation) = (histogram.mean, histogram.standardDeviation)
      let table = LookupTable { level in
        UInt8(nearest: Double(level) + alpha * deviation / 255 * (Double(level) - mean))
      }
      try table.apply(to: source, into: &destination)
    }
  }

  package var warnings: [String] { alpha * 255 < 0.5 ? ["factors this small change no colour"] : [] }
}

extension Histogram {
  /// 0 if nothing is counted.
  fileprivate var mean: Double {
    counts.enumerated().reduce(0) { $0 + Double($1.offset * $1.element) } / Double(max(total, 1))
  }

  fileprivate var standardDeviation: Double {
    let mean = mean
    let squares = counts.enumerated().reduce(0) { sum, level in
      sum + (Double(level.offset) - mean) * (Double(level.offset) - mean) * Double(level.element)
    }
    return (squares / Double(max(total, 1))).squareRoot()
  }
}
