internal import Imaging
package import Strategies

/// One line of `runs.csv`: one repetition of one configuration.
package struct StudyRow: Hashable, Codable, Sendable {
  package var configuration: Configuration
  /// Processes that transform.
  package var workers: Int
  /// Processes that only save.
  package var savers: Int
  /// From 1.
  package var repetition: Int
  package var measurement: Measurement

  package init(
    configuration: Configuration, workers: Int, savers: Int, repetition: Int, measurement: Measurement
  ) {
    (self.configuration, self.workers, self.savers) = (configuration, workers, savers)
    (self.repetition, self.measurement) = (repetition, measurement)
  }
}

/// The measurements of one repetition of a configuration, over all its processes.
package struct Measurement: Hashable, Codable, Sendable {
  /// From before the strategy starts its processes until they have ended.
  package var wallSeconds = 0.0
  /// Processor time of all processes in user mode.
  package var userSeconds = 0.0
  /// Processor time of all processes in the kernel.
  package var systemSeconds = 0.0
  /// Sum of each process's private memory at its peak, plus shared memory counted once.
  package var peakMemorySummedBytes = 0
  /// Peak resident memory of the largest process, including shared memory.
  package var peakMemoryLargestBytes = 0
  /// Size of the files read.
  package var readBytes = 0
  /// Size of the files written.
  package var writtenBytes = 0
  /// Seconds by stage, summed over all ranks; `wait` is ranks × wall seconds minus the other stages.
  package var stages = StageTimes()
  /// Context switches because a process waited.
  package var voluntarySwitches = 0
  /// Context switches because a process was preempted.
  package var involuntarySwitches = 0
  /// Page faults without disk access.
  package var minorFaults = 0
  /// Page faults with disk access.
  package var majorFaults = 0

  package init() {}

  package var processorSeconds: Double { userSeconds + systemSeconds }
}

extension StudyRow: TableRow {
  package static let owner = "study"

  package static var blank: StudyRow {
    let configuration = Configuration(
      job: "", strategy: "", ranks: 1, saving: .on, size: .asTheyAre, images: 0, copies: 0)
    return StudyRow(configuration: configuration, workers: 0, savers: 0, repetition: 1, measurement: Measurement())
  }

  package static var columns: [Column<StudyRow>] {
    [
      Column("job", \.configuration.job), Column("strategy", \.configuration.strategy),
      Column("ranks", \.configuration.ranks, in: 1...1_000_000), Column("workers", \.workers),
      Column("savers", \.savers), Column("saving", \.configuration.saving),
      Column("widthPixels", \.configuration.widthPixels), Column("heightPixels", \.configuration.heightPixels),
      Column("images", \.configuration.images), Column("copies", \.configuration.copies),
      Column("repetition", \.repetition, in: 1...1_000_000),
      Column("wallSeconds", \.measurement.wallSeconds), Column("userSeconds", \.measurement.userSeconds),
      Column("systemSeconds", \.measurement.systemSeconds),
      Column("peakMemorySummedBytes", \.measurement.peakMemorySummedBytes),
      Column("peakMemoryLargestBytes", \.measurement.peakMemoryLargestBytes),
      Column("readBytes", \.measurement.readBytes), Column("writtenBytes", \.measurement.writtenBytes),
    ] + Stage.allCases.map(seconds) + [
      Column("voluntarySwitches", \.measurement.voluntarySwitches),
      Column("involuntarySwitches", \.measurement.involuntarySwitches),
      Column("minorFaults", \.measurement.minorFaults), Column("majorFaults", \.measurement.majorFaults),
    ]
  }

  /// Reading leaves a stage of 0 s out of the times, as it was before writing, so that both rows are equal.
  private static func seconds(of stage: Stage) -> Column<StudyRow> {
    Column(
      name: "\(stage.rawValue)Seconds", text: { NumberText.fixed($0.measurement.stages[stage], 6) },
      read: { text, row in
        guard let seconds = Double(text), (0..<1e12).contains(seconds) else { return false }
        if seconds > 0 { row.measurement.stages[stage] = seconds }
        return true
      })
  }
}

/// A row of a CSV file, whose columns define how it is written and read.
package protocol TableRow {
  /// An empty row, which reading fills.
  static var blank: Self { get }
  /// In the order of the file.
  static var columns: [Column<Self>] { get }
  /// What has such rows, for error messages: "study".
  static var owner: String { get }
  /// Whether the fields of a row are consistent.
  var isConsistent: Bool { get }
}

extension TableRow {
  package var isConsistent: Bool { true }

  /// The header line, without newline.
  package static var header: String { columns.map(\.name).joined(separator: ",") }

  /// The row as a line, without newline.
  package var line: String { Self.columns.map { $0.field(self) }.joined(separator: ",") }

  /// The content of a file, with the header.
  package static func text(_ rows: [Self]) -> String {
    let columns = columns
    let lines = rows.map { row in columns.map { $0.field(row) }.joined(separator: ",") }
    return ([header] + lines).map { "\($0)\n" }.joined()
  }

  /// Parses a line; `nil` if it is not a valid row.
  package init?(line: some StringProtocol) {
    self.init(line: line, Self.columns)
  }

  /// Parses a file. A last line without newline is a partial line of a killed run and is ignored.
  /// - Throws: what is wrong, with the path and the line number.
  package static func rows(text: String, path: String) throws(StudyError) -> [Self] {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    lines.removeLast()
    guard let first = lines.first else { return [] }
    guard first == header else { throw StudyError("\(path): the first line is not that of a \(owner)'s rows") }
    let columns = columns
    var rows: [Self] = []
    for (index, line) in lines.enumerated().dropFirst() {
      guard let row = Self(line: line, columns) else {
        throw StudyError("\(path): line \(index + 1) is not a row of a \(owner)")
      }
      rows.append(row)
    }
    return rows
  }

  private init?(line: some StringProtocol, _ columns: [Column<Self>]) {
    guard let fields = CSV.fields(String(line)), fields.count == columns.count else { return nil }
    var row = Self.blank
    for (column, field) in zip(columns, fields) {
      if let read = column.read, !read(field, &row) { return nil }
    }
    guard row.isConsistent else { return nil }
    self = row
  }
}
