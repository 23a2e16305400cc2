import Strategies

/// The strategies by name, from the catalogue: a new one is tested without being listed here.
enum StrategyNames {
  static let all = StrategyCatalog.all.map { $0.name }
  /// Those of several processes.
  static let parallel = all.filter { $0 != Sequential.name }
  /// Those whose processes have images or copies in common.
  static let sharing = parallel.filter { $0 != WorkerReads.name }
}
