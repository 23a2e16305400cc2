internal import CProcPool
internal import Glibc
internal import Synchronization

/// Calls `body` again for as long as a signal interrupts it.
func retryingOnInterrupt(_ body: () -> Int) -> Int {
  while true {
    let result = body()
    if result >= 0 || errno != EINTR { return result }
  }
}

/// What the system says of an error number.
func systemText(_ number: Int32) -> String {
  unsafe strerror(number).map { unsafe String(cString: $0) } ?? "error \(number)"
}

/// Seconds as a caller gives them, be they negative, infinite or no number: at most 30 years, which can be added to a time.
func nanoseconds(inSeconds seconds: Double) -> UInt64 { UInt64(min(max(0, seconds), 1e9) * 1e9) }

/// Nanoseconds of the clock that is never set back.
func monotonicNanoseconds() -> UInt64 {
  var time = timespec()
  unsafe clock_gettime(CLOCK_MONOTONIC, &time)
  return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}

/// Asks for large pages for fresh memory that is about to be filled: most of what it costs to touch memory for the first
/// time is one fault of 0.25 µs and more for each 4 KiB.
@usableFromInline
func preferHugePages(_ memory: UnsafeMutableRawBufferPointer) {
  let pageSize = 4096
  guard memory.count >= 4 << 20, let start = memory.baseAddress else { return }
  let offset = (pageSize - Int(bitPattern: start) % pageSize) % pageSize
  _ = unsafe madvise(start + offset, (memory.count - offset) / pageSize * pageSize, MADV_HUGEPAGE)
}

/// Threads of this process, from the kernel.
func threadCount() -> Int {
  var status = stat()
  // Each thread is a folder in this one, which has two names besides; asking so needs no descriptor.
  guard unsafe stat("/proc/self/task", &status) == 0, status.st_nlink > 2 else { return 1 }
  return Int(status.st_nlink) - 2
}

/// Bytes of memory that a process shares with no other, 0 where that cannot be told.
func privateMemory(of pid: pid_t) -> Int {
  let pages = fileText("/proc/\(pid)/statm").split(separator: " ").compactMap { Int($0) }
  return pages.count > 2 ? (pages[1] - pages[2]) * sysconf(Int32(_SC_PAGESIZE)) : 0
}

/// The most bytes of memory that a living process ever had, 0 where that cannot be told.
func peakMemory(of pid: pid_t) -> Int {
  let line = fileText("/proc/\(pid)/status").split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
  return line?.split { $0 == " " || $0 == "\t" }.dropFirst().first.flatMap { Int($0) }.map { $0 * 1024 } ?? 0
}

/// What a small file of the kernel says; nothing where it cannot be read.
private func fileText(_ path: String) -> String {
  let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { return "" }
  defer { close(descriptor) }
  var bytes = [UInt8](repeating: 0, count: 4096)
  let count = unsafe read(descriptor, &bytes, bytes.count)
  return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
}

/// Descriptors that belong to the pools of this process. A forked child closes all of them but its own: a copy of a
/// parent's end, held by a sibling, would keep an end of file from being seen.
enum OpenDescriptors {
  /// Pools of several threads use it. No fork finds it locked: whoever forks has one thread.
  private static let numbers = Mutex<Set<Int32>>([])

  static func insert(_ number: Int32) { numbers.withLock { _ = $0.insert(number) } }

  /// - Returns: whether it was still there: in a child, those of its parent are not.
  static func remove(_ number: Int32) -> Bool { numbers.withLock { $0.remove(number) != nil } }

  static func closeAll(but kept: [Int32]) {
    numbers.withLock { numbers in
      for number in numbers where !kept.contains(number) { close(number) }
      numbers.formIntersection(kept)
    }
  }
}

/// The owner of one open descriptor.
struct Descriptor: ~Copyable {
  let number: Int32

  init(owning number: Int32) {
    self.number = number
    OpenDescriptors.insert(number)
  }

  deinit {
    if OpenDescriptors.remove(number) { close(number) }
  }
}

/// A pipe, close-on-exec, whose writing end may be closed before the rest.
struct Pipe: ~Copyable {
  let reading: Descriptor
  private var writing: Descriptor?
  /// The descriptor of the writing end; -1 once it is closed.
  private(set) var writingNumber: Int32

  init() throws(PoolError) {
    var ends: [Int32] = [-1, -1]
    guard unsafe cprocpool_pipe(&ends) == 0 else { throw .systemCall("pipe2", errno: errno) }
    reading = Descriptor(owning: ends[0])
    writing = Descriptor(owning: ends[1])
    writingNumber = ends[1]
  }

  mutating func closeWriting() {
    writing = nil
    writingNumber = -1
  }
}

/// Memory that processes share.
@safe
struct SharedMapping: ~Copyable {
  let base: UnsafeMutableRawPointer
  let byteCount: Int

  /// Zeroed memory that every child forked later shares with this process; with a descriptor, the memory that it stands for.
  init(byteCount: Int, descriptor: Int32? = nil) throws(PoolError) {
    guard let base = unsafe cprocpool_map_shared(byteCount, descriptor ?? -1) else {
      throw .systemCall("mmap", errno: errno)
    }
    unsafe self.base = base
    self.byteCount = byteCount
  }

  deinit { unsafe munmap(base, byteCount) }

  /// The eight bytes at `offset` as a word that processes share.
  func word(at offset: Int) -> UnsafeMutablePointer<Atomic<UInt64>> {
    precondition(offset % 8 == 0 && offset + 8 <= byteCount, "an aligned word inside the mapping")
    return unsafe (base + offset).bindMemory(to: Atomic<UInt64>.self, capacity: 1)
  }
}
