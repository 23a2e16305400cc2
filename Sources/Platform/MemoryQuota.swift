internal import Glibc
internal import SystemPackage

extension Memory {
  /// Bytes that this process and its children may have together: as many as the machine has, or its control groups allow.
  /// Computed once.
  package static let byteCount: Int = {
    let machine = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
    return min(machine, MemoryQuota.byteCount { Proc.text(FilePath($0)) } ?? machine)
  }()
}

/// The memory limit of control groups, as used by containers and services. The limit of an outer group holds for all
/// groups in it, so the smallest on the way to the root counts.
package enum MemoryQuota {
  /// The limit in bytes; `nil` if there is none.
  /// - Parameter text: the content of a file; `nil` if there is none.
  package static func byteCount(_ text: (_ path: String) -> String?) -> Int? {
    let lines = (text("/proc/self/cgroup") ?? "").split(separator: "\n").map {
      $0.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
    }
    // "0::/path" is of version 2, "9:memory:/path" of version 1.
    let second = lines.first { $0.count == 3 && $0[0] == "0" && $0[1].isEmpty }?[2]
    let first = lines.first { $0.count == 3 && $0[1].split(separator: ",").contains("memory") }?[2]
    let files =
      folders(from: "/sys/fs/cgroup", to: second).map { "\($0)/memory.max" }
      + folders(from: "/sys/fs/cgroup/memory", to: first).map { "\($0)/memory.limit_in_bytes" }
    // Without a limit, version 2 says "max", and version 1 a number that no machine has.
    return files.compactMap { text($0).flatMap { Int($0.prefix(while: \.isNumber)) } }.min()
  }

  /// The folders of a group and all groups above it; in a container, whose own group is the root, that alone.
  private static func folders(from root: String, to group: Substring?) -> [String] {
    (group ?? "").split(separator: "/").reduce(into: [root]) { folders, name in
      folders.append("\(folders[folders.count - 1])/\(name)")
    }
  }
}
