internal import FoundationEssentials
internal import Glibc
internal import Imaging
internal import Platform
internal import ProcPool
internal import SystemPackage

/// The content of `machine.json`: what a result was measured on, without host or user names.
package struct MachineFacts: Hashable, Codable, Sendable {
  /// A processor cache.
  package struct Cache: Hashable, Codable, Sendable {
    /// 1 is closest to the core.
    package var level: Int
    /// "Data", "Instruction" or "Unified".
    package var type: String
    /// Size of one such cache.
    package var byteCount: Int
    /// Logical cores that share one.
    package var sharedByCores: Int
  }

  /// Copy bandwidth in 10⁹ bytes per second, bytes read plus bytes written.
  package struct MemoryBandwidth: Hashable, Codable, Sendable {
    /// One core alone.
    package var oneCoreGigabytesPerSecond: Double
    /// All cores at once, summed.
    package var allCoresGigabytesPerSecond: Double
  }

  /// Processor and cores, as in the name of a results folder.
  package var machine: String
  /// From `/proc/cpuinfo`.
  package var cpuModel: String
  /// Logical cores available to the study.
  package var cores: Int
  /// Physical cores according to the kernel.
  package var physicalCores: Int
  /// Of the first core, closest first.
  package var caches: [Cache]
  /// Total memory.
  package var memoryBytes: Int
  /// Measured at the start of the study.
  package var memoryBandwidth: MemoryBandwidth?
  /// Version of the kernel.
  package var kernel: String
  /// The distribution.
  package var system: String
  /// Type of the file system that copies were written to.
  package var fileSystem: String
  /// Load average of the minute before the study.
  package var loadAverageBefore: Double
  /// Load average at the start of the study, if it was recorded separately.
  package var loadAverage: Double?
  /// Start of the study, UTC.
  package var date: String
  /// Short hash of the commit, marked if files differ from it; "nocommit" outside a repository.
  package var commit: String
  /// Of libraries and of Swift.
  package var versions: [String: String]
  /// Where the frequencies of the rows come from: "cpufreq", the true clock, or "cpuinfo", which may be nominal in a
  /// virtual machine; `nil` if the machine tells none.
  package var frequencySource: String?
  /// Where the temperatures of the rows come from: "thermal" or "hwmon"; `nil` if the machine tells none.
  package var temperatureSource: String?

  /// Load average at the start of the study.
  package var loadAtBegin: Double { loadAverage ?? loadAverageBefore }
}

/// Collects the facts of this machine.
package enum MachineProbe {
  /// Processor and cores, for the name of a folder: "amd-epyc-2cores".
  package static var name: String {
    let kept = cpuModel.lowercased().split(separator: "@")[0].split(separator: " ").filter { word in
      !word.contains("(") && !word.hasSuffix("-core") && word != "cpu" && word != "processor"
    }
    let parts = kept.flatMap { $0.split { !($0.isASCII && ($0.isLetter || $0.isNumber)) } }
    return (parts.map(String.init) + ["\(Cores.available)cores"]).joined(separator: "-")
  }

  /// Short hash of the working folder's commit, with "-changed" if files differ from it; "nocommit" outside a
  /// repository.
  package static var commit: String {
    guard let git = Program.find("git") else { return "nocommit" }
    let head = git.run(["rev-parse", "--short", "HEAD"])
    let hash = head.text.prefix { $0.isHexDigit }
    guard head.status == 0, !hash.isEmpty else { return "nocommit" }
    return hash + (git.run(["diff", "--quiet", "HEAD"]).status == 0 ? "" : "-changed")
  }

  /// Now, UTC, to the second.
  package static var time: String { Date.now.formatted(.iso8601) }

  /// All facts but the memory bandwidth, for a run that writes to `folder`.
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

  /// Bytes of a size such as "512K" or "32M".
  static func byteCount(_ size: String) -> Int {
    let number = Int(size.prefix(while: \.isNumber)) ?? 0
    return number << (size.hasSuffix("K") ? 10 : size.hasSuffix("M") ? 20 : 0)
  }

  /// Number of cores in a list such as "0-3,8".
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

/// Measures how fast memory is copied, in separate processes.
enum MemoryBandwidthProbe {
  /// Size of source and of target: each is larger than the caches of most processors.
  private static let byteCount = 64 << 20
  private static let seconds = 0.25

  static func measure(cores: Int, _ stopSignals: StopSignals?) throws(PoolError) -> MachineFacts.MemoryBandwidth {
    MachineFacts.MemoryBandwidth(
      oneCoreGigabytesPerSecond: try measure(processes: 1, stopSignals),
      allCoresGigabytesPerSecond: try measure(processes: cores, stopSignals))
  }

  private static func measure(processes: Int, _ stopSignals: StopSignals?) throws(PoolError) -> Double {
    var options = PoolOptions(workers: processes)
    options.placement = .spread
    options.stopSignals = stopSignals
    let rates = try Pool<Int, Double>.map(Array(0..<processes), options, chunkSize: 1) { _ in copyRate() }
    return (rates.reduce(0, +) * 10).rounded() / 10
  }

  /// 10⁹ bytes per second, bytes read plus bytes written.
  private static func copyRate() -> Double {
    let source = [UInt8](repeating: 1, count: byteCount)
    var target = [UInt8](repeating: 2, count: byteCount)
    let begin = Clock.seconds
    var copied = 0
    while Clock.seconds - begin < seconds {
      unsafe target.withUnsafeMutableBytes { to in
        unsafe source.withUnsafeBytes { from in unsafe to.copyMemory(from: from) }
      }
      copied += byteCount
    }
    let elapsed = Clock.seconds - begin
    return target[byteCount / 2] == 1 ? Double(2 * copied) / elapsed / 1e9 : 0
  }
}
