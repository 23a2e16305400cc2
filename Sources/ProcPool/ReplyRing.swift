internal import CProcPool
internal import Glibc
internal import Synchronization

/// The replies of one worker on their way to the parent, in memory that both share, and how far the worker has come.
///
/// A worker that ran a task of a microsecond must not pay a system call for its reply; a reply must not wait for the
/// task after it, which may take hours; and a worker that is killed must not take finished replies with it. So replies
/// are written here, where the parent finds them whenever it looks, whether the worker still lives or not.
///
/// Who writes what. The worker alone writes the bytes, `published`, `begun`, `beginTime` and its times; the parent alone writes
/// `consumed`. Positions count all bytes of replies from the worker's start, and the byte at position p lies at
/// p modulo the size. The worker writes bytes only at positions below `consumed` + size and stores `published` after
/// them (release); the parent reads only bytes below a `published` that it has loaded (acquire) and stores `consumed`
/// after that. So no byte is written and read at the same time, whoever dies at whatever line.
///
/// Who sleeps. The parent sets `Doorbell.isParentAsleep`, looks at every ring once more, and only then waits; a worker
/// publishes and then looks at the flag; both in the single order of sequentially consistent operations, so at least
/// one of them sees the other. A worker that finds the ring full waits for `room`, by the argument of
/// `SharedSignal`.
@safe
final class ReplyRing {
  static let byteCount = 262_144
  private let mapping: SharedMapping
  private let published: UnsafeMutablePointer<Atomic<UInt64>>
  private let consumed: UnsafeMutablePointer<Atomic<UInt64>>
  private let begun: UnsafeMutablePointer<Atomic<UInt64>>
  private let beginTime: UnsafeMutablePointer<Atomic<UInt64>>
  private let times: UnsafeMutablePointer<Atomic<UInt64>>
  /// Raised by the parent when it has consumed.
  private let room: SharedSignal

  /// What it takes of memory.
  static let mappedByteCount = byteCount + 4096

  /// - Parameter memory: a descriptor of zeroed memory, for a worker that does not inherit the mapping.
  init(memory: Int32? = nil) throws(PoolError) {
    mapping = try SharedMapping(byteCount: Self.mappedByteCount, descriptor: memory)
    // Words on cache lines of their own, behind the bytes.
    unsafe published = mapping.word(at: Self.byteCount)
    unsafe consumed = mapping.word(at: Self.byteCount + 64)
    unsafe begun = mapping.word(at: Self.byteCount + 128)
    unsafe beginTime = mapping.word(at: Self.byteCount + 136)
    unsafe times = mapping.word(at: Self.byteCount + 256)
    let roomWord = unsafe (mapping.base + Self.byteCount + 192).bindMemory(to: Atomic<UInt32>.self, capacity: 1)
    unsafe room = SharedSignal(word: roomWord)
  }

  // MARK: Parent

  /// Tasks that the worker has begun, whether finished or not.
  var begunCount: UInt64 { unsafe begun.pointee.load(ordering: .sequentiallyConsistent) }

  /// When the worker began the last of them, in nanoseconds of the monotonic clock; `nil` while it waits for room for the
  /// result.
  var lastBeginTime: UInt64? {
    let time = unsafe beginTime.pointee.load(ordering: .relaxed)
    return time == .max ? nil : time
  }

  /// What a worker tells of its time.
  enum Time: Int {
    /// When its life began, in nanoseconds of the monotonic clock; 0 before.
    case arrival
    /// How long the initializer took.
    case initializer
    /// How long it had nothing to do.
    case waiting
    /// How long it took to hand over large results, or to wait for room for them.
    case sending
  }

  /// Whether the worker has begun its life.
  var hasArrived: Bool { time(.arrival) > 0 }

  /// Nanoseconds.
  func time(_ time: Time) -> UInt64 { unsafe times[time.rawValue].load(ordering: .acquiring) }

  /// Moves what the worker has published to `buffer`.
  /// - Returns: whether there was anything.
  func drain(into buffer: inout ByteBuffer) -> Bool {
    let start = unsafe consumed.pointee.load(ordering: .relaxed)
    let end = unsafe published.pointee.load(ordering: .sequentiallyConsistent)
    guard end > start else { return false }
    unsafe forEachSegment(start..<end) { unsafe buffer.append($0.bytes) }
    unsafe consumed.pointee.store(end, ordering: .sequentiallyConsistent)
    room.raise()
    return true
  }

  // MARK: Worker

  /// Adds nanoseconds to what is told of a time.
  func add(_ nanoseconds: UInt64, to time: Time) {
    // One writer.
    let sum = unsafe times[time.rawValue].load(ordering: .relaxed) + nanoseconds
    unsafe times[time.rawValue].store(sum, ordering: .releasing)
  }

  /// Notes that a task begins.
  func noteBegin(at now: UInt64) {
    unsafe beginTime.pointee.store(now, ordering: .relaxed)
    // One writer: a plain increment, to be seen before the task has any effect.
    unsafe begun.pointee.store(begun.pointee.load(ordering: .relaxed) + 1, ordering: .sequentiallyConsistent)
  }

  /// Takes back that a task begins: it is not run after all.
  func takeBackBegin() {
    unsafe begun.pointee.store(begun.pointee.load(ordering: .relaxed) - 1, ordering: .sequentiallyConsistent)
  }

  /// Appends one reply, and rings whenever there is something new to see.
  /// - Returns: whether there was room for it at once.
  func append(_ reply: RawSpan, _ doorbell: Doorbell) -> Bool {
    var sent = 0
    var hadRoom = true
    while sent < reply.byteCount {
      let start = unsafe published.pointee.load(ordering: .relaxed)
      var room = room(behind: start)
      if room == nil {
        hadRoom = false
        unsafe beginTime.pointee.store(.max, ordering: .relaxed)
        room = waitForRoom(behind: start)
      }
      let count = min(reply.byteCount - sent, room ?? 0)
      write(reply.extracting(sent..<sent + count), at: start)
      unsafe published.pointee.store(start + UInt64(count), ordering: .sequentiallyConsistent)
      sent += count
      doorbell.ring()
    }
    return hadRoom
  }

  /// Bytes that may be written at `start`, at least 1.
  private func waitForRoom(behind start: UInt64) -> Int {
    while true {
      let value = room.announceWaiter()
      if let count = room(behind: start) { return count }
      room.sleep(on: value, nanoseconds: nil)
    }
  }

  private func room(behind start: UInt64) -> Int? {
    let count = Self.byteCount - Int(start - (unsafe consumed.pointee.load(ordering: .acquiring)))
    return count > 0 ? count : nil
  }

  private func write(_ bytes: RawSpan, at position: UInt64) {
    var copied = 0
    unsafe forEachSegment(position..<position + UInt64(bytes.byteCount)) { segment in
      unsafe bytes.extracting(copied..<copied + segment.count).withUnsafeBytes { unsafe segment.copyMemory(from: $0) }
      copied += segment.count
    }
  }

  /// The one or two stretches of memory in which a range of stream positions lies.
  private func forEachSegment(_ range: Range<UInt64>, _ body: (UnsafeMutableRawBufferPointer) -> Void) {
    let first = Int(range.lowerBound % UInt64(Self.byteCount))
    let firstCount = min(range.count, Self.byteCount - first)
    unsafe body(UnsafeMutableRawBufferPointer(start: mapping.base + first, count: firstCount))
    if firstCount < range.count {
      unsafe body(UnsafeMutableRawBufferPointer(start: mapping.base, count: range.count - firstCount))
    }
  }
}
