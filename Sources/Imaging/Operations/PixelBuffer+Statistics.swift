internal import CImaging

// Statistics of an image without pixels are those of an image in which every level is 0.

extension PixelBuffer {
  /// How often each level occurs in each channel.
  func histograms() throws(ImagingError) -> [Histogram] {
    let channels = shape.channels
    let counts = unsafe try counts(256 * channels) { source, counts, message in
      unsafe cimaging_histograms(source, counts, message)
    }
    return (0..<channels).map { Histogram(counts: Array(counts[256 * $0..<256 * ($0 + 1)])) }
  }

  /// How often each level of Y occurs, if the image is converted to 8-bit YCrCb. Colour only.
  func lumaHistogram() throws(ImagingError) -> Histogram {
    Histogram(
      counts: unsafe try counts(256) { source, counts, message in
        unsafe cimaging_luma_histogram(source, counts, message)
      })
  }

  private typealias Counting = (
    UnsafePointer<cimaging_pixels>, UnsafeMutablePointer<UInt64>, UnsafeMutablePointer<cimaging_message>
  ) -> cimaging_status

  private func counts(_ count: Int, _ body: Counting) throws(ImagingError) -> [Int] {
    var (counts, message) = ([UInt64](repeating: 0, count: count), cimaging_message())
    guard shape.byteCount > 0 else { return Array(repeating: 0, count: count) }
    var input = unsafe cPixels
    try check(unsafe body(&input, &counts, &message), message)
    return counts.map { Int($0) }
  }

  /// The mean of the grey levels (0.299 R + 0.587 G + 0.114 B, rounded); of grey images the mean.
  func grayMean() throws(ImagingError) -> Double {
    guard shape.byteCount > 0 else { return 0 }
    var (mean, message) = (0.0, cimaging_message())
    var input = unsafe cPixels
    try check(unsafe cimaging_gray_mean(&input, &mean, &message), message)
    return mean
  }

  /// How the colours are distributed. Colour only.
  func colorDistribution() throws(ImagingError) -> ColorDistribution {
    var (means, scatter, message) = ([0.0, 0, 0], [Double](repeating: 0, count: 9), cimaging_message())
    guard shape.byteCount > 0 else { return ColorDistribution(means: means, scatter: SymmetricMatrix()) }
    var input = unsafe cPixels
    try check(unsafe cimaging_color_moments(&input, &means, &scatter, &message), message)
    return ColorDistribution(means: means, scatter: SymmetricMatrix(scatter))
  }
}

/// How often each of 256 levels occurs.
struct Histogram {
  var counts: [Int]

  var total: Int { counts.reduce(0, +) }
}

/// Means of the three channels, and the sums of the products of their deviations.
struct ColorDistribution {
  var means: [Double]
  var scatter: SymmetricMatrix
}
