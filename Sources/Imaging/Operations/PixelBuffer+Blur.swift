internal import CImaging

extension PixelBuffer {
  /// Takes `source` blurred by a Gaussian of `size` × `size` taps, an odd number, and standard deviation `sigma` in pixels;
  /// the image is reflected beyond its edge. Grey, colour and alpha. OpenCV `GaussianBlur` of 8-bit images, whose taps are
  /// multiples of 1/256.
  public mutating func blur(_ source: borrowing PixelBuffer, size: Int, sigma: Double) throws(ImagingError) {
    precondition(size > 0 && !size.isMultiple(of: 2) && sigma > 0, "an odd number of taps, and a deviation above 0")
    unsafe try fill(source.shape, from: source) { source, destination, message in
      unsafe cimaging_gaussian_blur(source, destination, Int32(size), sigma, message)
    }
  }
}
