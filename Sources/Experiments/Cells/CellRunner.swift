internal import Glibc
internal import ProcPool

/// Runs one repetition of a cell in a process of its own, so that no cell inherits another's heap, and takes back its row.
struct CellRunner {
  /// What is done to the images.
  let job: any StudyJob
  /// Seconds after which a cell is given up.
  let timeoutSeconds: Double
  /// Signals that end the study.
  let stopSignals: StopSignals?

  private static let tickSeconds = 0.2

  /// - Parameters:
  ///   - output: a folder for what the cell writes, which the caller removes.
  ///   - onTick: called a few times a second while the cell runs.
  func run(
    _ cell: Cell, repetition: Int, from input: String, to output: String, onTick: () -> Void
  ) throws(StudyError) -> StudyRow {
    guard let strategy = type(of: job).strategies.first(where: { $0.name == cell.strategy }) else {
      throw StudyError("there is no strategy \(cell.strategy)")
    }
    let savers = strategy.savers(cell.ranks)
    let line = try inFreshProcess(onTick) { [job] in
      let work = try job.work(for: cell, input: input, output: output)
      let measurement = try CellClock.measure(work, ranks: cell.ranks)
      return StudyRow(
        cell: cell, workers: cell.ranks - savers, savers: savers, repetition: repetition, measurement: measurement
      ).line
    }
    guard let row = StudyRow(line: line) else { throw StudyError("its row is no row: \(line)") }
    return row
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

extension StudyError {
  /// What ended a process of a study.
  init(_ error: PoolError) {
    switch error {
    case .taskFailed(let failure): self.init(Self.sentence(failure))
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
