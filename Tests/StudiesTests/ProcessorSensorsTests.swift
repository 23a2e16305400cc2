import Foundation
import Studies
import Testing

/// What made-up files of a kernel tell about the processor.
struct ProcessorSensorsTests {
  private func reading(
    _ files: [String: String], _ check: (_ sensors: ProcessorSensors) throws -> Void
  ) throws {
    try RunFolder.temporary { folder in
      for (path, text) in files {
        let parent = URL(filePath: folder.file(path)).deletingLastPathComponent()
        try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
        try folder.write(text, to: path)
      }
      try check(ProcessorSensors(root: folder.path))
    }
  }

  private let nominal = [
    "proc/cpuinfo": "processor\t: 0\ncpu MHz\t\t: 2596.158\n\nprocessor\t: 1\ncpu MHz\t\t: 2400.5\n"
  ]

  @Test func machineThatTellsNothingIsUnknown() throws {
    try reading([:]) { sensors in
      #expect(sensors.megahertz == nil && sensors.celsius == nil)
      #expect(sensors.frequencySource == nil && sensors.temperatureSource == nil)
    }
  }

  @Test func virtualMachineTellsANominalClock() throws {
    try reading(nominal) { sensors in
      #expect(((sensors.megahertz ?? 0) - 2498.329).magnitude < 1e-6)
      #expect(sensors.frequencySource == .cpuinfo && sensors.celsius == nil)
    }
  }

  @Test func clockOfEachCoreIsPreferred() throws {
    let cores = (0..<2).map {
      ("sys/devices/system/cpu/cpu\($0)/cpufreq/scaling_cur_freq", "\(3_000_000 + $0 * 500_000)\n")
    }
    try reading(nominal.merging(cores) { $1 }) { sensors in
      #expect(sensors.megahertz == 3250 && sensors.frequencySource == .cpufreq)
    }
  }

  @Test func temperatureIsThatOfTheHottestZoneOfTheProcessor() throws {
    let zones = ["x86_pkg_temp": "61500", "iwlwifi_1": "90000", "cpu-thermal": "48000"].sorted { $0.key < $1.key }
    var files: [String: String] = [:]
    for (number, zone) in zones.enumerated() {
      files["sys/class/thermal/thermal_zone\(number)/type"] = "\(zone.key)\n"
      files["sys/class/thermal/thermal_zone\(number)/temp"] = "\(zone.value)\n"
    }
    try reading(files) { sensors in
      #expect(sensors.celsius == 61.5 && sensors.temperatureSource == .thermal)
    }
  }

  @Test func monitorOfTheProcessorStandsInForMissingZones() throws {
    let files = [
      "sys/class/hwmon/hwmon0/name": "nvme\n", "sys/class/hwmon/hwmon0/temp1_input": "99000\n",
      "sys/class/hwmon/hwmon1/name": "k10temp\n", "sys/class/hwmon/hwmon1/temp1_input": "55250\n",
    ]
    try reading(files) { sensors in
      #expect(sensors.celsius == 55.25 && sensors.temperatureSource == .hwmon)
    }
  }

  @Test func whatIsNoNumberIsUnknown() throws {
    try reading([
      "proc/cpuinfo": "cpu MHz : unknown\n", "sys/class/thermal/thermal_zone0/type": "cpu",
      "sys/class/thermal/thermal_zone0/temp": "hot",
    ]) { sensors in
      #expect(sensors.megahertz == nil && sensors.celsius == nil)
      #expect(sensors.frequencySource == nil && sensors.temperatureSource == nil)
    }
  }
}
