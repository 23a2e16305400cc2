internal import Imaging
public import Strategies

/// One line of `runs.csv`: one repetition of one configuration.
public struct StudyRow: Hashable, Codable, Sendable {
  /// What was measured.
  public var configuration: Configuration
  /// Processes that transform.
  public var workers: Int
  /// Processes that only save.
  public var savers: Int
  /// Number of the repetition, from 1.
  public var repetition: Int
  /// The numbers.
  public var measurement: Measurement

  /// A row of the given parts.
  public init(
    configuration: Configuration, workers: Int, savers: Int, repetition: Int, measurement: Measurement
  ) {
    (self.configuration, self.workers, self.savers) = (configuration, workers, savers)
    (self.repetition, self.measurement) = (repetition, measurement)
  }
}

/// What was measured in one repetition of a configuration, over all its processes.
public struct Measurement: Hashable, Codable, Sendable {
  /// From before the strategy makes its processes until they are gone.
  public var wallSeconds = 0.0
  /// Processor time of all processes in their own code.
  public var userSeconds = 0.0
  /// Processor time of all processes in the kernel.
  public var systemSeconds = 0.0
  /// Peak memory of all processes together: each one's own at its peak, and what they share once.
  public var peakMemorySummedBytes = 0
  /// Peak resident memory of the largest process, with what it shares.
  public var peakMemoryLargestBytes = 0
  /// Size of the files read.
  public var readBytes = 0
  /// Size of the files written.
  public var writtenBytes = 0
  /// Seconds of all ranks together by stage; `wait` is what the others leave of ranks × wall seconds.
  public var stages = StageTimes()
  /// Times that a process gave up the processor, to wait.
  public var voluntarySwitches = 0
  /// Times that a process was made to give up the processor.
  public var involuntarySwitches = 0
  /// Page faults that needed no disk.
  public var minorFaults = 0
  /// Page faults that did.
  public var majorFaults = 0

  /// Nothing measured yet.
  public init() {}

  /// Of all processors, in the processes' own code and in the kernel.
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

  /// A stage that took no time is not among the times: it is read back as it was written.
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
