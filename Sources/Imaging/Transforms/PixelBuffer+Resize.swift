internal import CImaging

extension PixelBuffer {
  /// Takes `source` scaled to `width` × `height` pixels, each the mean of the area that it covers. Grey, colour and
  /// alpha. OpenCV `resize` with `INTER_AREA`.
  public mutating func resize(_ source: borrowing PixelBuffer, width: Int, height: Int) throws(ImagingError) {
    precondition(width > 0 && height > 0 && source.shape.byteCount > 0, "an image to resize and its result have pixels")
    let shape = ImageShape(width: width, height: height, channels: source.shape.channels)
    unsafe try fill(shape, from: source) { source, destination, message in
      unsafe cimaging_resize(source, destination, message)
    }
  }
}
