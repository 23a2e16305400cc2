internal import CImaging

/// A C kernel: reads the first pixels, writes the second.
typealias Kernel = (
  UnsafePointer<cimaging_pixels>, UnsafePointer<cimaging_pixels>, UnsafeMutablePointer<cimaging_message>
) -> cimaging_status

/// A kernel that is stored for later.
typealias SendableKernel =
  @Sendable (
    UnsafePointer<cimaging_pixels>, UnsafePointer<cimaging_pixels>, UnsafeMutablePointer<cimaging_message>
  ) -> cimaging_status

extension PixelBuffer {
  /// Takes `shape` and has `kernel` compute the pixels from those of `source`, unless the shape is empty.
  ///
  /// Kernels rely on source and destination not overlapping: they still load source pixels after the first stores, and
  /// whole vectors spill over pixels that they store later. It holds because `self` is mutated while `source` is
  /// borrowed, which exclusivity allows for two buffers only. Each owns its heap memory alone, and
  /// `init(borrowing:shape:)` asks its caller for the same.
  mutating func fill(
    _ shape: ImageShape, from source: borrowing PixelBuffer, with kernel: Kernel
  ) throws(ImagingError) {
    try reshape(to: shape)
    guard shape.byteCount > 0 else { return }
    var message = cimaging_message()
    var input = unsafe source.cPixels
    var output = unsafe cPixels
    let status = unsafe kernel(&input, &output, &message)
    try check(status, message)
  }

  /// Takes the shape of `source` and maps its bytes through `table`.
  mutating func map(_ source: borrowing PixelBuffer, through table: [UInt8]) throws(ImagingError) {
    precondition(table.count == 256, "a value for each byte")
    unsafe try fill(source.shape, from: source) { source, destination, message in
      unsafe cimaging_lookup(source, destination, table, message)
    }
  }

  /// The mean of all bytes; 0 if there are none.
  func mean() throws(ImagingError) -> Double {
    guard shape.byteCount > 0 else { return 0 }
    var (mean, message) = (0.0, cimaging_message())
    var input = unsafe cPixels
    try check(unsafe cimaging_mean(&input, &mean, &message), message)
    return mean
  }
}

/// Throws the error that a C call reported.
func check(_ status: cimaging_status, _ message: cimaging_message) throws(ImagingError) {
  switch status {
  case CIMAGING_OK: return
  case CIMAGING_OUT_OF_MEMORY: throw .outOfMemory
  default: throw .failed(message.string)
  }
}

extension PixelBuffer {
  /// Blurs `source` with a Gaussian of `size` × `size` taps (odd) and standard deviation `sigma` in pixels, reflecting
  /// the image beyond its edge. Grey, colour and alpha. OpenCV `GaussianBlur` for 8-bit images, whose taps are
  /// multiples of 1/256.
  package mutating func blur(_ source: borrowing PixelBuffer, size: Int, sigma: Double) throws(ImagingError) {
    precondition(size > 0 && !size.isMultiple(of: 2) && sigma > 0, "an odd number of taps, and a deviation above 0")
    unsafe try fill(source.shape, from: source) { source, destination, message in
      unsafe cimaging_gaussian_blur(source, destination, Int32(size), sigma, message)
    }
  }
}

extension PixelBuffer {
  /// Scales `source` to `width` × `height` pixels; by default each output pixel is the mean of the area that it covers.
  /// Grey, colour and alpha. OpenCV `resize`.
  package mutating func resize(
    _ source: borrowing PixelBuffer, width: Int, height: Int, _ interpolation: Resampling.Interpolation = .area
  ) throws(ImagingError) {
    precondition(width > 0 && height > 0 && source.shape.byteCount > 0, "an image to resize and its result have pixels")
    unsafe try fill(source.shape.sized(width, height), from: source) { source, destination, message in
      unsafe cimaging_resize(source, destination, Int32(interpolation.rawValue), message)
    }
  }
}
