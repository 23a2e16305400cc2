internal import CProcPool
internal import Glibc

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

/// Waits until `descriptor` is readable, whatever signals arrive meanwhile.
/// - Returns: whether it is; not, once the monotonic clock has reached `deadline`.
func awaitReadable(_ descriptor: Int32, until deadline: UInt64) -> Bool {
  var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
  while true {
    let now = monotonicNanoseconds()
    let left = Int64(clamping: deadline > now ? deadline - now : 0)
    let count = unsafe cprocpool_poll(&entry, 1, left)
    if count > 0 { return true }
    if left == 0 || count < 0 && errno != EINTR { return false }
  }
}

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

/// Bytes of a process's memory that are no file's and no mapping's that others share, 0 where that cannot be told. Of a
/// fork, that is what it inherited and what has been added since; a page of either counts once, however often it was
/// written to.
func anonymousMemory(of pid: pid_t) -> Int {
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
