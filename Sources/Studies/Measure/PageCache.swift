internal import FoundationEssentials
internal import Glibc

/// What the kernel keeps of files in memory.
enum PageCache {
  private static let dropPath = "/proc/sys/vm/drop_caches"

  /// What it holds while a study is measured; one sentence for `study.json`.
  static func statement(isCold: Bool) -> String {
    guard isCold else {
      return "warm: the images were read before the first cell that counts; copies are written to the page cache and "
        + "removed before the next cell"
    }
    let rest =
      mayDropAll
      ? "and so is everything else that is on the disk already" : "but nothing else, as this user may not drop it"
    return "cold: the images are dropped from the page cache before each cell, \(rest)"
  }

  /// Drops the files of a folder, and where that is permitted all that can be read from the disk again.
  static func drop(_ folder: String) {
    sync()  // what is not on the disk yet cannot be dropped
    let names = (try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? []
    for name in names {
      let descriptor = unsafe open("\(folder)/\(name)", O_RDONLY | O_CLOEXEC | O_NONBLOCK)
      guard descriptor >= 0 else { continue }
      posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED)
      close(descriptor)
    }
    dropAll()
  }

  private static var mayDropAll: Bool { unsafe access(dropPath, W_OK) == 0 }

  private static func dropAll() {
    let descriptor = unsafe open(dropPath, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    _ = unsafe write(descriptor, "1", 1)
    close(descriptor)
  }
}
