internal import CImaging

/// A call into the C layer: reads the first pixels, writes the second.
typealias Kernel = (
  UnsafePointer<cimaging_pixels>, UnsafePointer<cimaging_pixels>, UnsafeMutablePointer<cimaging_message>
) -> cimaging_status

/// One that is kept, for later.
typealias SendableKernel =
  @Sendable (
    UnsafePointer<cimaging_pixels>, UnsafePointer<cimaging_pixels>, UnsafeMutablePointer<cimaging_message>
  ) -> cimaging_status

extension PixelBuffer {
  /// Takes `shape` and has `kernel` write its pixels from those of `source`. Without pixels there is nothing to write,
  /// and a kernel is not asked.
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

  /// Takes the shape of `source` and its bytes, each as `table` has it.
  mutating func look(upIn table: [UInt8], from source: borrowing PixelBuffer) throws(ImagingError) {
    precondition(table.count == 256, "a value for each byte")
    unsafe try fill(source.shape, from: source) { source, destination, message in
      unsafe cimaging_lookup(source, destination, table, message)
    }
  }

  /// The mean of all bytes; 0 where there are none.
  func mean() throws(ImagingError) -> Double {
    guard shape.byteCount > 0 else { return 0 }
    var (mean, message) = (0.0, cimaging_message())
    var input = unsafe cPixels
    try check(unsafe cimaging_mean(&input, &mean, &message), message)
    return mean
  }
}

/// Throws what a call into the C layer reported.
func check(_ status: cimaging_status, _ message: cimaging_message) throws(ImagingError) {
  switch status {
  case CIMAGING_OK: return
  case CIMAGING_OUT_OF_MEMORY: throw .outOfMemory
  default: throw .failed(message.string)
  }
}
