import Jobs
import Strategies

/// Names of the strategies for `augment` from the catalogue, so that a new one is tested without being listed here.
enum StrategyNames {
  private static var types: [any Strategy.Type] { StrategyCatalog.strategies(for: Augment.self) }
  static let all = types.map { $0.name }
  /// Strategies with several ranks.
  static let parallel = all.filter { $0 != Sequential.name }
  /// Strategies whose ranks are processes, any of which may die.
  static let withWorkers = parallel.filter { $0 != Threads.name }
  /// Strategies whose processes share images or copies.
  static let sharing = withWorkers.filter {
    ![WorkerReads.name, Nodes.name, Executor.name, Spawn.name].contains($0)
  }

  /// Each strategy with the fewest ranks that it takes, as values of `--strategy` and `--ranks`.
  static let withFewestRanks: [[String]] = types.map { type in
    let ranks = (1...8).first { type.refusal(of: RunDescription.How(strategy: type, ranks: $0)) == nil }
    return [type.name, "--ranks", "\(ranks ?? 0)"]
  }
}
