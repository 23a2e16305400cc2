/// The bytes of a file, for readers without a library. They must outlive this value; every access is checked.
@safe
struct FileBytes {
  private let base: UnsafeRawBufferPointer

  @unsafe
  init(_ base: UnsafeRawBufferPointer) { unsafe self.base = base }

  var count: Int { unsafe base.count }

  /// A byte; `nil` beyond the end.
  subscript(offset: Int) -> UInt8? { offset >= 0 && offset < count ? unsafe base[offset] : nil }

  /// A little-endian unsigned integer; `nil` beyond the end.
  func little(_ byteCount: Int, at offset: Int) -> Int? {
    guard offset >= 0, offset <= count - byteCount else { return nil }
    return unsafe base[offset..<offset + byteCount].reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  /// A little-endian integer of 32 bits with a sign; `nil` beyond the end.
  func signed(at offset: Int) -> Int? { little(4, at: offset).map { Int(Int32(truncatingIfNeeded: $0)) } }

  /// A copy of some bytes; `nil` if there are fewer.
  func copy(_ byteCount: Int, at offset: Int) -> [UInt8]? {
    guard offset >= 0, byteCount >= 0, offset <= count - byteCount else { return nil }
    return unsafe [UInt8](base[offset..<offset + byteCount])
  }

  /// Whether these letters lie at an offset.
  func holds(_ letters: StaticString, at offset: Int) -> Bool {
    copy(letters.utf8CodeUnitCount, at: offset).map { $0.elementsEqual("\(letters)".utf8) } ?? false
  }

  /// Calls `body` with all bytes.
  func withSpan<Result, Failure>(
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(unsafe base.bindMemory(to: UInt8.self).span)
  }
}
