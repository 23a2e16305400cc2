internal import CProcPool
internal import Glibc
internal import Synchronization

/// The last stretch of a worker's replies, in memory shared with the parent, and how far the worker has come.
///
/// A worker that ran a task of a microsecond must not pay a system call for its reply, and one that is killed must not
/// take with it replies that it had finished. So replies are appended here first and go through the pipe in batches; if
/// the worker dies, the parent takes what the pipe no longer brought from here.
///
/// Who writes what: the worker alone writes the ring and both counters, each counter after what it counts (release);
/// the parent reads them only once the process has ended, so nothing is ever written and read at the same time. Stream
/// positions count all bytes of replies from the worker's start; the byte at position p lies at p modulo the size of the
/// ring. Bytes at `written ..< published` lie in the ring; those before have been given to the pipe.
@safe
final class ReplyRing {
  static let byteCount = 65_536
  private let mapping: SharedMapping
  /// Stream position behind the last finished reply.
  private let published: UnsafeMutablePointer<Atomic<UInt64>>
  /// Tasks that the worker has begun, whether finished or not.
  private let begun: UnsafeMutablePointer<Atomic<UInt64>>

  init() throws(PoolError) {
    mapping = try SharedMapping(byteCount: Self.byteCount + 128)
    let counters = unsafe mapping.base + Self.byteCount
    unsafe published = counters.bindMemory(to: Atomic<UInt64>.self, capacity: 1)
    unsafe begun = (counters + 64).bindMemory(to: Atomic<UInt64>.self, capacity: 1)
  }

  /// Parent: tasks begun by a process that has ended.
  var begunCount: UInt64 { unsafe begun.pointee.load(ordering: .acquiring) }

  /// Parent: appends to `buffer` the finished replies of a process that has ended after `received` bytes came through
  /// its pipe.
  func takeRest(after received: UInt64, into buffer: inout ByteBuffer) {
    let end = unsafe published.pointee.load(ordering: .acquiring)
    guard end > received else { return }  // a reply sent past the ring may have arrived in part
    precondition(end - received <= UInt64(Self.byteCount), "no more than the ring holds")
    unsafe forEachSegment(received..<end) { unsafe buffer.append($0.bytes) }
  }

  /// Worker: notes that a task begins.
  func noteBegin() {
    // One writer: a plain increment, published before the task has any effect.
    unsafe begun.pointee.store(begun.pointee.load(ordering: .relaxed) + 1, ordering: .releasing)
  }

  /// Worker: appends to the ring and publishes; there must be room.
  fileprivate func publish(_ bytes: RawSpan, at position: UInt64) {
    var copied = 0
    unsafe forEachSegment(position..<position + UInt64(bytes.byteCount)) { segment in
      unsafe bytes.extracting(copied..<copied + segment.count).withUnsafeBytes { unsafe segment.copyMemory(from: $0) }
      copied += segment.count
    }
    advance(to: position + UInt64(bytes.byteCount))
  }

  fileprivate func advance(to position: UInt64) { unsafe published.pointee.store(position, ordering: .releasing) }

  /// The one or two stretches of memory in which a range of stream positions lies.
  fileprivate func forEachSegment(_ range: Range<UInt64>, _ body: (UnsafeMutableRawBufferPointer) -> Void) {
    let first = Int(range.lowerBound % UInt64(Self.byteCount))
    let firstCount = min(range.count, Self.byteCount - first)
    unsafe body(UnsafeMutableRawBufferPointer(start: mapping.base + first, count: firstCount))
    if firstCount < range.count {
      unsafe body(UnsafeMutableRawBufferPointer(start: mapping.base, count: range.count - firstCount))
    }
  }
}

/// The worker's side of its replies.
struct ReplyWriter: ~Copyable {
  private let ring: ReplyRing
  private let descriptor: Int32
  private var position: UInt64 = 0
  private var written: UInt64 = 0

  /// - Parameter descriptor: the writing end of the pipe, open for the life of the process.
  init(ring: ReplyRing, descriptor: Int32) {
    self.ring = ring
    self.descriptor = descriptor
  }

  /// Whether replies wait that the pipe has not been given.
  var hasUnsent: Bool { position > written }

  func noteBegin() { ring.noteBegin() }

  /// Appends one finished reply, whole.
  mutating func append(_ reply: RawSpan) {
    if reply.byteCount > ReplyRing.byteCount - Int(position - written) { flush() }
    if reply.byteCount <= ReplyRing.byteCount {
      ring.publish(reply, at: position)
      position += UInt64(reply.byteCount)
    } else {
      writeAll(reply)
      position += UInt64(reply.byteCount)
      written = position
      ring.advance(to: position)
    }
  }

  /// Gives to the pipe what it has not been given.
  mutating func flush() {
    guard hasUnsent else { return }
    unsafe ring.forEachSegment(written..<position) { unsafe writeAll($0.bytes) }
    written = position
  }

  private func writeAll(_ bytes: RawSpan) {
    var sent = 0
    while sent < bytes.byteCount {
      let rest = bytes.extracting(sent...)
      let result = unsafe rest.withUnsafeBytes { memory in
        retryingOnInterrupt { unsafe write(descriptor, memory.baseAddress, memory.count) }
      }
      guard result > 0 else { _exit(0) }  // the parent is gone
      sent += result
    }
  }
}
