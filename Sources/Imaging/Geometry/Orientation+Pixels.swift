internal import CImaging

extension Orientation {
  /// Writes the pixels of `source`, brought upright, into `destination`. OpenCV `flip`, `rotate` and `transpose`.
  public func apply(to source: borrowing PixelBuffer, into destination: inout PixelBuffer) throws(ImagingError) {
    if self == .upright { return try destination.copy(from: source) }
    unsafe try destination.fill(shape(of: source.shape), from: source) { source, destination, message in
      switch self {
      case .upright: CIMAGING_OK
      case .mirror: unsafe cimaging_flip(source, destination, 1, message)
      case .flip: unsafe cimaging_flip(source, destination, 0, message)
      // Quarters are counted counter-clockwise there.
      case .rotate90: unsafe cimaging_rotate90(source, destination, 3, message)
      case .rotate180: unsafe cimaging_rotate90(source, destination, 2, message)
      case .rotate270: unsafe cimaging_rotate90(source, destination, 1, message)
      case .transpose: unsafe cimaging_transpose(source, destination, 0, message)
      case .transverse: unsafe cimaging_transpose(source, destination, 1, message)
      }
    }
  }
}
