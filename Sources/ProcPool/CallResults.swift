/// Takes the values of replies, the first of which is to the task `index`: where results are plain memory, of any number
/// of replies of `replyByteCount` bytes each, headers included; else of one.
@usableFromInline
typealias StoredValues = (_ replies: RawSpan, _ replyByteCount: Int, _ index: Int) throws -> Void

/// The results of a call that are kept until it has ended; inlinable as `CallInputs`.
@usableFromInline
struct CallResults<Output: Codable> {
  @usableFromInline
  let isPlain: Bool
  /// Puts the values of some replies in their places: of as many, all of one length with their headers, in one stretch.
  @usableFromInline
  let store: StoredValues
  /// All values, each of which must have been stored.
  @usableFromInline
  let all: () -> [Output]

  @inlinable
  init(count: Int) {
    isPlain = _isPOD(Output.self)
    if isPlain {
      var values = unsafe [Output](unsafeUninitializedCapacity: count) { room, initializedCount in
        unsafe preferHugePages(UnsafeMutableRawBufferPointer(room))
        initializedCount = count  // plain memory: whatever bytes there are
      }
      store = { replies, replyByteCount, index in
        let size = MemoryLayout<Output>.size
        guard replyByteCount == ReplyHeader.byteCount + size else { throw PayloadError() }
        unsafe values.withUnsafeMutableBufferPointer { room in
          var position = ReplyHeader.byteCount
          for place in index..<index + replies.byteCount / replyByteCount {
            unsafe withUnsafeMutableBytes(of: &room[place]) { value in
              unsafe replies.extracting(position..<position + size).withUnsafeBytes {
                unsafe value.copyMemory(from: $0)
              }
            }
            position += replyByteCount
          }
        }
      }
      all = { values }
    } else {
      let codec = PayloadCodec<Output>()
      var values = [Output?](repeating: nil, count: count)
      store = { replies, _, index in values[index] = try codec.value(of: replies.extracting(ReplyHeader.byteCount...)) }
      all = { values.compactMap(\.self) }
    }
  }
}
