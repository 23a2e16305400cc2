internal import FoundationEssentials
internal import Glibc
internal import Platform
internal import SystemPackage

/// Resources used so far by this process and the children it has reaped.
struct ProcessUsage {
  private(set) var userSeconds = 0.0
  private(set) var systemSeconds = 0.0
  private(set) var voluntarySwitches = 0
  private(set) var involuntarySwitches = 0
  private(set) var minorFaults = 0
  private(set) var majorFaults = 0
  /// Peak resident memory of the largest process.
  private(set) var largestPeakBytes = 0

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

/// Peak memory of this process and its children.
///
/// The kernel's peak of resident memory of a process includes shared pages, so a sum of peaks would count shared memory
/// and library code once per process. Here they are subtracted from each peak and added once, at their size in the
/// process that has most of them.
enum PeakMemory {
  /// Of this process and its live children.
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

/// Drops and describes the page cache.
enum PageCache {
  /// Its state while a study is measured, as a sentence for `study.json`.
  static func statement(isCold: Bool) -> String {
    guard isCold else {
      return "warm: the images were read before the first cell that counts; copies are written to the page cache and "
        + "removed before the next cell"
    }
    let rest =
      File.mayDropAllFromCache
      ? "and so is everything else that is on the disk already" : "but nothing else, as this user may not drop it"
    return "cold: the images are dropped from the page cache before each cell, \(rest)"
  }

  /// Drops the files of a folder and, if permitted, all clean pages.
  static func drop(_ folder: String) {
    sync()  // dirty pages cannot be dropped
    let names = (try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? []
    for name in names { File.dropFromCache(FilePath("\(folder)/\(name)")) }
    File.dropAllFromCache()
  }
}
