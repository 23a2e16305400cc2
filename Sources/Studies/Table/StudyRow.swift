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
  /// Mean clock frequency of the processor during the run, as far as the machine tells.
  package var frequencyMegahertz: Double?
  /// Mean of the processor's temperature during the run, as far as the machine tells.
  package var temperatureCelsius: Double?

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
      Column("frequencyMegahertz", \.measurement.frequencyMegahertz, digits: 0).optional,
      Column("temperatureCelsius", \.measurement.temperatureCelsius, digits: 1, in: -274..<1e6).optional,
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
