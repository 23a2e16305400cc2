/// A way of spreading the tasks of a job over processes: who reads, who transforms, who writes. The files are the same
/// bytes whichever is chosen.
public protocol Strategy {
  /// As on the command line.
  static var name: String { get }
  /// The processes that work when the options ask for so many ranks.
  static func crew(_ options: RunOptions) -> Crew
  /// Why the options have no meaning for the strategy, as a sentence; `nil` where they have.
  static func refusal(of options: RunOptions) -> String?

  /// The strategy with these options, which it does not refuse.
  init(_ options: RunOptions)

  /// Runs every task and calls `each` for each one that ends, in whatever order. An error that `each` throws ends the
  /// run, as a signal does: then nothing is left but the files that were done.
  func run(_ job: AugmentJob, each: (_ task: Int, _ report: TaskReport) throws -> Void) throws
}

extension Strategy {
  /// As many workers as there are ranks.
  public static func crew(_ options: RunOptions) -> Crew { Crew(workers: options.ranks) }

  /// Savers are only for those who have any.
  public static func refusal(of options: RunOptions) -> String? {
    options.savers == nil ? nil : "--savers has a meaning for the strategy \(Savers.name) only"
  }

  /// Processes that work when so many ranks are asked for.
  public static func ranks(of asked: Int) -> Int { crew(RunOptions(ranks: asked)).ranks }
}

/// The processes of a run by what they do.
public struct Crew: Hashable, Sendable {
  /// Those that transform: ranks 0 ..< `workers`.
  public var workers: Int
  /// Those that do nothing but save: the ranks behind.
  public var savers = 0

  /// All of them.
  public var ranks: Int { workers + savers }
}

/// Every strategy there is.
public enum StrategyCatalog {
  /// In the order in which they are listed and compared.
  public static var all: [any Strategy.Type] {
    [Sequential.self, MainReads.self, WorkerReads.self, Savers.self, Adaptive.self]
  }

  /// The strategy of a name, or `nil`.
  public static func type(named name: String) -> (any Strategy.Type)? { all.first { $0.name == name } }
}
