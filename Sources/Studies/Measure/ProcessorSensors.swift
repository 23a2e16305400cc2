internal import Platform
internal import SystemPackage

/// Where the kernel tells the processor's clock frequency and temperature. Each may be missing, as both are in most
/// virtual machines.
package struct ProcessorSensors: Sendable {
  package enum FrequencySource: String, Sendable {
    /// `scaling_cur_freq` of each core.
    case cpufreq
    /// "cpu MHz" of `/proc/cpuinfo`.
    case cpuinfo
  }

  package enum TemperatureSource: String, Sendable { case thermal, hwmon }

  package private(set) var frequencySource: FrequencySource?
  package private(set) var temperatureSource: TemperatureSource?
  private let cpuinfo: FilePath
  private var frequencyFiles: [FilePath] = []
  private var temperatureFiles: [FilePath] = []

  /// Each file that is read costs time, which cells on the same cores lose; so many cores stand for all.
  private static let mostCores = 16
  /// Numbers of zones and monitors that are tried.
  private static let numbers = 0..<64

  /// - Parameter root: the folder that holds `sys` and `proc`.
  package init(root: String = "/") {
    let root = FilePath(root)
    cpuinfo = root.appending("proc/cpuinfo")
    let cores = root.appending("sys/devices/system/cpu")
    frequencyFiles = (0..<Self.mostCores).map { cores.appending("cpu\($0)/cpufreq/scaling_cur_freq") }
      .filter { Self.number($0) != nil }
    frequencySource = frequencyFiles.isEmpty ? nil : .cpufreq
    if frequencySource == nil && nominalMegahertz != nil { frequencySource = .cpuinfo }
    let zones = Self.thermalFiles(root)
    temperatureFiles = zones.isEmpty ? Self.monitorFiles(root) : zones
    if !temperatureFiles.isEmpty { temperatureSource = zones.isEmpty ? .hwmon : .thermal }
  }

  /// Mean of the cores; `nil` if unknown.
  package var megahertz: Double? {
    guard frequencySource == .cpufreq else { return frequencySource == nil ? nil : nominalMegahertz }
    return Self.mean(frequencyFiles.compactMap(Self.number).map { $0 / 1000 })
  }

  /// The hottest part of the processor; `nil` if unknown.
  package var celsius: Double? { temperatureFiles.compactMap(Self.number).map { $0 / 1000 }.max() }

  private var nominalMegahertz: Double? {
    let lines = Proc.text(cpuinfo)?.split(separator: "\n").filter { $0.hasPrefix("cpu MHz") } ?? []
    return Self.mean(lines.compactMap { $0.split(separator: " ").last.flatMap { Double($0) } })
  }

  /// Zones of the processor, by the names that drivers give them; others are those of batteries and radios.
  private static func thermalFiles(_ root: FilePath) -> [FilePath] {
    numbers.map { root.appending("sys/class/thermal/thermal_zone\($0)") }
      .filter { zone in
        let type = Proc.word(zone.appending("type"))?.lowercased() ?? ""
        return ["cpu", "pkg", "soc", "core"].contains { type.contains($0) }
      }
      .map { $0.appending("temp") }.filter { number($0) != nil }
  }

  /// The first sensor of each monitor whose driver is one of a processor.
  private static func monitorFiles(_ root: FilePath) -> [FilePath] {
    numbers.map { root.appending("sys/class/hwmon/hwmon\($0)") }
      .filter { ["coretemp", "k10temp", "zenpower", "cpu_thermal"].contains(Proc.word($0.appending("name"))) }
      .map { $0.appending("temp1_input") }.filter { number($0) != nil }
  }

  private static func number(_ file: FilePath) -> Double? {
    Proc.word(file).flatMap { Double($0) }.flatMap { $0.isFinite ? $0 : nil }
  }

  fileprivate static func mean(_ numbers: [Double]) -> Double? {
    numbers.isEmpty ? nil : numbers.reduce(0, +) / Double(numbers.count)
  }
}

/// Means of the processor's frequency and temperature over the time of a cell.
struct ProcessorAverage {
  private let sensors: ProcessorSensors
  private var frequencies: [Double] = []
  private var temperatures: [Double] = []

  /// Takes the first sample.
  init(_ sensors: ProcessorSensors) {
    self.sensors = sensors
    sample()
  }

  mutating func sample() {
    sensors.megahertz.map { frequencies.append($0) }
    sensors.celsius.map { temperatures.append($0) }
  }

  /// `nil` if unknown.
  var megahertz: Double? { ProcessorSensors.mean(frequencies) }
  /// `nil` if unknown.
  var celsius: Double? { ProcessorSensors.mean(temperatures) }
}
