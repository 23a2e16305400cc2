package import Datasets
package import Jobs
package import ProcPool

/// A way of spreading the tasks of a run over processes: who reads, who transforms, who writes. The files are the same
/// bytes whichever is chosen.
package protocol Strategy {
  /// As on the command line.
  static var name: String { get }
  /// What the ranks do that are asked for.
  static func roles(_ how: RunDescription.How) -> RankRoles
  /// Why the strategy cannot run so, as a sentence; `nil` where it can.
  static func refusal(of how: RunDescription.How) -> String?

  /// The strategy as asked for, which it does not refuse.
  init(_ how: RunDescription.How, _ control: RunControl)

  /// The decisions of `run`, for a simulation. Saving is part of them.
  static func virtualSchedule(_ grid: TaskGrid, _ how: RunDescription.How) throws(PoolError) -> any VirtualSchedule

  /// Runs every task and calls `each` for each one that ends, in whatever order. An error that `each` throws ends the
  /// run, as a signal does: then nothing is left but the files that were done.
  func run(_ run: JobRun<some Job>, each: (_ task: Int, _ report: TaskReport) throws -> Void) throws
}

extension Strategy {
  /// Every rank works on whole tasks.
  package static func roles(_ how: RunDescription.How) -> RankRoles { RankRoles(workers: how.ranks) }

  package static func refusal(of how: RunDescription.How) -> String? {
    how.savers == nil ? nil : "the strategy \(name) has no ranks that only save"
  }
}

/// The processes of a run by what they do.
package struct RankRoles: Hashable, Sendable {
  /// Those that transform: ranks 0 ..< `workers`.
  package var workers: Int
  /// Those that do nothing but save: the ranks behind.
  package var savers = 0

  package init(workers: Int, savers: Int = 0) { (self.workers, self.savers) = (workers, savers) }

  package var ranks: Int { workers + savers }
}

/// Every strategy there is.
package enum StrategyCatalog {
  /// In the order in which they are listed and compared.
  package static var all: [any Strategy.Type] {
    [Sequential.self, MainReads.self, WorkerReads.self, Savers.self, Adaptive.self]
  }

  package static func type(named name: String) -> (any Strategy.Type)? { all.first { $0.name == name } }
}
