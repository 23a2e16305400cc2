internal import FoundationEssentials
internal import Glibc
internal import Imaging
internal import Platform

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
    let command = "git rev-parse --short HEAD 2>/dev/null && { git diff --quiet HEAD || echo changed; }"
    guard let pipe = unsafe popen(command, "r") else { return "nocommit" }
    defer { unsafe pclose(pipe) }
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = unsafe fread(&bytes, 1, bytes.count, pipe)
    let words = String(decoding: bytes.prefix(count), as: UTF8.self).split(separator: "\n").map(String.init)
    guard let hash = words.first, hash.allSatisfy(\.isHexDigit) else { return "nocommit" }
    return hash + (words.count > 1 ? "-changed" : "")
  }

  /// Now, UTC, to the second.
  public static var time: String { Date.now.formatted(.iso8601) }

  /// Everything but the memory's bandwidth, for a run that writes to `folder`.
  static func facts(folder: String) -> MachineFacts {
    MachineFacts(
      machine: name, cpuModel: cpuModel, cores: Cores.available, physicalCores: physicalCoreCount, caches: caches,
      memoryBytes: sysconf(Int32(_SC_PAGESIZE)) * sysconf(Int32(_SC_PHYS_PAGES)), memoryBandwidth: nil,
      kernel: (SystemFile.word("/proc/sys/kernel/osrelease") ?? "unknown").prefix { $0 != "-" }.description,
      system: system, fileSystem: fileSystem(of: folder),
      loadAverageBefore: LoadAverage.lastMinute ?? 0,
      date: "\(time.prefix(16))Z", commit: commit, versions: versions)
  }

  private static var cpuModel: String { value(of: "model name", in: SystemFile.text("/proc/cpuinfo") ?? "", ":") }

  private static var system: String {
    let value = value(of: "PRETTY_NAME", in: SystemFile.text("/etc/os-release") ?? "", "=")
    return value.split(separator: "\"").first.map(String.init) ?? value
  }

  /// Of the first line that has such a name, without the space around it.
  private static func value(of name: String, in text: String, _ separator: Character) -> String {
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: separator, maxSplits: 1).map { SystemFile.trimmed($0) }
      if parts.count == 2 && parts[0] == name { return parts[1] }
    }
    return "unknown"
  }

  private static var physicalCoreCount: Int {
    let cores = (0..<4096).lazy.map { "/sys/devices/system/cpu/cpu\($0)/topology" }
      .prefix { SystemFile.text("\($0)/core_id") != nil }
      .map { "\(SystemFile.word("\($0)/physical_package_id") ?? "") \(SystemFile.word("\($0)/core_id") ?? "")" }
    return max(1, Set(cores).count)
  }

  private static var caches: [MachineFacts.Cache] {
    (0..<16).compactMap { index in
      let folder = "/sys/devices/system/cpu/cpu0/cache/index\(index)"
      guard let level = SystemFile.word("\(folder)/level").flatMap({ Int($0) }),
        let type = SystemFile.word("\(folder)/type"), let size = SystemFile.word("\(folder)/size")
      else { return nil }
      let shared = SystemFile.word("\(folder)/shared_cpu_list") ?? ""
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

  private static func fileSystem(of folder: String) -> String {
    guard let memory = unsafe realpath(folder, nil) else { return "unknown" }
    defer { unsafe free(memory) }
    let path = unsafe String(cString: memory)
    let mounts = (SystemFile.text("/proc/mounts") ?? "").split(separator: "\n").map { $0.split(separator: " ") }
    let holding = mounts.filter { fields in
      fields.count > 2 && (fields[1] == "/" || path == fields[1] || path.hasPrefix("\(fields[1])/"))
    }
    return holding.max { $0[1].count < $1[1].count }.map { String($0[2]) } ?? "unknown"
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
