internal import Imaging
internal import ProcPool
internal import Strategies

/// Runs one repetition of a configuration in a process of its own, so that none inherits another's heap, and takes back its row.
struct ConfigurationRunner {
  /// What is done to the images.
  let job: any StudyJob
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
    guard let strategy = type(of: job).strategies.first(where: { $0.name == configuration.strategy }) else {
      throw StudyError("there is no strategy \(configuration.strategy)")
    }
    let crew = strategy.crew(configuration.ranks)
    return try inFreshProcess(onTick) { [job] in
      let work = try job.work(for: configuration, input: folders.input, output: folders.output)
      var clock = CellClock(configuration, keepsTimeline: keepsTimeline)
      let measurement = try clock.measure(work)
      let row = StudyRow(
        configuration: configuration, workers: crew.workers, savers: crew.savers, repetition: repetition,
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

extension StudyError {
  /// What ended a process of a study.
  init(_ error: PoolError) {
    switch error {
    case .taskFailed(let failure): self = failure.error as? StudyError ?? StudyError(Self.sentence(failure))
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
