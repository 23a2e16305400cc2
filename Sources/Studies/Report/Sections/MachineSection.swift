internal import Imaging

/// The machine, the command, and how to reproduce the run.
struct MachineSection {
  let analysis: Analysis

  var html: HTML {
    .lines([
      .element("h3", [], "Machine, command and reproduction"), machine, .element("h4", [], "Command"),
      .element("pre", [], command), .element("h4", [], "To reproduce it"), .element("pre", [], reproduction),
    ])
  }

  private var study: Study { analysis.study }
  private var command: String { study.command.isEmpty ? "not recorded" : Self.trimmed(study.command) }

  private var machine: HTML {
    guard let machine = study.machine else { return .paragraph("The machine is unknown: machine.json is missing.") }
    let versions = machine.versions.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    let bandwidth = machine.memoryBandwidth.map {
      "\(NumberText.significant($0.oneCoreGigabytesPerSecond)) GB/s on one core, "
        + "\(NumberText.significant($0.allCoresGigabytesPerSecond)) GB/s on all, measured by copying"
    }
    let facts = [
      ("Processor", machine.cpuModel),
      ("Cores", "\(machine.cores) logical, \(machine.physicalCores) physical according to the kernel"),
      ("Caches", machine.caches.map(Self.text).joined(separator: ", ")),
      ("Memory", "\(NumberText.significant(Double(machine.memoryBytes) / 1e9)) GB"),
      ("Clock", clock), ("Temperature", temperature), ("Memory bandwidth", bandwidth ?? "not measured"),
      ("System", "\(machine.system), Linux \(machine.kernel)"),
      ("File system of the \(study.description.products)", machine.fileSystem),
      ("Versions", versions.joined(separator: ", ")),
      ("Commit", machine.commit), ("Load at start", NumberText.significant(machine.loadAtBegin)),
      ("Started", machine.date),
    ]
    var table = Table(
      "The machine", [.words("Property") { $0.0 }, .words("Value") { $0.1 }], facts.filter { !$0.1.isEmpty })
    table.isProse = true
    return table.html
  }

  /// Empty if the rows do not tell.
  private var clock: String {
    guard let frequency = spread(\.frequencyMegahertz) else { return "" }
    let doubt =
      study.machine?.frequencySource == "cpuinfo" ? ", as /proc/cpuinfo says; nominal in a virtual machine" : ""
    return "\(frequency.text) MHz, median of all measurements\(doubt)"
  }

  private var temperature: String {
    spread(\.temperatureCelsius).map { "\($0.text) °C, median of all measurements" } ?? ""
  }

  private func spread(_ value: (Measurement) -> Double?) -> Spread? {
    let values = study.rows.compactMap { value($0.measurement) }
    return values.isEmpty ? nil : Spread(values)
  }

  private static func text(_ cache: MachineFacts.Cache) -> String {
    let size = cache.byteCount >= 1 << 20 ? "\(cache.byteCount >> 20) MiB" : "\(cache.byteCount >> 10) KiB"
    return "L\(cache.level) \(cache.type.lowercased()) \(size) for \(cache.sharedByCores)"
  }

  private var reproduction: String {
    let commit = study.machine.map(\.commit).map { "git checkout \($0)\n" } ?? ""
    return """
      \(commit)make build
      \(command)
      augment-cli report RUN    # this page, byte for byte, from \(RunFolder.rowsName), \(RunFolder.descriptionName) \
      and \(RunFolder.machineName) alone
      """
  }

  private static func trimmed(_ text: String) -> String {
    String(text.reversed().drop { $0.isWhitespace }.reversed())
  }
}
