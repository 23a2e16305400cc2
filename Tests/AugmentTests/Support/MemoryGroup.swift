import Foundation
import Glibc

/// A control group whose processes may take so much memory together; the kernel kills one of them when it is not enough.
final class MemoryGroup {
  private let path: String

  /// Whether this process may make one.
  static let mayBeMade = MemoryGroup(mebibytes: 64) != nil

  /// - Returns: `nil` if there is no controller, or no permission.
  init?(mebibytes: Int) {
    let name = "augment-test-\(UUID().uuidString)"
    // Version 1 of control groups, then version 2.
    for (folder, limit) in [("memory", "memory.limit_in_bytes"), ("", "memory.max")] {
      let path = "/sys/fs/cgroup/\(folder)/\(name)"
      guard unsafe mkdir(path, 0o755) == 0 else { continue }
      if (try? Data("\(mebibytes << 20)".utf8).write(to: URL(filePath: "\(path)/\(limit)"))) != nil {
        self.path = path
        return
      }
      unsafe rmdir(path)
    }
    return nil
  }

  deinit { unsafe rmdir(path) }

  /// A command prefix that runs a program in the group.
  var prefix: [String] { ["sh", "-c", "echo $$ > \"$0/cgroup.procs\" && exec \"$@\"", path] }
}
