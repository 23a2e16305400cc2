internal import Platform

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
