internal import Imaging
internal import ProcPool
internal import Strategies

/// Runs one repetition of a configuration in a process of its own, so that none inherits another's heap, and takes back its row.
struct ConfigurationRunner {
  let workload: any Workload.Type
  /// What is the same in every configuration.
  let description: StudyDescription
  /// Seconds after which it is given up.
  let timeoutSeconds: Double
  /// Signals that end the study.
  let stopSignals: StopSignals?

  private static let tickSeconds = 0.2

  /// What the process of a configuration sends back.
  struct Outcome: Codable {
    var row: StudyRow
    /// The stages of each task, where they were wanted.
    var timeline: [TimelineEntry]
  }

  /// - Parameters:
  ///   - folders: where the images are, and where copies go; the caller removes them.
  ///   - keepsTimeline: whether the stages of each task are wanted.
  ///   - onTick: called a few times a second while it runs.
  func run(
    _ configuration: Configuration, repetition: Int, folders: (input: String, output: String), keepsTimeline: Bool,
    onTick: () -> Void
  ) throws(StudyError) -> Outcome {
    guard let way = workload.ways.first(where: { $0.name == configuration.strategy }) else {
      throw StudyError("there is no strategy \(configuration.strategy)")
    }
    let roles = way.roles(configuration.ranks)
    let order = description.order(for: configuration, input: folders.input, output: folders.output)
    return try inFreshProcess(onTick) { [workload] in
      let work = try workload.init(order)
      var clock = CellClock(configuration, keepsTimeline: keepsTimeline)
      let measurement = try clock.measure(work)
      let row = StudyRow(
        configuration: configuration, workers: roles.workers, savers: roles.savers, repetition: repetition,
        measurement: measurement)
      return Outcome(row: row, timeline: clock.timeline)
    }
  }

  private func inFreshProcess(
    _ onTick: () -> Void, _ body: @escaping () throws -> Outcome
  ) throws(StudyError) -> Outcome {
    var options = PoolOptions(workers: 1)
    options.stopSignals = stopSignals
    do throws(PoolError) {
      let pool = try Pool<Int, Outcome>(options) { _ in try body() }
      defer { pool.terminate() }
      let handle = try pool.applyAsync(0, timeout: timeoutSeconds)
      while !handle.ready() {
        handle.wait(timeout: Self.tickSeconds)
        onTick()
      }
      return try handle.get()
    } catch {
      throw StudyError(error)
    }
  }
}

extension StudyDescription {
  /// What the process of a cell is to do.
  func order(for cell: Configuration, input: String, output: String) -> WorkOrder {
    var how = RunDescription.How(ranks: cell.ranks)
    how.strategy = cell.strategy
    (how.placement, how.writeMegabytesPerSecond) = (placement ?? .none, writeBandwidthMegabytesPerSecond)
    return WorkOrder(
      input: input, output: output, work: (cell.images, cell.copies), seed: seed, isSaving: cell.saving == .on, how)
  }
}

extension StudyError {
  /// What ended a process of a study.
  init(_ error: PoolError) {
    switch error {
    case .taskFailed(let failure):
      if let error = failure.error as? WorkloadError {
        self.init(error.description, isShortage: error.isShortage)
      } else {
        self = failure.error as? StudyError ?? StudyError(Self.sentence(failure))
      }
    case .stopped(let number):
      self.init(String(describing: error))
      signal = number
    default:
      self.init(String(describing: error))
      isShortage = error.isShortage
    }
  }

  private static func sentence(_ failure: TaskFailure) -> String {
    switch failure.cause {
    case .threw(_, let text): text
    case .workerEnded(let end): "its process \(end)"
    case .timedOut(let seconds): "not done after \(NumberText.fixed(seconds, seconds < 1 ? 4 : 0)) s"
    case .notRun: "it was not run"
    }
  }
}
