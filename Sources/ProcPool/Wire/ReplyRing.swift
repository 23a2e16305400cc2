internal import CProcPool
internal import Glibc
internal import Synchronization

/// The memory that a worker shares with its parent: replies on their way, claims, times, and the end of its `stderr`.
///
/// A worker that ran a task of a microsecond must not pay a system call for its reply; a reply must not wait for the
/// next task, which may take hours; and a worker that is killed must not take finished replies with it. So replies are
/// written here, and the parent finds them whenever it looks, whether the worker is alive or dead.
///
/// Who writes what. Only the worker writes the bytes, `published`, `beginTime` and its times; only the parent writes
/// `consumed`. Positions count all bytes of replies from the worker's start; the byte at position p lies at p modulo
/// the size. The worker writes only at positions below `consumed` + size, and stores `published` after the bytes
/// (release). The parent reads only below a `published` that it has loaded (acquire), and stores `consumed` after that.
/// So no byte is written and read at the same time, wherever either dies.
///
/// Who sleeps. The parent sets `isParentAsleep` in every ring, looks at every ring once more, and only then waits. A
/// worker publishes and then checks its flag. All four operations are sequentially consistent, so in their single order
/// at least one side sees the other. A worker that finds the ring full waits for `room`, by the argument of
/// `SharedSignal`, for a second at a time, and then checks that its parent lives.
///
/// Who is trusted. No other worker has this memory, but this one may overwrite all of it. So the parent keeps its own
/// `consumed`, reads each word once, and throws `WorkerDamage` if it is impossible.
///
/// Invariant: `mapping` lives as long as this object, and every pointer lies in it.
@safe
final class ReplyRing {
  static let byteCount = 262_144
  private let mapping: SharedMapping
  private let bytes: UnsafeMutableRawPointer
  private let published: UnsafeMutablePointer<Atomic<UInt64>>
  private let consumed: UnsafeMutablePointer<Atomic<UInt64>>
  private let beginTime: UnsafeMutablePointer<Atomic<UInt64>>
  private let isParentAsleep: UnsafeMutablePointer<Atomic<UInt64>>
  private let times: UnsafeMutablePointer<Atomic<UInt64>>
  /// Raised by the parent after it has consumed.
  private let room: SharedSignal
  /// The parent's own position, which a worker cannot overwrite.
  private var consumedCount: UInt64 = 0
  let claims: ClaimTable
  let stderrTail: StderrTail

  /// Size of the mapping.
  static let mappedByteCount = claimOffset + ClaimTable.byteCount + StderrTail.byteCount
  private static let claimOffset = byteCount + 512

  /// - Parameter memory: a descriptor of zeroed memory, for a worker that does not inherit the mapping.
  init(memory: Int32? = nil) throws(PoolError) {
    mapping = try SharedMapping(byteCount: Self.mappedByteCount, descriptor: memory)
    unsafe bytes = UnsafeMutableRawPointer(mapping.pointer(at: 0, to: UInt8.self, count: Self.byteCount))
    // Each word has its own cache line, after the bytes: parent and worker write different ones.
    unsafe published = mapping.word(at: Self.byteCount)
    unsafe consumed = mapping.word(at: Self.byteCount + 64)
    unsafe beginTime = mapping.word(at: Self.byteCount + 128)
    unsafe isParentAsleep = mapping.word(at: Self.byteCount + 320)
    unsafe times = mapping.pointer(at: Self.byteCount + 256, to: Atomic<UInt64>.self, count: 4)
    unsafe room = SharedSignal(word: mapping.word(at: Self.byteCount + 192, UInt32.self))
    claims = ClaimTable(in: mapping, at: Self.claimOffset)
    stderrTail = StderrTail(in: mapping, at: Self.claimOffset + ClaimTable.byteCount)
  }

  // MARK: Parent

  /// Leaves it out of workers forked from now on: no worker has another's memory.
  func keepFromForks() { mapping.keepFromForks() }

  /// When the worker began its latest task, on the monotonic clock; `nil` while it waits for room for the result.
  var lastBeginTime: UInt64? {
    let time = unsafe beginTime.pointee.load(ordering: .relaxed)
    return time == .max ? nil : time
  }

  /// The times that a worker reports.
  enum Time: Int {
    /// When it reached its first instruction of ours, on the monotonic clock; 0 before.
    case arrival
    /// Time in the initializer.
    case initializer
    /// Time idle.
    case waiting
    /// Time spent copying large replies, or waiting for room for them.
    case sending
  }

  /// Whether the worker has reached our code.
  var hasArrived: Bool { time(.arrival) > 0 }

  /// In nanoseconds.
  func time(_ time: Time) -> UInt64 { unsafe times[time.rawValue].load(ordering: .acquiring) }

  /// Asks the worker to ring from now on. The caller must drain once more after this.
  func beginSleep() { unsafe isParentAsleep.pointee.store(1, ordering: .sequentiallyConsistent) }

  /// The parent is awake and looks by itself. A late ring does no harm, so relaxed is enough.
  func endSleep() { unsafe isParentAsleep.pointee.store(0, ordering: .relaxed) }

  /// Moves the replies that the worker has published to `buffer`.
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

  /// Adds to a time.
  func add(_ nanoseconds: UInt64, to time: Time) {
    // Load and store, as only the worker writes it.
    let sum = unsafe times[time.rawValue].load(ordering: .relaxed) &+ nanoseconds
    unsafe times[time.rawValue].store(sum, ordering: .releasing)
  }

  /// Records the beginning of a task that is about to be claimed.
  func noteBegin(at now: UInt64) { unsafe beginTime.pointee.store(now, ordering: .relaxed) }

  /// Appends one reply, in parts if it does not fit, and rings if the parent sleeps.
  /// - Returns: whether there was room at once.
  @inline(__always)
  func append(_ reply: RawSpan, _ doorbell: DoorbellEnd, beforeRinging check: () -> Void) -> Bool {
    var sent = 0
    var hadRoom = true
    while sent < reply.byteCount {
      // Relaxed, as only this process writes it.
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

  /// Whether the parent sleeps and no ring has woken it since. The load comes first because an exchange takes the cache
  /// line from the parent, which is awake most of the time.
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

  /// The one or two stretches of memory that hold a range of positions.
  private func forEachSegment(_ range: Range<UInt64>, _ body: (UnsafeMutableRawBufferPointer) -> Void) {
    let first = Int(range.lowerBound % UInt64(Self.byteCount))
    let firstCount = min(range.count, Self.byteCount - first)
    unsafe body(UnsafeMutableRawBufferPointer(start: bytes + first, count: firstCount))
    if firstCount < range.count {
      unsafe body(UnsafeMutableRawBufferPointer(start: bytes, count: range.count - firstCount))
    }
  }
}
