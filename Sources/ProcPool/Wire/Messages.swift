/// The messages between the parent and a worker. Both run the same binary, so numbers are in memory order.
///
/// To a worker, one message per chunk: a `ChunkHeader`, then per task a `TaskLength` and the payload; or only the
/// payloads, if all have one length. To the parent, one message per claimed task, in order: a `ReplyHeader`, then the
/// payload. The first reply of a worker is `ready` or `initializerThrew`. If a throw ends the chunk, it is the chunk's
/// last reply.

/// Precedes a chunk.
struct ChunkHeader: BitwiseCopyable {
  /// Tasks in the chunk, at least 1.
  var taskCount: UInt32
  /// Bytes from one payload to the next if all have one length, and then no `TaskLength` precedes them; else 0.
  var stride: UInt32 = 0
  /// Bytes that follow the header.
  var byteCount: Int
  /// Serial number among the worker's chunks; selects its claim word.
  var number: UInt64
  /// Whether a task that throws ends the chunk.
  var stopsAtFirstError: Bool
}

/// Precedes a task whose payload has a length of its own.
struct TaskLength: BitwiseCopyable {
  private var word: UInt64

  /// Bytes that follow.
  var byteCount: Int { Int(word & ~(1 << 63)) }
  /// Whether those are the error with which the parent failed to encode the task: type and text.
  var isRefusal: Bool { word >> 63 == 1 }

  init(byteCount: Int, isRefusal: Bool) { word = UInt64(byteCount) | (isRefusal ? 1 << 63 : 0) }
}

/// Precedes the reply to a task.
@usableFromInline
package struct ReplyHeader: BitwiseCopyable, Sendable {
  package enum Kind: UInt8, BitwiseCopyable, Sendable {
    case value = 1, threw, ready, initializerThrew
  }

  private let word: UInt64
  private let duration: UInt64
  /// How long the task ran. Clamped, so that times made up by a damaged worker can be added without an overflow.
  var nanoseconds: UInt64 { min(duration, 1 << 53) }

  /// `nil` if the bytes are no header.
  var kind: Kind? { Kind(rawValue: UInt8(word >> 56)) }
  /// Bytes that follow the header.
  var byteCount: Int { Int(word & (1 << 56 - 1)) }

  init(_ kind: Kind, byteCount: Int, nanoseconds: UInt64) {
    word = UInt64(kind.rawValue) << 56 | UInt64(byteCount)
    duration = nanoseconds
  }

  @usableFromInline
  static var byteCount: Int { 16 }
  /// Holds the place of the header until the length is known.
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

/// Reads texts that `append(text:)` wrote. A missing one is empty; damaged bytes never trap.
/// - Returns: also the offset of what follows them.
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

/// Decodes UTF-8 and repairs invalid bytes.
func text(_ bytes: RawSpan) -> String {
  unsafe bytes.withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
}

extension ByteBuffer {
  /// Appends an error as the payload of `threw`: the name of its type and its description; and if it is `Codable`, the
  /// type's mangled name and the encoded error.
  mutating func append(error: any Error) {
    append(text: String(describing: type(of: error)))
    append(text: String(describing: error))
    guard let codable = error as? any Error & Codable & Sendable, let name = _mangledTypeName(type(of: codable)) else {
      return
    }
    let end = count
    append(text: name)
    do { try appendEncoded(codable, to: &self) } catch { truncate(to: end) }
  }
}

/// Reads a payload of `threw`: the error as text and, if it was encoded and can be decoded, as itself.
/// - Parameter decodesErrors: whether its type may be looked up.
func readThrown(
  from bytes: RawSpan, decodesErrors: Bool
) -> (cause: TaskFailure.Cause, error: (any Error & Sendable)?) {
  let (texts, end) = readTexts(3, from: bytes)
  let cause = TaskFailure.Cause.threw(type: texts[0], text: texts[1])
  guard decodesErrors, isName(texts[2]), let type = _typeByName(texts[2]) as? any (Error & Codable & Sendable).Type
  else {
    return (cause, nil)
  }
  return (cause, try? decoded(type, from: bytes.extracting(end...)))
}

/// Whether the runtime may be asked for a type of that name: it takes bytes below a space for relative references in
/// memory, and these bytes may come from a damaged worker.
private func isName(_ text: String) -> Bool {
  !text.isEmpty && text.utf8.count < 1024 && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
}
