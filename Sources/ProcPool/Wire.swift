/// The messages between the parent and a worker. Both run the same binary, so numbers are in memory order.
///
/// Parent to worker, one per chunk: a `ChunkHeader`, then for each task a `TaskLength` and the payload. Worker to parent, one per task and in the order of the tasks: a `ReplyHeader`, then the payload. The first
/// reply of a worker is `ready` or `initializerThrew`.

/// Begins the message that carries one chunk.
struct ChunkHeader: BitwiseCopyable {
  /// Tasks in the chunk, at least 1.
  var taskCount: UInt32
  /// What follows the header.
  var byteCount: UInt64
  /// Which call the tasks are of.
  var call: CallID
  /// Whether a task that throws ends its chunk.
  var stopsAtFirstError: Bool
}

/// Begins one task of a chunk.
struct TaskLength: BitwiseCopyable {
  private var word: UInt64

  /// What follows.
  var byteCount: UInt64 { word & ~(1 << 63) }
  /// Whether what follows is the reason why the parent could not encode the task: type and text of an error.
  var isRefusal: Bool { word >> 63 == 1 }

  init(byteCount: Int, isRefusal: Bool) { word = UInt64(byteCount) | (isRefusal ? 1 << 63 : 0) }
}

/// Begins the reply for one task.
package struct ReplyHeader: BitwiseCopyable {
  package enum Kind: UInt8, BitwiseCopyable {
    case ready, initializerThrew, value, threw, notRun
  }

  var kind: Kind
  /// How long the task ran, at most 4294 s.
  var microseconds: UInt32
  /// What follows the header.
  var byteCount: UInt64

  /// Stands at the front of a reply until its length is known.
  static let placeholder = ReplyHeader(kind: .value, microseconds: 0, byteCount: 0)
}

extension ByteBuffer {
  mutating func append(text: String) {
    let utf8 = Array(text.utf8)
    append(memoryOf: UInt64(utf8.count))
    unsafe append(utf8.span.bytes)
  }

  /// Takes a header off the front, if all of its message has arrived.
  mutating func takeHeader<Header: BitwiseCopyable>(_ byteCount: (Header) -> UInt64) -> Header? {
    guard count >= MemoryLayout<Header>.size else { return nil }
    let header = front(as: Header.self)
    guard UInt64(count - MemoryLayout<Header>.size) >= byteCount(header) else { return nil }
    consume(MemoryLayout<Header>.size)
    return header
  }
}

/// Reads the texts that `append(text:)` wrote; what is not there gives an empty text, never a trap.
/// - Returns: also the offset behind them.
func readTexts(_ count: Int, from bytes: RawSpan) -> (texts: [String], end: Int) {
  var position = 0
  let texts = (0..<count).map { _ in
    guard position + 8 <= bytes.byteCount else { return "" }
    let length = Int(clamping: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: position, as: UInt64.self))
    position += 8
    let end = position + min(length, bytes.byteCount - position)
    defer { position = end }
    return text(bytes.extracting(position..<end))
  }
  return (texts, position)
}

/// The bytes as UTF-8, repaired where they are not.
func text(_ bytes: RawSpan) -> String {
  unsafe bytes.withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
}
