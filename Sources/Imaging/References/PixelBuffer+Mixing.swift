internal import CImaging

// Kernels that read two images.

/// How `adaptDistribution` measures the spread of colours.
package enum DistributionScale: String, CaseIterable, Codable, Sendable {
  case pca
  case standard
  case minmax

  fileprivate var cValue: Int32 {
    switch self {
    case .pca: Int32(CIMAGING_ADAPT_PCA)
    case .standard: Int32(CIMAGING_ADAPT_STANDARD)
    case .minmax: Int32(CIMAGING_ADAPT_MINMAX)
    }
  }
}

extension PixelBuffer {
  /// Takes `source` with the distribution of levels of `reference`; `ratio` is the share of the result.
  mutating func matchHistogram(
    of source: borrowing PixelBuffer, to reference: borrowing PixelBuffer, ratio: Double
  ) throws(ImagingError) {
    var other = unsafe reference.cPixels
    unsafe try fill(source.shape, from: source) { source, destination, message in
      unsafe cimaging_match_histogram(source, &other, destination, ratio, message)
    }
  }

  /// Takes `source` with mean and spread of the colours of `reference`; `ratio` is the share of the result.
  mutating func adaptDistribution(
    of source: borrowing PixelBuffer, to reference: borrowing PixelBuffer, _ scale: DistributionScale, ratio: Double
  ) throws(ImagingError) {
    var other = unsafe reference.cPixels
    unsafe try fill(source.shape, from: source) { source, destination, message in
      unsafe cimaging_adapt_distribution(source, &other, destination, scale.cValue, ratio, message)
    }
  }

  /// Takes `source` with the amplitudes of `reference`, of the same shape, at low frequencies.
  mutating func exchangeAmplitudes(
    of source: borrowing PixelBuffer, with reference: borrowing PixelBuffer, share: Double
  ) throws(ImagingError) {
    var other = unsafe reference.cPixels
    unsafe try fill(source.shape, from: source) { source, destination, message in
      unsafe cimaging_exchange_amplitudes(source, &other, destination, share, message)
    }
  }

  /// The weighted sum of two images of one shape. OpenCV `addWeighted`.
  mutating func blend(
    _ source: borrowing PixelBuffer, weight: Double, with other: borrowing PixelBuffer, otherWeight: Double
  ) throws(ImagingError) {
    var second = unsafe other.cPixels
    unsafe try fill(source.shape, from: source) { source, destination, message in
      unsafe cimaging_blend(source, &second, destination, weight, otherWeight, message)
    }
  }

  /// Takes `source` with `patch` at `x`, `y`, where it fits; where `mask` is 0, the source shows.
  mutating func overlay(
    _ patch: borrowing PixelBuffer, mask: borrowing PixelBuffer?, x: Int, y: Int, on source: borrowing PixelBuffer
  ) throws(ImagingError) {
    var picture = unsafe patch.cPixels
    let place = (x: Int32(x), y: Int32(y))
    switch mask {
    case .some(let plane):
      var shown = unsafe plane.cPixels
      unsafe try fill(source.shape, from: source) { source, destination, message in
        unsafe cimaging_overlay(source, &picture, &shown, destination, place.x, place.y, message)
      }
    case .none:
      unsafe try fill(source.shape, from: source) { source, destination, message in
        unsafe cimaging_overlay(source, &picture, nil, destination, place.x, place.y, message)
      }
    }
  }

  /// Takes `source` as grey (1 channel) or as colour (3). OpenCV `cvtColor`.
  mutating func changeChannels(of source: borrowing PixelBuffer, to channels: Int) throws(ImagingError) {
    let shape = ImageShape(width: source.shape.width, height: source.shape.height, channels: channels)
    unsafe try fill(shape, from: source) { source, destination, message in
      unsafe cimaging_change_channels(source, destination, message)
    }
  }
}
