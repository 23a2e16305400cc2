internal import Glibc

/// The memory that this process and its children have had at their peaks.
///
/// The kernel keeps a peak of resident memory for each process, pages that it shares with others included, so the sum of
/// peaks counts shared memory and the code of libraries once per process. Here they are taken off each peak and added
/// once, as large as they are in the process that has most of them.
enum PeakMemory {
  /// Of this process and those of its children that are alive.
  static func summedBytes() -> Int {
    var ownBytes = 0
    var sharedBytes = 0
    for process in ["self"] + childNames {
      guard let status = SystemFile.text("/proc/\(process)/status") else { continue }
      let shared = kilobytes("RssFile", in: status) + kilobytes("RssShmem", in: status)
      ownBytes += 1024 * max(0, kilobytes("VmHWM", in: status) - shared)
      sharedBytes = max(sharedBytes, 1024 * shared)
    }
    return ownBytes + sharedBytes
  }

  private static var childNames: [String] {
    let text = SystemFile.text("/proc/self/task/\(getpid())/children") ?? ""
    return text.split(separator: " ").map(String.init)
  }

  static func kilobytes(_ name: String, in status: String) -> Int {
    for line in status.split(separator: "\n") where line.hasPrefix("\(name):") {
      return line.split(whereSeparator: { " \t".contains($0) }).dropFirst().first.flatMap { Int($0) } ?? 0
    }
    return 0
  }
}
