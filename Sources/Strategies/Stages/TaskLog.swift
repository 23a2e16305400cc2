internal import Imaging
internal import Platform

/// What is taken down while a task runs: where its time goes, and what there is to report of it.
struct TaskLog {
  var report = TaskReport()
  private var clock: StageClock

  init(rank: Int) { clock = StageClock(rank: rank) }

  var rank: Int { clock.rank }

  /// The time since the last call, or since the log was begun, was spent in `stage`.
  mutating func end(_ stage: Stage) { clock.end(stage) }

  /// Runs `body`. What goes wrong with an image is part of the report, and never an error.
  static func report(rank: Int, _ body: (inout TaskLog) throws -> Void) -> TaskReport {
    var log = TaskLog(rank: rank)
    do {
      try body(&log)
    } catch let error as ImagingError {
      log.report.problem = .init(reason: error.description, isShortage: error == .outOfMemory)
    } catch let error as FileError {
      log.report.problem = .init(reason: error.reason, isShortage: error.isShortage)
      log.report.problem?.isLoss = error.isLoss
    } catch {
      log.report.problem = .init(reason: String(describing: error), isShortage: false)
    }
    log.report.spans = log.clock.spans
    return log.report
  }
}
