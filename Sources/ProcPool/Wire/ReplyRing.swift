internal import CProcPool
internal import Glibc
internal import Synchronization

/// The memory that one worker shares with its parent: its replies on their way, how far it has come, which tasks it may
/// begin and its last words.
///
/// A worker that ran a task of a microsecond must not pay a system call for its reply; a reply must not wait for the
/// task after it, which may take hours; and a worker that is killed must not take finished replies with it. So replies
/// are written here, where the parent finds them whenever it looks, whether the worker still lives or not.
///
/// Who writes what. The worker alone writes the bytes, `published`, `beginTime` and its times; the parent alone writes
/// `consumed`. Positions count all bytes of replies from the worker's start, and the byte at position p lies at
/// p modulo the size. The worker writes bytes only at positions below `consumed` + size and stores `published` after
/// them (release); the parent reads only bytes below a `published` that it has loaded (acquire) and stores `consumed`
/// after that. So no byte is written and read at the same time, whoever dies at whatever line.
///
/// Who sleeps. The parent sets `isParentAsleep` of every ring, looks at every ring once more, and only then waits; a worker
/// publishes and then looks at its flag; both in the single order of sequentially consistent operations, so at least
/// one of them sees the other. A worker that finds the ring full waits for `room`, by the argument of
/// `SharedSignal`, a second at a time: it looks whether there still is a parent.
///
/// Who is trusted. No other worker has this memory, but this one may write anything over it. So the parent keeps its own
/// `consumed`, reads each word once, and throws `WorkerDamage` where it makes no sense.
@safe
final class ReplyRing {
  static let byteCount = 262_144
  private let mapping: SharedMapping
  private let published: UnsafeMutablePointer<Atomic<UInt64>>
  private let consumed: UnsafeMutablePointer<Atomic<UInt64>>
  private let beginTime: UnsafeMutablePointer<Atomic<UInt64>>
  private let isParentAsleep: UnsafeMutablePointer<Atomic<UInt64>>
  private let times: UnsafeMutablePointer<Atomic<UInt64>>
  /// Raised by the parent when it has consumed.
  private let room: SharedSignal
  /// The parent's own.
  private var consumedCount: UInt64 = 0
  let claims: ClaimTable
  let lastWords: LastWords

  /// What it takes of memory.
  static let mappedByteCount = claimOffset + ClaimTable.byteCount + LastWords.byteCount
  private static let claimOffset = byteCount + 512

  /// - Parameter memory: a descriptor of zeroed memory, for a worker that does not inherit the mapping.
  init(memory: Int32? = nil) throws(PoolError) {
    mapping = try SharedMapping(byteCount: Self.mappedByteCount, descriptor: memory)
    // Words on cache lines of their own, behind the bytes.
    unsafe published = mapping.word(at: Self.byteCount)
    unsafe consumed = mapping.word(at: Self.byteCount + 64)
    unsafe beginTime = mapping.word(at: Self.byteCount + 128)
    unsafe isParentAsleep = mapping.word(at: Self.byteCount + 320)
    unsafe times = mapping.word(at: Self.byteCount + 256)
    let roomWord = unsafe (mapping.base + Self.byteCount + 192).bindMemory(to: Atomic<UInt32>.self, capacity: 1)
    unsafe room = SharedSignal(word: roomWord)
    claims = ClaimTable(in: mapping, at: Self.claimOffset)
    lastWords = LastWords(in: mapping, at: Self.claimOffset + ClaimTable.byteCount)
  }

  // MARK: Parent

  /// Workers forked from now on do not have it.
  func keepFromForks() { mapping.keepFromForks() }

  /// When the worker began its last task, in nanoseconds of the monotonic clock; `nil` while it waits for room for the
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

  /// From now on the worker rings. What it published before must be looked for after this.
  func beginSleep() { unsafe isParentAsleep.pointee.store(1, ordering: .sequentiallyConsistent) }

  /// The parent is awake and looks for itself.
  func endSleep() { unsafe isParentAsleep.pointee.store(0, ordering: .relaxed) }

  /// Moves what the worker has published to `buffer`.
  /// - Returns: whether there was anything.
  func drain(into buffer: inout ByteBuffer) throws(WorkerDamage) -> Bool {
    let start = consumedCount
    let end = unsafe published.pointee.load(ordering: .sequentiallyConsistent)
    if end == start { return false }
    guard end > start, end - start <= UInt64(Self.byteCount) else { throw WorkerDamage(part: "replies") }
    unsafe forEachSegment(start..<end) { unsafe buffer.append($0.bytes) }
    consumedCount = end
    unsafe consumed.pointee.store(end, ordering: .sequentiallyConsistent)
    room.raise()
    return true
  }

  // MARK: Worker

  /// Adds nanoseconds to what is told of a time.
  func add(_ nanoseconds: UInt64, to time: Time) {
    // One writer.
    let sum = unsafe times[time.rawValue].load(ordering: .relaxed) &+ nanoseconds
    unsafe times[time.rawValue].store(sum, ordering: .releasing)
  }

  /// Notes when a task begins that is about to be claimed.
  func noteBegin(at now: UInt64) { unsafe beginTime.pointee.store(now, ordering: .relaxed) }

  /// Appends one reply, and rings whenever there is something new to see that the parent sleeps through.
  /// - Returns: whether there was room for it at once.
  @inline(__always)
  func append(_ reply: RawSpan, _ doorbell: DoorbellEnd, beforeRinging check: () -> Void) -> Bool {
    var sent = 0
    var hadRoom = true
    while sent < reply.byteCount {
      let start = unsafe published.pointee.load(ordering: .relaxed)
      var room = room(behind: start)
      if room == nil {
        hadRoom = false
        unsafe beginTime.pointee.store(.max, ordering: .relaxed)
        room = waitForRoom(behind: start, doorbell)
      }
      let count = min(reply.byteCount - sent, room ?? 0)
      write(reply.extracting(sent..<sent + count), at: start)
      unsafe published.pointee.store(start + UInt64(count), ordering: .sequentiallyConsistent)
      sent += count
      if parentSleeps() {
        check()
        doorbell.ring()
      }
    }
    return hadRoom
  }

  /// Whether the parent sleeps and has not been woken since.
  private func parentSleeps() -> Bool {
    unsafe isParentAsleep.pointee.load(ordering: .sequentiallyConsistent) == 1
      && isParentAsleep.pointee.exchange(0, ordering: .sequentiallyConsistent) == 1
  }

  /// Bytes that may be written at `start`, at least 1.
  private func waitForRoom(behind start: UInt64, _ doorbell: DoorbellEnd) -> Int {
    while true {
      let value = room.announceWaiter()
      if let count = room(behind: start) { return count }
      room.sleep(on: value, nanoseconds: 1_000_000_000)
      doorbell.leaveIfOrphaned()
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
