/// The inputs of a call that are all known from the start. It is inlinable so that the copy is compiled where the type
/// is known: through unspecialised generic code, an input among millions would cost many times its copy.
@usableFromInline
struct CallInputs<Input: Codable> {
  @usableFromInline
  let count: Int
  /// Bytes from one payload to the next if the inputs are plain memory; else 0.
  @usableFromInline
  let stride: Int
  /// Appends the payloads of a range of inputs, one after another.
  @usableFromInline
  let append: (_ range: Range<Int>, _ buffer: inout ByteBuffer) throws -> Void

  @inlinable
  init(_ items: some Collection<Input>) {
    let inputs = Array(items)
    count = inputs.count
    if _isPOD(Input.self) {
      let stride = MemoryLayout<Input>.stride
      self.stride = stride
      append = { range, buffer in
        unsafe inputs.withUnsafeBytes { all in
          let bytes = range.lowerBound * stride..<range.upperBound * stride
          unsafe buffer.append(UnsafeRawBufferPointer(rebasing: all[bytes]).bytes)
        }
      }
    } else {
      let codec = PayloadCodec<Input>()
      stride = 0
      append = { range, buffer in for index in range { try codec.append(inputs[index], to: &buffer) } }
    }
  }
}

/// Stores the values of replies, the first of which answers task `index`: of any number of replies if results are plain
/// memory, else of one. Each reply has `replyByteCount` bytes, header included.
@usableFromInline
typealias StoredValues = (_ replies: RawSpan, _ replyByteCount: Int, _ index: Int) throws -> Void

/// The results of a call, kept until it has finished. Inlinable for the same reason as `CallInputs`.
///
/// Invariant: `values` of a plain type begins uninitialised, which is no value of `Output` yet. `stored` has a bit per
/// element, and `all` throws unless every bit is set, so no uninitialised element ever leaves.
@usableFromInline
struct CallResults<Output: Codable> {
  @usableFromInline
  let isPlain: Bool
  /// Stores values in their places.
  @usableFromInline
  let store: StoredValues
  /// All values. There is no other way to get them, so a value that was never stored cannot be had.
  @usableFromInline
  let all: () throws(PoolError) -> [Output]

  @inlinable
  init(count: Int) {
    var stored = StoredIndices(count: count)
    isPlain = _isPOD(Output.self)
    if isPlain {
      var values = unsafe [Output](unsafeUninitializedCapacity: count) { room, initializedCount in
        unsafe preferHugePages(UnsafeMutableRawBufferPointer(room))
        initializedCount = count  // any bytes will do for plain memory; see the invariant
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

/// A set of task indices: those that have a result.
@usableFromInline
struct StoredIndices {
  private var words: [UInt64]
  private let count: Int

  @usableFromInline
  init(count: Int) {
    self.count = count
    words = Array(repeating: 0, count: (count + 63) / 64)
  }

  /// Inserts a range of indices, a word at a time.
  @usableFromInline
  mutating func insert(_ range: Range<Int>) {
    var index = range.lowerBound
    while index < range.upperBound {
      let first = index % 64
      let length = min(64 - first, range.upperBound - index)
      words[index / 64] |= (length == 64 ? .max : (1 << UInt64(length)) - 1) << UInt64(first)
      index += length
    }
  }

  /// The first index that is not in the set.
  @usableFromInline
  var firstMissing: Int? {
    guard let place = words.firstIndex(where: { $0 != .max }) else { return nil }
    let index = 64 * place + (~words[place]).trailingZeroBitCount
    return index < count ? index : nil
  }
}
