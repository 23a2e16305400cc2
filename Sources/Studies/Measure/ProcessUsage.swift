internal import Glibc
internal import Platform

/// What this process and the children that it has waited for have used so far.
struct ProcessUsage {
  private(set) var userSeconds = 0.0
  private(set) var systemSeconds = 0.0
  private(set) var voluntarySwitches = 0
  private(set) var involuntarySwitches = 0
  private(set) var minorFaults = 0
  private(set) var majorFaults = 0
  /// Peak resident memory of the largest of them.
  private(set) var largestPeakBytes = 0

  /// As of now.
  init() {
    for who in [RUSAGE_SELF, RUSAGE_CHILDREN] {
      var usage = rusage()
      guard unsafe getrusage(who.rawValue, &usage) == 0 else { continue }
      userSeconds += Self.seconds(usage.ru_utime)
      systemSeconds += Self.seconds(usage.ru_stime)
      voluntarySwitches += usage.ru_nvcsw
      involuntarySwitches += usage.ru_nivcsw
      minorFaults += usage.ru_minflt
      majorFaults += usage.ru_majflt
      largestPeakBytes = max(largestPeakBytes, usage.ru_maxrss * 1024)
    }
  }

  private static func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) * 1e-6 }
}

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
    let children = (Proc.childPIDs ?? []).map(String.init)
    for process in ["self"] + children {
      func bytes(_ name: String) -> Int { Proc.statusBytes(name, ofProcess: process) ?? 0 }
      let shared = bytes("RssFile") + bytes("RssShmem")
      ownBytes += max(0, bytes("VmHWM") - shared)
      sharedBytes = max(sharedBytes, shared)
    }
    return ownBytes + sharedBytes
  }
}
