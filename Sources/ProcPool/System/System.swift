internal import CProcPool
internal import Glibc

// Invariant of the unsafe calls below: each pointer is to a local variable or to the caller's memory, and the system
// call does not keep it.

/// Calls `body` again while a signal interrupts it.
func retryingOnInterrupt(_ body: () -> Int) -> Int {
  while true {
    let result = body()
    if result >= 0 || errno != EINTR { return result }
  }
}

/// The system's text for an error number.
func systemText(_ number: Int32) -> String {
  unsafe strerror(number).map { unsafe String(cString: $0) } ?? "error \(number)"
}

/// Converts seconds to nanoseconds, clamped to 0…30 years so that adding the result to a clock value cannot overflow.
/// NaN gives 0.
func nanoseconds(inSeconds seconds: Double) -> UInt64 { UInt64(min(max(0, seconds), 1e9) * 1e9) }

/// Waits until `descriptor` is readable, and goes on waiting when a signal interrupts.
/// - Returns: false if the monotonic clock reaches `deadline` first.
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

/// Nanoseconds of the monotonic clock.
func monotonicNanoseconds() -> UInt64 {
  var time = timespec()
  unsafe clock_gettime(CLOCK_MONOTONIC, &time)
  return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}

/// Asks the kernel for huge pages for fresh memory that is about to be filled. Most of the cost of filling it is page
/// faults: one of 0.25 µs and more for each 4 KiB.
@usableFromInline
func preferHugePages(_ memory: UnsafeMutableRawBufferPointer) {
  let pageSize = 4096
  // A huge page has 2 MiB and must be aligned: memory of twice that holds at least one.
  guard memory.count >= 4 << 20, let start = memory.baseAddress else { return }
  let offset = (pageSize - Int(bitPattern: start) % pageSize) % pageSize
  _ = unsafe madvise(start + offset, (memory.count - offset) / pageSize * pageSize, MADV_HUGEPAGE)
}

/// The number of threads of this process.
func threadCount() -> Int {
  var status = stat()
  // Each thread is a folder in this one, so the links count them, besides "." and "..". Unlike a listing, `stat` needs
  // no descriptor, which there may be none left of.
  guard unsafe stat("/proc/self/task", &status) == 0, status.st_nlink > 2 else { return 1 }
  return Int(status.st_nlink) - 2
}

/// A process's anonymous private memory in bytes; 0 if it cannot be read. In a fork that is what it inherited plus what
/// it has added; a page counts once, however often it is written.
func anonymousMemory(of pid: pid_t) -> Int {
  let pages = fileText("/proc/\(pid)/statm").split(separator: " ").compactMap { Int($0) }
  return pages.count > 2 ? (pages[1] - pages[2]) * sysconf(Int32(_SC_PAGESIZE)) : 0
}

/// The peak resident memory of a living process in bytes; 0 if it cannot be read.
func peakMemory(of pid: pid_t) -> Int {
  let line = fileText("/proc/\(pid)/status").split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
  return line?.split { $0 == " " || $0 == "\t" }.dropFirst().first.flatMap { Int($0) }.map { $0 * 1024 } ?? 0
}

/// The text of a small file of the kernel, which one `read` returns whole; empty if it cannot be read.
func fileText(_ path: String) -> String {
  let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { return "" }
  defer { close(descriptor) }
  var bytes = [UInt8](repeating: 0, count: 4096)
  let count = unsafe read(descriptor, &bytes, bytes.count)
  return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
}
