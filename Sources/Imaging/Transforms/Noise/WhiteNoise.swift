internal import CImaging

/// Random numbers for every pixel or value, each drawn on its own: made inside the kernel from a seed, and kept nowhere.
struct WhiteNoise: Sendable {
  /// Before they are scaled: normal of deviation 1, uniform in -1 ... 1, Laplace of scale 1, or by quantiles in even
  /// steps of probability.
  enum Distribution: Sendable {
    case normal, uniform, laplace
    case quantiles([Float])
  }

  var seed: UInt64
  var distribution: Distribution
  var offset: Double
  var scale: Double
  /// One number for all channels of a pixel, rather than one for each.
  var isShared = false
  /// The share of each side at which it is drawn; coarser noise is enlarged linearly.
  var density = 1.0

  /// Uniform in `range`.
  static func uniform(_ range: ClosedRange<Double>, seed: UInt64) -> WhiteNoise {
    let (low, high) = (range.lowerBound, range.upperBound)
    return WhiteNoise(seed: seed, distribution: .uniform, offset: (low + high) / 2, scale: (high - low) / 2)
  }

  /// Adds the numbers in levels, each cut toward zero, and saturates.
  var adding: Operation {
    .kernel { source, destination, message in
      unsafe withC { noise in unsafe cimaging_add_white_noise(source, destination, noise, message) }
    }
  }

  /// Multiplies by the numbers, saturates, and cuts what is left to whole levels.
  var multiplying: Operation {
    .kernel { source, destination, message in
      unsafe withC { noise in unsafe cimaging_multiply_white_noise(source, destination, noise, message) }
    }
  }

  /// The quantiles outlive the call.
  private func withC<Result>(_ body: (UnsafePointer<cimaging_white_noise>) -> Result) -> Result {
    let (kind, quantiles): (cimaging_distribution, [Float]) =
      switch distribution {
      case .normal: (CIMAGING_NORMAL, [])
      case .uniform: (CIMAGING_UNIFORM, [])
      case .laplace: (CIMAGING_LAPLACE, [])
      case .quantiles(let quantiles): (CIMAGING_QUANTILES, quantiles)
      }
    return unsafe quantiles.withUnsafeBufferPointer { quantiles in
      var noise = unsafe cimaging_white_noise(
        seed: seed, distribution: Int32(kind.rawValue), is_shared: isShared ? 1 : 0, offset: offset, scale: scale,
        density: density, quantiles: quantiles.baseAddress, quantile_count: Int32(quantiles.count))
      return unsafe body(&noise)
    }
  }
}

/// Given noise, one number for each value, row by row.
package enum GivenNoise {
  /// Adds levels, each cut toward zero.
  package static func adding(_ levels: [Float]) -> Operation {
    .kernel { source, destination, message in unsafe cimaging_add_numbers(source, destination, levels, message) }
  }

  package static func multiplying(_ factors: [Float]) -> Operation {
    .kernel { source, destination, message in unsafe cimaging_multiply_numbers(source, destination, factors, message) }
  }
}
