internal import CPlatform
internal import Glibc
internal import SystemPackage

/// How many processors this process may keep busy.
package enum Cores {
  /// The smallest of the processors online, the processors that the process may run on, and the quota of its control
  /// groups; at least 1. Computed once: a worker that is bound to a processor has inherited the number.
  package static let available = count(
    online: sysconf(Int32(_SC_NPROCESSORS_ONLN)), allowed: Int(cplatform_allowed_processor_count()),
    quota: CPUQuota.cores { Proc.text(FilePath($0)) })

  /// The smallest known number; an unknown one is 0, negative or `nil`.
  package static func count(online: Int, allowed: Int, quota: Int?) -> Int {
    [online, allowed, quota ?? 0].filter { $0 > 0 }.min() ?? 1
  }
}

/// The CPU quota of control groups, as used by containers and services. The limit of an outer group holds for all
/// groups in it, so the smallest on the way to the root counts.
package enum CPUQuota {
  /// The quota in cores, rounded up; `nil` if there is no limit.
  /// - Parameter text: the content of a file; `nil` if there is none.
  package static func cores(_ text: (_ path: String) -> String?) -> Int? {
    let groups = text("/proc/self/cgroup") ?? ""
    let mounts =
      Mount.usual + (text("/proc/self/mountinfo") ?? "").split(separator: "\n").compactMap { Mount(line: $0) }
    let folders = Set(mounts.flatMap { mount in mount.folders(to: mount.version.path(in: groups)) })
    return folders.compactMap { limit(in: $0, text) }.min()
  }

  private static func limit(in folder: String, _ text: (_ path: String) -> String?) -> Int? {
    if let limit = text("\(folder)/cpu.max") {
      let parts = limit.split(whereSeparator: \.isWhitespace)
      return parts.count == 2 ? cores(quota: parts[0], period: parts[1]) : nil
    }
    guard let quota = text("\(folder)/cpu.cfs_quota_us"), let period = text("\(folder)/cpu.cfs_period_us") else {
      return nil
    }
    return cores(quota: quota.prefix { !$0.isWhitespace }, period: period.prefix { !$0.isWhitespace })
  }

  /// Microseconds of CPU time per period. Without a limit, version 1 says -1 and version 2 says "max".
  private static func cores(quota: Substring, period: Substring) -> Int? {
    guard let quota = Int(quota), let period = Int(period), quota > 0, period > 0 else { return nil }
    return (quota - 1) / period + 1
  }
}

extension CPUQuota {
  /// The mount point of a cgroup hierarchy.
  fileprivate struct Mount {
    enum Version { case one, two }

    var version: Version
    /// The group at the mount point: in a container, its own.
    var root = ""
    var point: String

    /// The conventional mount points, because /proc may be missing.
    static let usual = [
      Mount(version: .two, point: "/sys/fs/cgroup"), Mount(version: .two, point: "/sys/fs/cgroup/unified"),
      Mount(version: .one, point: "/sys/fs/cgroup/cpu"), Mount(version: .one, point: "/sys/fs/cgroup/cpu,cpuacct"),
    ]

    /// The folders of a group and all groups above it, as far as the mount shows them.
    func folders(to group: Substring) -> [String] {
      var path = group
      if path == root || path.hasPrefix("\(root)/") { path = path.dropFirst(root.count) }
      var folders = [point]
      // Groups outside the root of a namespace are called "/../…", and are not visible.
      if path.split(separator: "/").contains("..") { return folders }
      for name in path.split(separator: "/") { folders.append("\(folders[folders.count - 1])/\(name)") }
      return folders
    }
  }
}

extension CPUQuota.Mount {
  /// Parses a line of mountinfo; `nil` unless it is of groups that limit CPU time: "36 35 0:30 /root /point rw … - type
  /// source options".
  fileprivate init?(line: Substring) {
    let fields = line.split(separator: " ")
    guard fields.count > 5, let dash = fields.firstIndex(of: "-"), dash + 1 < fields.count, dash > 4 else { return nil }
    switch fields[dash + 1] {
    case "cgroup2": version = .two
    case "cgroup" where fields[fields.count - 1].split(separator: ",").contains("cpu"): version = .one
    default: return nil
    }
    root = fields[3] == "/" ? "" : Proc.unescaped(fields[3])
    point = Proc.unescaped(fields[4])
  }
}

extension CPUQuota.Mount.Version {
  /// The group of the process, from lines such as "0::/path" (version 2) and "4:cpu,cpuacct:/path" (version 1); the
  /// root if there is none.
  fileprivate func path(in groups: String) -> Substring {
    for line in groups.split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { continue }
      switch self {
      case .two where parts[0] == "0" && parts[1].isEmpty: return parts[2]
      case .one where parts[1].split(separator: ",").contains("cpu"): return parts[2]
      default: continue
      }
    }
    return ""
  }
}
