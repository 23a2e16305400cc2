/// The processor time that control groups grant a process, as containers and services limit it. A limit of an outer group
/// holds for all groups in it, so the smallest on the way to the root counts.
package enum CPUQuota {
  /// What the kernel grants, in cores, rounded up; `nil` where there is no limit.
  /// - Parameter text: the content of a file, `nil` where there is none.
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

  /// Microseconds of processor time in a period. Version 1 says -1 and version 2 says "max" where there is no limit.
  private static func cores(quota: Substring, period: Substring) -> Int? {
    guard let quota = Int(quota), let period = Int(period), quota > 0, period > 0 else { return nil }
    return (quota - 1) / period + 1
  }
}

extension CPUQuota {
  /// Where a hierarchy of groups is shown as folders.
  fileprivate struct Mount {
    enum Version { case one, two }

    var version: Version
    /// The group that the mount point shows: in a container, its own.
    var root = ""
    var point: String

    /// Where they are by convention; /proc, which tells it, may be missing.
    static let usual = [
      Mount(version: .two, point: "/sys/fs/cgroup"), Mount(version: .two, point: "/sys/fs/cgroup/unified"),
      Mount(version: .one, point: "/sys/fs/cgroup/cpu"), Mount(version: .one, point: "/sys/fs/cgroup/cpu,cpuacct"),
    ]

    /// Folders of a group and of all that it lies in, as far as the mount shows them.
    func folders(to group: Substring) -> [String] {
      var path = group
      if path == root || path.hasPrefix("\(root)/") { path = path.dropFirst(root.count) }
      var folders = [point]
      // Outside the root of a namespace, groups are called "/../…", and cannot be seen.
      if path.split(separator: "/").contains("..") { return folders }
      for name in path.split(separator: "/") { folders.append("\(folders[folders.count - 1])/\(name)") }
      return folders
    }
  }
}

extension CPUQuota.Mount {
  /// A line of mountinfo, if it is of groups that limit processor time: "36 35 0:30 /root /point rw … - type source options".
  fileprivate init?(line: Substring) {
    let fields = line.split(separator: " ")
    guard fields.count > 5, let dash = fields.firstIndex(of: "-"), dash + 1 < fields.count, dash > 4 else { return nil }
    switch fields[dash + 1] {
    case "cgroup2": version = .two
    case "cgroup" where fields[fields.count - 1].split(separator: ",").contains("cpu"): version = .one
    default: return nil
    }
    root = fields[3] == "/" ? "" : String(fields[3])
    point = String(fields[4])
  }
}

extension CPUQuota.Mount.Version {
  /// The group of the process, from lines such as "0::/path" (version 2) and "4:cpu,cpuacct:/path"; the root where there
  /// is none.
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
