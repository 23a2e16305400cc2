internal import Imaging
internal import ProcPool
internal import Strategies

/// Runs one repetition of a configuration in a fresh process, so that it does not inherit the heap of an earlier one,
/// and returns its row.
struct ConfigurationRunner {
  let workload: any Workload.Type
  /// Shared by all configurations.
  let description: StudyDescription
  /// Time limit of a repetition.
  let timeoutSeconds: Double
  /// Signals that stop the study.
  let stopSignals: StopSignals?
  let sensors = ProcessorSensors()

  private static let tickSeconds = 0.2

  /// What the process of a configuration returns.
  struct Outcome: Codable {
    var row: StudyRow
    /// The stages of each task; empty if not requested.
    var timeline: [TimelineEntry]
  }

  /// - Parameters:
  ///   - folders: of the images and of the copies; the caller removes them.
  ///   - keepsTimeline: whether to return the stages of each task.
  ///   - onTick: called about every `tickSeconds` while it runs.
  func run(
    _ configuration: Configuration, repetition: Int, folders: (input: String, output: String), keepsTimeline: Bool,
    onTick: () -> Void
  ) throws(StudyError) -> Outcome {
    guard let way = workload.ways.first(where: { $0.name == configuration.strategy }) else {
      throw StudyError("there is no strategy \(configuration.strategy)")
    }
    let roles = way.roles(configuration.ranks)
    let order = description.order(for: configuration, input: folders.input, output: folders.output)
    var average = ProcessorAverage(sensors)
    var outcome = try inFreshProcess {
      average.sample()
      onTick()
    } body: { [workload] in
      let work = try workload.init(order)
      var clock = CellClock(configuration, keepsTimeline: keepsTimeline)
      let measurement = try clock.measure(work)
      let row = StudyRow(
        configuration: configuration, workers: roles.workers, savers: roles.savers, repetition: repetition,
        measurement: measurement)
      return Outcome(row: row, timeline: clock.timeline)
    }
    average.sample()
    outcome.row.measurement.frequencyMegahertz = average.megahertz
    outcome.row.measurement.temperatureCelsius = average.celsius
    return outcome
  }

  private func inFreshProcess(
    onTick: () -> Void, body: @escaping () throws -> Outcome
  ) throws(StudyError) -> Outcome {
    var options = PoolOptions(workers: 1)
    options.stopSignals = stopSignals
    return try StudyError.wrapping { () throws(PoolError) in
      let pool = try Pool<Int, Outcome>(options) { _ in try body() }
      defer { pool.terminate() }
      let handle = try pool.applyAsync(0, timeout: timeoutSeconds)
      while !handle.ready() {
        handle.wait(timeout: Self.tickSeconds)
        onTick()
      }
      return try handle.get()
    }
  }
}

extension StudyDescription {
  /// The work of the process of a cell.
  func order(for cell: Configuration, input: String, output: String) -> WorkOrder {
    var how = RunDescription.How(ranks: cell.ranks)
    how.strategy = cell.strategy
    (how.placement, how.chunkSize) = (placement ?? .none, chunkSize)
    how.writeMegabytesPerSecond = writeMegabytesPerSecond
    var order = WorkOrder(
      input: input, output: output, work: (cell.images, cell.copies), seed: seed, isSaving: cell.saving == .on, how)
    (order.inputImages, order.preset) = (inputImages, preset)
    return order
  }
}
