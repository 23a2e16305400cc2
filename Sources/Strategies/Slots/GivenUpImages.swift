internal import Datasets
internal import ProcPool

/// Images one copy of which took too long, so that no rank tries another: it would take as long again. The main process
/// enters them, in memory that its workers see.
final class GivenUpImages {
  private let marks: SharedArray<UInt8>
  private let grid: TaskGrid

  init(_ grid: TaskGrid) throws {
    self.grid = grid
    marks = try SharedMemoryShortage.guarding(grid.imageCount) { () throws(PoolError) in
      try SharedArray(count: grid.imageCount)
    }
  }

  /// Enters the image of a task if it took too long.
  func note(_ task: Int, _ report: TaskReport) {
    if report.problem?.kind == .tookTooLong { marks[grid.imageIndex(ofTask: task)] = 1 }
  }

  /// Why a task is not done; `nil` if it may be. A byte is seen as it was or as it is; if as it was, the task takes its
  /// time.
  func problem(of task: Int) -> TaskReport.Problem? {
    guard marks[grid.imageIndex(ofTask: task)] != 0 else { return nil }
    return TaskReport.Problem(reason: "another copy of it took too long", .tookTooLong)
  }
}
