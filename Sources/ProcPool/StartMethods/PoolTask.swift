/// Work that a worker can be told by name: a type whose state is `Codable` and travels to the worker, for pools that start
/// their workers by `StartMethod.forkServer` or `.spawn`, where a closure cannot go.
///
/// The type is internal or public, at the top level of a file or in such a type; it may be generic. Others cannot be
/// named from outside of the place where they are declared, and a pool refuses them. Differs from Python, where a function
/// is named and its state is its arguments.
///
///     struct Scaling: PoolTask {
///       var factor: Int
///       func run(_ n: Int) -> Int { n * factor }
///     }
///     try ProcPool.bootstrap()
///     var options = PoolOptions(workers: 4)
///     options.startMethod = .forkServer
///     try Pool.with(options, task: Scaling(factor: 3)) { pool in
///       print(try pool.map([1, 2, 3]))  // [3, 6, 9]
///     }
public protocol PoolTask<Input, Output>: Codable {
  /// What a worker is given.
  associatedtype Input: Codable
  /// What it answers.
  associatedtype Output: Codable

  /// Runs once in each worker, replacements too, before its first task; as the `initializer` of a pool with a closure.
  mutating func setUp(rank: Int) throws
  /// Runs once per task. What it changes of the task, later ones in the same worker see.
  mutating func run(_ input: Input) throws -> Output
  /// Runs once in each worker that leaves because the pool is joined or recycles it; as the `finalizer` of a pool with a
  /// closure.
  mutating func tearDown(rank: Int)
}

extension PoolTask {
  /// Does nothing.
  public mutating func setUp(rank: Int) {}
  /// Does nothing.
  public mutating func tearDown(rank: Int) {}
}

extension Pool {
  /// Starts the workers by the method of the options and gives each the task.
  /// - Throws: as the initializer that takes a closure, `startMethodUnavailable`, and `invalidArgument` for a task whose
  ///   type has no name outside of its file or whose state cannot be encoded.
  public convenience init(_ options: PoolOptions, task: some PoolTask<Input, Output>) throws(PoolError) {
    var code = WorkerCode(running: task)
    if options.startMethod != .fork { code.task = try TaskFile(task) }
    try self.init(options, code: code)
  }

  /// Makes a pool with a task, calls `use` with it and terminates it, whatever happens.
  /// - Throws: as `init`, and whatever `use` throws.
  public static func with<Result>(
    _ options: PoolOptions, task: some PoolTask<Input, Output>, _ use: (Pool) throws -> Result
  ) throws -> Result {
    let pool = try Pool(options, task: task)
    defer { pool.terminate() }
    return try use(pool)
  }
}

extension WorkerCode {
  /// What a worker does that runs `task`; the three parts share its state.
  init<Work: PoolTask>(running task: Work) {
    var task = task
    let input = PayloadCodec<Work.Input>()
    let output = PayloadCodec<Work.Output>()
    self.init(initializer: { rank in try task.setUp(rank: rank) }, finalizer: { rank in task.tearDown(rank: rank) }) {
      bytes, result in
      try output.append(task.run(input.value(of: bytes)), to: &result)
    }
  }

  /// Code of a worker that cannot do its work and says so as an initializer that throws does.
  init(failingWith error: any Error) {
    self.init(initializer: { _ in throw error }, finalizer: { _ in }) { _, _ in throw error }
  }
}
