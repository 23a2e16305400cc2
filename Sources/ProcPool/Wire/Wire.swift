/// The messages between the parent and a worker. Both run the same binary, so numbers are in memory order.
///
/// Parent to worker, one per chunk: a `ChunkHeader`, then for each task a `TaskLength` and the payload, or, where all
/// payloads have one length, these alone. Worker to parent, one for each task that it has claimed and in
/// their order: a `ReplyHeader`, then the payload. The first reply of a worker is `ready` or `initializerThrew`. Where a
/// throw ends its chunk, it is the last reply of the chunk.

/// Begins the message that carries one chunk.
struct ChunkHeader: BitwiseCopyable {
  /// Tasks in the chunk, at least 1.
  var taskCount: UInt32
  /// Bytes from one payload to the next where all have the same length and none is preceded by a `TaskLength`; else 0.
  var stride: UInt32 = 0
  /// What follows the header.
  var byteCount: Int
  /// Counts the chunks that the worker is sent; names the word by which its tasks are claimed.
  var number: UInt64
  /// Whether a task that throws ends its chunk.
  var stopsAtFirstError: Bool
}

/// Begins one task of a chunk.
struct TaskLength: BitwiseCopyable {
  private var word: UInt64

  /// What follows.
  var byteCount: Int { Int(word & ~(1 << 63)) }
  /// Whether what follows is the reason why the parent could not encode the task: type and text of an error.
  var isRefusal: Bool { word >> 63 == 1 }

  init(byteCount: Int, isRefusal: Bool) { word = UInt64(byteCount) | (isRefusal ? 1 << 63 : 0) }
}

/// Begins the reply for one task.
@usableFromInline
package struct ReplyHeader: BitwiseCopyable, Sendable {
  package enum Kind: UInt8, BitwiseCopyable, Sendable {
    case value = 1, threw, ready, initializerThrew
  }

  private let word: UInt64
  private let duration: UInt64
  /// How long the task ran; no longer than numbers can be added up that a worker may have made up.
  var nanoseconds: UInt64 { min(duration, 1 << 53) }

  /// `nil` where the bytes are no header.
  var kind: Kind? { Kind(rawValue: UInt8(word >> 56)) }
  /// What follows the header.
  var byteCount: Int { Int(word & (1 << 56 - 1)) }

  init(_ kind: Kind, byteCount: Int, nanoseconds: UInt64) {
    word = UInt64(kind.rawValue) << 56 | UInt64(byteCount)
    duration = nanoseconds
  }

  @usableFromInline
  static var byteCount: Int { 16 }
  /// Stands at the front of a reply until its length is known.
  static let placeholder = ReplyHeader(.value, byteCount: 0, nanoseconds: 0)
}

extension ByteBuffer {
  mutating func append(text: String) {
    let utf8 = Array(text.utf8)
    append(memoryOf: UInt64(utf8.count))
    unsafe append(utf8.span.bytes)
  }

  /// The header at the front, if all of its message has arrived.
  func header<Header: BitwiseCopyable>(_ byteCount: (Header) -> Int) -> Header? {
    guard count >= MemoryLayout<Header>.size else { return nil }
    let header = front(as: Header.self)
    return count - MemoryLayout<Header>.size >= byteCount(header) ? header : nil
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
