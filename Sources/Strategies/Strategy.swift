package import Datasets
package import Jobs
package import ProcPool

/// A way to distribute the tasks of a run over processes: which rank reads, which transforms, which writes. All
/// strategies write the same bytes.
package protocol Strategy {
  /// The name on the command line.
  static var name: String { get }
  /// What sets it apart, as a phrase for the help of commands.
  static var summary: String { get }
  /// Whether files are decoded by workers, which `WorkerGuards` confine, and not by the main process.
  static var decodesInWorkers: Bool { get }
  /// How the ranks are divided into workers and savers.
  static func roles(_ how: RunDescription.How) -> RankRoles
  /// Why the strategy cannot run with `how`, as a sentence; `nil` if it can.
  static func refusal(of how: RunDescription.How) -> String?
  /// Why the strategy cannot distribute a job, as a sentence; `nil` if it can.
  static func refusal(of job: any Job.Type) -> String?

  /// Requires `refusal(of: how)` to be `nil`.
  init(_ how: RunDescription.How, _ control: RunControl)

  /// Runs every task of a job that it does not refuse, and calls `each` as tasks end, in any order. An error thrown by
  /// `each` ends the run, as a signal does; then only finished files remain.
  func run(_ run: JobRun<some Job>, each: (_ task: Int, _ report: TaskReport) throws -> Void) throws
}

extension Strategy {
  package static var decodesInWorkers: Bool { true }

  /// All ranks are workers.
  package static func roles(_ how: RunDescription.How) -> RankRoles { RankRoles(workers: how.ranks) }

  package static func refusal(of how: RunDescription.How) -> String? { refusalOfSavers(in: how) }

  static func refusalOfSavers(in how: RunDescription.How) -> String? {
    how.savers == nil ? nil : "the strategy \(name) has no ranks that only save"
  }

  package static func refusal(of job: any Job.Type) -> String? { nil }
}

/// A strategy whose decisions can be simulated, because each of its tasks is the work of one rank.
package protocol SimulatedStrategy: Strategy {
  /// The decisions of `run`, for a simulation. Assumes that products are saved.
  static func virtualSchedule(_ grid: TaskGrid, _ how: RunDescription.How) throws(PoolError) -> any VirtualSchedule
}

/// The ranks of a run by role.
package struct RankRoles: Hashable, Sendable {
  /// Number of ranks that transform: 0 ..< `workers`.
  package var workers: Int
  /// Number of ranks that only save: those after the workers.
  package var savers = 0

  package init(workers: Int, savers: Int = 0) { (self.workers, self.savers) = (workers, savers) }

  package var ranks: Int { workers + savers }
}

package enum StrategyCatalog {
  /// In the order of lists and comparisons.
  package static var all: [any Strategy.Type] {
    [
      Sequential.self, MainReads.self, WorkerReads.self, Savers.self, Adaptive.self, Nodes.self, Threads.self,
      Executor.self, Spawn.self, SplitThreads.self, SplitRanks.self,
    ]
  }

  /// Those that can distribute a job.
  package static func strategies(for job: any Job.Type) -> [any Strategy.Type] {
    all.filter { $0.refusal(of: job) == nil }
  }

  package static var simulated: [any SimulatedStrategy.Type] { all.compactMap { $0 as? any SimulatedStrategy.Type } }

  package static func type(named name: String) -> (any Strategy.Type)? { all.first { $0.name == name } }
}
