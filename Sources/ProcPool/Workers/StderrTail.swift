internal import CProcPool
internal import Synchronization

/// The end of what a worker has written to `stderr`, in memory that it shares with its parent: mostly the best hint why
/// it died.
///
/// Output goes to the parent's standard error at once; this is a copy, which the C library's stream makes on the way.
/// It therefore has the Swift runtime's message at a trap, but not what a body writes to descriptor 2 directly, nor the
/// output of programs that the worker has started.
///
/// Invariant: `memory` lies in a mapping that lives as long as the ring that owns this. The worker
/// alone writes them; the parent reads them once the worker is dead, and takes any bytes at all for text.
@safe
struct StderrTail {
  static let byteCount = 8 + Int(CPROCPOOL_STDERR_TAIL)

  private let memory: UnsafeMutableRawBufferPointer
  private let writtenCount: UnsafeMutablePointer<Atomic<UInt64>>

  /// - Parameter offset: where in the mapping the bytes lie.
  init(in mapping: borrowing SharedMapping, at offset: Int) {
    unsafe memory = mapping.bytes(at: offset, count: Self.byteCount)
    unsafe writtenCount = mapping.word(at: offset)
  }

  /// In the worker: redirects `stderr` through this copy.
  func keep() { unsafe cprocpool_become_worker(memory.baseAddress) }

  /// In the parent: at most 4 KiB, from the start of a line.
  var text: String {
    let written = unsafe writtenCount.pointee.load(ordering: .acquiring)
    let room = UInt64(CPROCPOOL_STDERR_TAIL)
    let count = min(written, room)
    // The ring lies behind the count.
    var bytes = (0..<count).map { unsafe memory[8 + Int((written &- count &+ $0) % room)] }[...]
    if written > room, let newline = bytes.firstIndex(of: UInt8(ascii: "\n")) { bytes = bytes[(newline + 1)...] }
    return String(decoding: bytes, as: UTF8.self)
  }
}
