internal import ProcPool
internal import Strategies

/// Runs one repetition of a cell in a process of its own, so that no cell inherits another's heap, and takes back its row.
struct CellRunner {
  let workload: any Workload.Type
  /// What is the same in every cell.
  let description: StudyDescription
  /// Seconds after which a cell is given up.
  let timeoutSeconds: Double
  /// Signals that end the study.
  let stopSignals: StopSignals?

  private static let tickSeconds = 0.2

  /// - Parameters:
  ///   - folders: where the images are, and where copies go; the caller removes them.
  ///   - keepsTimeline: whether the stages of each task are wanted, as lines of `timeline.csv`.
  ///   - onTick: called a few times a second while the cell runs.
  func run(
    _ cell: Cell, repetition: Int, folders: (input: String, output: String), keepsTimeline: Bool, onTick: () -> Void
  ) throws(StudyError) -> (row: StudyRow, timeline: [String]) {
    guard let strategy = workload.ways.first(where: { $0.name == cell.strategy }) else {
      throw StudyError("there is no strategy \(cell.strategy)")
    }
    let roles = strategy.roles(cell.ranks)
    let order = description.order(for: cell, input: folders.input, output: folders.output)
    let text = try inFreshProcess(onTick) { [workload] in
      let work = try workload.init(order)
      var clock = CellClock(ranks: cell.ranks, keepsTimeline: keepsTimeline)
      let measurement = try clock.measure(work)
      let row = StudyRow(
        cell: cell, workers: roles.workers, savers: roles.savers, repetition: repetition, measurement: measurement)
      return ([row.line] + clock.timeline.map { "\(cell.strategy),\(cell.ranks),\($0)" }).joined(separator: "\n")
    }
    let lines = text.split(separator: "\n").map(String.init)
    guard let row = lines.first.flatMap({ StudyRow(line: $0) }) else { throw StudyError("its row is no row: \(text)") }
    return (row, Array(lines.dropFirst()))
  }

  private func inFreshProcess(
    _ onTick: () -> Void, _ body: @escaping () throws -> String
  ) throws(StudyError) -> String {
    var options = PoolOptions(workers: 1)
    options.stopSignals = stopSignals
    do throws(PoolError) {
      let pool = try Pool<Int, String>(options) { _ in try body() }
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
  func order(for cell: Cell, input: String, output: String) -> WorkOrder {
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
    case .timedOut(let seconds): "not done after \(Number.fixed(seconds, seconds < 1 ? 4 : 0)) s"
    case .notRun: "it was not run"
    }
  }
}
