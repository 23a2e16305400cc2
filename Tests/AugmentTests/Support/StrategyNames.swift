import Strategies

/// Strategy names from the catalogue, so that a new one is tested without being listed here.
enum StrategyNames {
  static let all = StrategyCatalog.all.map { $0.name }
  /// Strategies with several processes.
  static let parallel = all.filter { $0 != Sequential.name }
  /// Strategies whose processes share images or copies.
  static let sharing = parallel.filter { $0 != WorkerReads.name }

  /// Each strategy with the fewest ranks that it takes, as values of `--strategy` and `--ranks`.
  static let withFewestRanks: [[String]] = StrategyCatalog.all.map { type in
    let ranks = (1...8).first { type.refusal(of: RunDescription.How(strategy: type, ranks: $0)) == nil }
    return [type.name, "--ranks", "\(ranks ?? 0)"]
  }
}
