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
  /// All values. They cannot be had otherwise, so one that was never stored cannot be had at all.
  @usableFromInline
  let all: () throws(PoolError) -> [Output]

  @inlinable
  init(count: Int) {
    var stored = StoredIndices(count: count)
    isPlain = _isPOD(Output.self)
    if isPlain {
      var values = unsafe [Output](unsafeUninitializedCapacity: count) { room, initializedCount in
        unsafe preferHugePages(UnsafeMutableRawBufferPointer(room))
        initializedCount = count  // plain memory: whatever bytes there are
      }
      store = { replies, replyByteCount, index in
        let size = MemoryLayout<Output>.size
        guard replyByteCount == ReplyHeader.byteCount + size else { throw PayloadError() }
        let places = index..<index + replies.byteCount / replyByteCount
        unsafe values.withUnsafeMutableBufferPointer { room in
          var position = ReplyHeader.byteCount
          for place in places {
            unsafe withUnsafeMutableBytes(of: &room[place]) { value in
              unsafe replies.extracting(position..<position + size).withUnsafeBytes {
                unsafe value.copyMemory(from: $0)
              }
            }
            position += replyByteCount
          }
        }
        stored.insert(places)
      }
      all = { () throws(PoolError) in
        if let index = stored.firstMissing { throw .resultMissing(index: index) }
        return values
      }
    } else {
      let codec = PayloadCodec<Output>()
      var values = [Output?](repeating: nil, count: count)
      store = { replies, _, index in
        values[index] = try codec.value(of: replies.extracting(ReplyHeader.byteCount...))
        stored.insert(index..<index + 1)
      }
      all = { () throws(PoolError) in
        if let index = stored.firstMissing { throw .resultMissing(index: index) }
        return values.compactMap(\.self)
      }
    }
  }
}
