package import Datasets
package import Jobs
internal import ProcPool

/// One process whose threads each do whole tasks, with scratch memory of their own: joblib's `threading` in the original
/// study of object detection, without an interpreter's lock.
///
///     thread:  task numbers from one counter ─▶ read ─ decode ─ transform ─ encode ─ write ──▶ reports
///     main:                                                                                    reports
///
/// Nothing travels between processes, but the threads share what a process has once: the address space, whose lock each
/// page fault and each mapping takes, the allocator's arenas, and the table of open files.
///
/// A process is the unit that dies. So a file that crashes its decoder, a fault in a library or the kernel's killer of
/// large processes ends the run, which all strategies with workers survive; only finished files remain then, and the
/// temporary files of the tasks in progress, which the next run removes. For the same reason nothing confines the
/// decoders, and no image is given up. A stop signal is obeyed when each thread has
/// finished its task.
///
/// Never forks, because a process with threads must not. The text of a watermark whose size depends on the image is
/// drawn in a child that runs C alone, which the C library allows.
package struct Threads: SimulatedStrategy {
  package static let name = "threads"
  package static let summary = "one process; each of its threads does whole tasks"
  package static var decodesInWorkers: Bool { false }

  /// A thread starts at once, but it is slow until it has touched its scratch memory, as a process is.
  package static func virtualSchedule(_ grid: TaskGrid, _ how: RunDescription.How) -> any VirtualSchedule {
    ListSchedule(grid, workers: how.ranks, chunkSize: how.tasksPerMessage(grid, workers: how.ranks), start: .together)
  }

  private let how: RunDescription.How
  private let control: RunControl

  package init(_ how: RunDescription.How, _ control: RunControl) { (self.how, self.control) = (how, control) }

  package func run(_ run: JobRun<some Job>, each: (_ task: Int, _ report: TaskReport) throws -> Void) throws {
    // Made by this thread, while it is the only one: making one may start a process, to draw a text.
    let runners = RunnerPerThread(try TaskRunner.forThreads(run, how))
    let chunkSize = how.tasksPerMessage(run.plan.grid, workers: how.ranks)
    let threads = try TaskThreads(how.ranks, tasks: (run.plan.taskCount, chunkSize)) { [how] rank in
      how.placement.bindThread(rank: rank, of: how.ranks)
    } body: { rank, task in
      runners.make(task, rank)
    }
    defer { threads.stop() }
    while let reports = threads.takeReports(waiting: Self.secondsBetweenLooks) {
      try control.checkSignals()
      for (task, report) in reports { try each(task, report) }
    }
  }

  /// Longest time from a stop signal to its effect, beside the tasks in progress.
  private static let secondsBetweenLooks = 0.02
}

/// The runners of all threads.
///
/// Unchecked `Sendable`: each is used by the thread of its rank only, and the array never changes.
private struct RunnerPerThread<Work: Job>: @unchecked Sendable {
  private let runners: [TaskRunner<Work>]

  init(_ runners: [TaskRunner<Work>]) { self.runners = runners }

  func make(_ task: Int, _ rank: Int) -> TaskReport { runners[rank].make(task) }
}
