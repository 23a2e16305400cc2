internal import CImaging

/// A view through frosted glass: pixels change places with near ones, between two Gaussian blurs. Grey and colour.
///
/// Source: Albumentations `GlassBlur`, OpenCV `GaussianBlur`. As in Albumentations, the places that several pixels move
/// to keep the last, and mode `exact` exchanges pixels of grey images but only copies those of colour images. With a
/// sigma of 0, where OpenCV fails, nothing is blurred.
package struct GlassBlur: Transform {
  /// The order of the exchanges.
  package enum Mode: String, CaseIterable, Sendable {
    /// All pixels at once.
    case fast
    /// One after the other.
    case exact
  }

  package struct Drawn: Codable, Sendable {
    /// Seeds the move of every pixel.
    package var seed: UInt64

    package init(seed: UInt64) { self.seed = seed }
  }

  package static let summary = "Moves each pixel to a near place, as seen through frosted glass."
  package static let parameters: [Parameter<GlassBlur>] = [
    .number("sigma", \.sigma, in: 0...100, "standard deviation of both blurs in pixels"),
    .integer("max_delta", \.maxDelta, in: 1...90, "farthest move in pixels"),
    .integer("iterations", \.iterations, in: 1...100, "number of moves of each pixel"),
    .choice("mode", \.mode, "all pixels at once, or one after the other"),
  ]

  /// Standard deviation of both blurs in pixels.
  package var sigma = 0.7
  /// Farthest move in pixels.
  package var maxDelta = 4
  /// Number of moves of each pixel.
  package var iterations = 2
  package var mode = Mode.fast

  package init() {}

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    Drawn(seed: random.next())
  }

  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    guard shape.byteCount > 0 else { return .identity }
    guard min(shape.width, shape.height) >= 2 * maxDelta else {
      return .inapplicable("an image of less than \(2 * maxDelta) pixels a side has no room to move them")
    }
    let glass = glass(seed: drawn.seed)
    return betweenBlurs(
      .kernel { source, destination, message in
        var glass = glass
        return unsafe cimaging_shatter(source, destination, &glass, message)
      })
  }

  /// With given moves in the order of Albumentations: for each pixel those of all iterations, down and right.
  package func operation(moves: [Int32]) -> Operation {
    let glass = glass(seed: 0)
    return betweenBlurs(
      .kernel { source, destination, message in
        var glass = glass
        return unsafe cimaging_shatter_by(source, destination, &glass, moves, message)
      })
  }

  private func glass(seed: UInt64) -> cimaging_glass {
    cimaging_glass(
      seed: seed, reach: Int32(maxDelta), iterations: Int32(iterations), is_exact: mode == .exact ? 1 : 0)
  }

  private func betweenBlurs(_ moves: Operation) -> Operation {
    guard sigma > 0 else { return moves }
    // OpenCV's number of taps for bytes.
    let size = Int((sigma * 6 + 1).rounded(.toNearestOrEven)) | 1
    let sigma = sigma
    let blur = Operation.pixels { (source, destination) throws(ImagingError) in
      try destination.blur(source, size: size, sigma: sigma)
    }
    return .sequence([blur, moves, blur])
  }
}
