internal import CImaging
internal import Glibc

/// A generalized Gaussian blur, longer in one direction than across it, with noise on its weights. Grey and colour.
///
/// Source: Albumentations `AdvancedBlur`, OpenCV `filter2D` with `BORDER_REFLECT_101`. Rounding of the weights may
/// differ by a level at a tie.
package struct AdvancedBlur: Transform {
  package struct Drawn: Codable, Sendable {
    /// Side length of the kernel in pixels, odd.
    package var size: Int
    /// Standard deviations in pixels before the rotation.
    package var sigmaX: Double
    package var sigmaY: Double
    /// In degrees.
    package var angle: Double
    /// Form: 1 is a Gaussian, less has a sharper peak, more is flatter.
    package var beta: Double
    /// Seeds the factors on the weights.
    package var seed: UInt64
  }

  package static let summary = "Blurs with a generalized Gaussian, rotated and with noise on its weights."
  package static let parameters: [Parameter<AdvancedBlur>] = [
    .kernelSizes(\.blurLimit, "side length of the kernel in pixels"),
    .range("sigma_x_limit", \.sigmaXLimit, in: 0...1000, lowest: 0, "standard deviation across in pixels"),
    .range("sigma_y_limit", \.sigmaYLimit, in: 0...1000, lowest: 0, "standard deviation down in pixels"),
    .range("rotate_limit", \.rotateLimit, in: -360...360, "rotation of the kernel in degrees"),
    .range(
      "beta_limit", \.betaLimit, in: 0...1000, lowest: 0, "form, on both sides of 1: 1 is a Gaussian, more flatter"),
    .range("noise_limit", \.noiseLimit, in: 0...1000, lowest: 0, "factor on each weight"),
  ]

  /// Range of the kernel size in pixels.
  package var blurLimit = 3...7
  /// Range of the standard deviation across, before the rotation.
  package var sigmaXLimit = 0.2...1.0
  /// Range of the standard deviation down, before the rotation.
  package var sigmaYLimit = 0.2...1.0
  /// Range of the rotation in degrees.
  package var rotateLimit = -90.0...90.0
  /// Range of the form; half the draws are below 1.
  package var betaLimit = 0.5...8.0
  /// Range of the factor on each weight.
  package var noiseLimit = 0.9...1.1

  package init() {}

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    let size = random.kernelSize(blurLimit)
    let (sigmaX, sigmaY) = (random.uniform(sigmaXLimit), random.uniform(sigmaYLimit))
    let angle = random.uniform(rotateLimit)
    let isSharp = random.uniform() < 0.5
    let beta = random.uniform(isSharp ? min(betaLimit.lowerBound, 1)...1 : 1...max(betaLimit.upperBound, 1))
    return Drawn(size: size, sigmaX: sigmaX, sigmaY: sigmaY, angle: angle, beta: beta, seed: random.next())
  }

  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    var seeds = SplitMix64(seed: drawn.seed)
    var random = RandomStream(state: (seeds.next(), seeds.next(), seeds.next(), seeds.next()))
    return Self.operation(drawn, noise: (0..<drawn.size * drawn.size).map { _ in random.uniform(noiseLimit) })
  }

  /// Blurs with given factors on the weights, row by row.
  package static func operation(_ drawn: Drawn, noise: [Double]) -> Operation {
    precondition(noise.count == drawn.size * drawn.size, "a factor for each weight")
    let kernel = normalized(zip(weights(drawn), noise).map(*))
    guard kernel.allSatisfy(\.isFinite) else { return .inapplicable("a standard deviation of 0 gives no weights") }
    return .kernel { source, destination, message in
      unsafe cimaging_correlate(source, destination, kernel, Int32(drawn.size), message)
    }
  }

  /// Row by row.
  private static func weights(_ drawn: Drawn) -> [Double] {
    let (sine, cosine) = (sin(drawn.angle * Double.pi / 180), cos(drawn.angle * Double.pi / 180))
    let (across, down) = (1 / (drawn.sigmaX * drawn.sigmaX), 1 / (drawn.sigmaY * drawn.sigmaY))
    let middle = Double(drawn.size / 2)
    return (0..<drawn.size * drawn.size).map { cell in
      let (row, column) = cell.quotientAndRemainder(dividingBy: drawn.size)
      let (x, y) = (Double(column) - middle, Double(row) - middle)
      let (turnedX, turnedY) = (x * cosine + y * sine, y * cosine - x * sine)
      let square = turnedX * turnedX * across + turnedY * turnedY * down
      return exp(-0.5 * pow(square, drawn.beta))
    }
  }
}

/// The weights as floats with sum 1; not finite where the sum is 0.
func normalized(_ weights: [Double]) -> [Float] {
  let sum = weights.reduce(0, +)
  return weights.map { Float(Double(Float($0)) / sum) }
}
