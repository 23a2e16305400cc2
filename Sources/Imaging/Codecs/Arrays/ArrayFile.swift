internal import CImaging
internal import Platform

/// A NumPy file (`.npy`, version 1.0) of the pixels of an image: 32-bit floating-point numbers, or bytes where nothing
/// scales them. A grey image has no axis for channels unless channels come first.
struct ArrayFile {
  let bytes: [UInt8]

  init(_ image: borrowing PixelBuffer, _ options: TensorOptions) throws(ImagingError) {
    let tables = try options.tables(for: image)
    let header = Self.header(of: image.shape, isFloat: tables != nil, options.isChannelsFirst)
    let count = header.count + image.shape.byteCount * (tables == nil ? 1 : 4)
    guard Memory.hasRoom(forArrayOf: count) else { throw .outOfMemory }
    var pixels = unsafe image.cPixels
    let isFirst: Int32 = options.isChannelsFirst ? 1 : 0
    bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { memory, filledCount in
      // The header's length is a multiple of 64, so that floating-point numbers are aligned after it.
      guard let base = memory.baseAddress else { return }
      _ = unsafe UnsafeMutableBufferPointer(rebasing: memory[..<header.count]).update(fromContentsOf: header)
      let values = unsafe UnsafeMutableRawPointer(base + header.count)
      if let tables {
        let numbers = unsafe values.assumingMemoryBound(to: Float.self)
        unsafe cimaging_array_floats(&pixels, tables.flatMap(\.self), isFirst, numbers)
      } else {
        unsafe cimaging_array_bytes(&pixels, isFirst, values.assumingMemoryBound(to: UInt8.self))
      }
      filledCount = count
    }
  }

  private static func header(of shape: ImageShape, isFloat: Bool, _ isChannelsFirst: Bool) -> [UInt8] {
    let sides = [shape.height, shape.width]
    let axes =
      isChannelsFirst ? [shape.channels] + sides : sides + (shape.channels == 1 ? [] : [shape.channels])
    let sizes = axes.map(String.init).joined(separator: ", ")
    let type = isFloat ? "<f4" : "|u1"
    let dictionary = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(sizes)), }"
    let magic: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]
    // The values begin at a multiple of 64, so that they can be mapped.
    let unpadded = magic.count + 2 + dictionary.utf8.count + 1
    let length = (unpadded + 63) / 64 * 64 - magic.count - 2
    let padding = String(repeating: " ", count: length - dictionary.utf8.count - 1)
    return magic + [UInt8(length & 255), UInt8(length >> 8)] + Array("\(dictionary)\(padding)\n".utf8)
  }
}
