internal import FoundationEssentials
internal import Glibc
internal import Imaging
internal import Platform
internal import SystemPackage

/// Finds out what a study is measured on.
public enum MachineProbe {
  /// Processor and cores, for the name of a folder: "amd-epyc-2cores".
  public static var name: String {
    let kept = cpuModel.lowercased().split(separator: "@")[0].split(separator: " ").filter { word in
      !word.contains("(") && !word.hasSuffix("-core") && word != "cpu" && word != "processor"
    }
    let parts = kept.flatMap { $0.split { !($0.isASCII && ($0.isLetter || $0.isNumber)) } }
    return (parts.map(String.init) + ["\(Cores.available)cores"]).joined(separator: "-")
  }

  /// The short hash of the sources that the working folder belongs to, marked where files differ from it; "nocommit"
  /// outside a repository.
  public static var commit: String {
    guard let git = Program.find("git") else { return "nocommit" }
    let head = git.run(["rev-parse", "--short", "HEAD"])
    let hash = head.text.prefix { $0.isHexDigit }
    guard head.status == 0, !hash.isEmpty else { return "nocommit" }
    return hash + (git.run(["diff", "--quiet", "HEAD"]).status == 0 ? "" : "-changed")
  }

  /// Now, UTC, to the second.
  public static var time: String { Date.now.formatted(.iso8601) }

  /// Everything but the memory's bandwidth, for a run that writes to `folder`.
  static func facts(folder: String) -> MachineFacts {
    MachineFacts(
      machine: name, cpuModel: cpuModel, cores: Cores.available, physicalCores: physicalCoreCount, caches: caches,
      memoryBytes: sysconf(Int32(_SC_PAGESIZE)) * sysconf(Int32(_SC_PHYS_PAGES)), memoryBandwidth: nil,
      kernel: (Proc.word("/proc/sys/kernel/osrelease") ?? "unknown").prefix { $0 != "-" }.description,
      system: system, fileSystem: Proc.fileSystem(of: FilePath(text: folder)) ?? "unknown",
      loadAverageBefore: LoadAverage.lastMinute ?? 0,
      date: "\(time.prefix(16))Z", commit: commit, versions: versions)
  }

  private static var cpuModel: String { Proc.value(of: "model name", in: "/proc/cpuinfo") ?? "unknown" }

  private static var system: String {
    let value = Proc.value(of: "PRETTY_NAME", in: "/etc/os-release", separator: "=") ?? "unknown"
    return value.split(separator: "\"").first.map(String.init) ?? value
  }

  private static var physicalCoreCount: Int {
    let cores = (0..<4096).lazy.map { "/sys/devices/system/cpu/cpu\($0)/topology" }
      .map { (package: Proc.word(FilePath("\($0)/physical_package_id")), core: Proc.word(FilePath("\($0)/core_id"))) }
      .prefix { $0.core != nil }
      .map { "\($0.package ?? "") \($0.core ?? "")" }
    return max(1, Set(cores).count)
  }

  private static var caches: [MachineFacts.Cache] {
    (0..<16).compactMap { index in
      let folder = FilePath("/sys/devices/system/cpu/cpu0/cache/index\(index)")
      guard let level = Proc.word(folder.appending("level")).flatMap({ Int($0) }),
        let type = Proc.word(folder.appending("type")), let size = Proc.word(folder.appending("size"))
      else { return nil }
      let shared = Proc.word(folder.appending("shared_cpu_list")) ?? ""
      return MachineFacts.Cache(
        level: level, type: type, byteCount: byteCount(size), sharedByCores: coreCount(inList: shared))
    }
  }

  /// Of "512K" or "32M".
  static func byteCount(_ size: String) -> Int {
    let number = Int(size.prefix(while: \.isNumber)) ?? 0
    return number << (size.hasSuffix("K") ? 10 : size.hasSuffix("M") ? 20 : 0)
  }

  /// Of a list such as "0-3,8".
  static func coreCount(inList list: String) -> Int {
    list.split(separator: ",").map { part in
      let ends = part.split(separator: "-").compactMap { Int($0) }
      return ends.count == 2 ? ends[1] - ends[0] + 1 : ends.count
    }.reduce(0, +)
  }

  private static var versions: [String: String] {
    var versions = ImagingRuntime.libraryVersions
    #if compiler(>=6.4)
      versions["swift"] = "6.4 or later"
    #elseif compiler(>=6.3)
      versions["swift"] = "6.3"
    #else
      versions["swift"] = "before 6.3"
    #endif
    return versions
  }
}
