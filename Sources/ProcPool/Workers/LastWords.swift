internal import CProcPool
internal import Synchronization

/// The end of what a worker has written to `stderr`, in memory that it shares with its parent: says best why a worker died.
///
/// What is written goes to the parent's standard error at once; this is a copy, made by the C library's stream on the way. So
/// it has what the Swift runtime says of a trap, but not what a body writes to descriptor 2 past that stream, or a program
/// that the worker has started.
@safe
struct LastWords {
  static let byteCount = 8 + Int(CPROCPOOL_LAST_WORDS)

  private let base: UnsafeMutableRawPointer
  private let writtenCount: UnsafeMutablePointer<Atomic<UInt64>>

  /// - Parameter offset: where in the mapping they lie.
  init(in mapping: borrowing SharedMapping, at offset: Int) {
    precondition(offset + Self.byteCount <= mapping.byteCount, "inside the mapping")
    unsafe base = mapping.base + offset
    unsafe writtenCount = mapping.word(at: offset)
  }

  /// Worker: from now on they are kept here.
  func keep() { unsafe cprocpool_become_worker(base) }

  /// Parent: at most 4 KiB, from the beginning of a line. Any number of bytes gives some text: a worker may have written
  /// over it.
  var text: String {
    let written = unsafe writtenCount.pointee.load(ordering: .acquiring)
    let room = UInt64(CPROCPOOL_LAST_WORDS)
    let count = min(written, room)
    let ring = unsafe UnsafeRawBufferPointer(start: base + 8, count: Int(room))
    var bytes = (0..<count).map { unsafe ring[Int((written &- count &+ $0) % room)] }[...]
    if written > room, let newline = bytes.firstIndex(of: UInt8(ascii: "\n")) { bytes = bytes[(newline + 1)...] }
    return String(decoding: bytes, as: UTF8.self)
  }
}
