internal import CImaging

extension PixelBuffer {
  /// Takes `source` scaled to `width` × `height` pixels; unless told otherwise, each the mean of the area that it covers.
  /// Grey, colour and alpha. OpenCV `resize`.
  public mutating func resize(
    _ source: borrowing PixelBuffer, width: Int, height: Int, _ interpolation: Resampling.Interpolation = .area
  ) throws(ImagingError) {
    precondition(width > 0 && height > 0 && source.shape.byteCount > 0, "an image to resize and its result have pixels")
    unsafe try fill(source.shape.sized(width, height), from: source) { source, destination, message in
      unsafe cimaging_resize(source, destination, Int32(interpolation.rawValue), message)
    }
  }
}
