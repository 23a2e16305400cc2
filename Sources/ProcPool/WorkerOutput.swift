internal import CProcPool
internal import Glibc

/// What one worker writes to its standard error, on its way to that of the parent, and the end of it, which says best why a
/// worker died. It goes through a file in memory and not through a pipe: no worker ever waits for its parent to read.
final class WorkerOutput {
  private let file: MemoryFile
  /// What has been passed on so far.
  private var position: off_t = 0
  private var last: [UInt8] = []
  /// Bytes of a line that has no end yet, and until when it waits for more of them.
  private var unfinished = (byteCount: 0, deadline: UInt64(0))

  /// As much of the end is kept.
  private static let keptByteCount = 4096
  private static let freedByteCount: off_t = 1 << 16
  private static let unfinishedNanoseconds: UInt64 = 1_000_000_000

  init() throws(PoolError) {
    file = try MemoryFile()
    // Several processes write: the worker and whatever it starts.
    cprocpool_set_appending(file.descriptor.number)
  }

  var descriptor: Int32 { file.descriptor.number }

  /// Worker: from now on it writes here.
  func adopt() { dup2(descriptor, STDERR_FILENO) }

  /// Parent: passes on the lines that have been written since the last time. One without an end waits for it, since it
  /// may be half of what a single `write` is writing, and what another worker says would tear it; but no longer than a
  /// second without anything new, for it may be a question.
  func forward() {
    forward { count in
      guard count != unfinished.byteCount else { return monotonicNanoseconds() >= unfinished.deadline }
      unfinished = (count, monotonicNanoseconds() + Self.unfinishedNanoseconds)
      return false
    }
  }

  /// Parent: passes on all that is left, when nobody writes any more.
  func forwardRest() { forward { _ in true } }

  /// - Parameter takes: whether a line of so many bytes is passed on without its end.
  private func forward(unfinished takes: (_ byteCount: Int) -> Bool) {
    var bytes = [UInt8](repeating: 0, count: 16_384)
    while true {
      let count = retryingOnInterrupt { unsafe pread(descriptor, &bytes, bytes.count, position) }
      guard count > 0 else { break }
      let read = bytes[..<count]
      let whole = read.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
      let isLong = whole == 0 && count == bytes.count
      let passed = read.prefix(whole == count || isLong || takes(count - whole) ? count : whole)
      guard !passed.isEmpty else { break }
      position += passed.count
      Self.write(passed)
      last = Array((last + passed).suffix(Self.keptByteCount))
    }
    if position >= Self.freedByteCount { cprocpool_free_front(descriptor, Int64(position)) }
  }

  /// The end of what was passed on, at most 4 KiB, from the begin of a line.
  var tail: String {
    var kept = last[...]
    if kept.count == Self.keptByteCount, let newline = kept.firstIndex(of: UInt8(ascii: "\n")) {
      kept = kept[(newline + 1)...]
    }
    return String(decoding: kept, as: UTF8.self)
  }

  private static func write(_ bytes: ArraySlice<UInt8>) {
    var rest = bytes
    while !rest.isEmpty {
      let count = retryingOnInterrupt {
        unsafe rest.withUnsafeBytes { unsafe Glibc.write(2, $0.baseAddress, $0.count) }
      }
      if count <= 0 { return }  // nobody reads it
      rest = rest.dropFirst(count)
    }
  }
}
