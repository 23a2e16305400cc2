internal import CZstd

/// Compression by libzstd, in one piece.
enum Zstandard {
  /// Small, and still faster than the disk.
  private static let level: Int32 = 3

  static func compressed(_ bytes: [UInt8]) -> [UInt8] {
    let capacity = ZSTD_compressBound(bytes.count)
    return unsafe [UInt8](unsafeUninitializedCapacity: capacity) { memory, count in
      let written = unsafe bytes.withUnsafeBufferPointer {
        unsafe ZSTD_compress(memory.baseAddress, capacity, $0.baseAddress, $0.count, level)
      }
      precondition(ZSTD_isError(written) == 0, "the memory is as large as it may have to be")
      count = written
    }
  }

  /// The size of the first of several pieces that were compressed one by one; `nil` if there is no whole one.
  static func firstPieceByteCount(_ bytes: [UInt8]) -> Int? {
    let size = unsafe bytes.withUnsafeBufferPointer { unsafe ZSTD_findFrameCompressedSize($0.baseAddress, $0.count) }
    return ZSTD_isError(size) == 0 ? size : nil
  }

  /// - Parameter limit: most bytes of the content.
  /// - Returns: `nil` if the bytes are damaged, or stand for more.
  static func decompressed(_ bytes: [UInt8], limit: Int) -> [UInt8]? {
    let announced = unsafe bytes.withUnsafeBufferPointer { unsafe ZSTD_getFrameContentSize($0.baseAddress, $0.count) }
    guard let capacity = Int(exactly: announced), capacity <= limit else { return nil }
    var isWhole = false
    let content = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { memory, count in
      let written = unsafe bytes.withUnsafeBufferPointer {
        unsafe ZSTD_decompress(memory.baseAddress, capacity, $0.baseAddress, $0.count)
      }
      isWhole = written == capacity
      count = isWhole ? capacity : 0
    }
    return isWhole ? content : nil
  }
}
