internal import CImaging

/// A call into the C layer: reads the first pixels, writes the second.
typealias Kernel = (
  UnsafePointer<cimaging_pixels>, UnsafePointer<cimaging_pixels>, UnsafeMutablePointer<cimaging_message>
) -> cimaging_status

extension PixelBuffer {
  /// Takes `shape` and has `kernel` write its pixels from those of `source`.
  mutating func fill(
    _ shape: ImageShape, from source: borrowing PixelBuffer, with kernel: Kernel
  ) throws(ImagingError) {
    reshape(to: shape)
    var message = cimaging_message()
    var input = unsafe source.cPixels
    var output = unsafe cPixels
    let status = unsafe kernel(&input, &output, &message)
    switch status {
    case CIMAGING_OK: return
    case CIMAGING_OUT_OF_MEMORY: throw .outOfMemory
    default: throw .failed(message.string)
    }
  }
}
