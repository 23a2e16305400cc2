/// The arguments of one task of `starmap`: a tuple that is `Codable`.
public struct Arguments<each Value: Codable>: Codable {
  /// The values, as a tuple.
  public let values: (repeat each Value)

  /// Wraps the arguments of one task.
  public init(_ values: repeat each Value) { self.values = (repeat each values) }

  /// Decodes the values from an unkeyed container, one after another.
  public init(from decoder: any Decoder) throws {
    var container = try decoder.unkeyedContainer()
    values = (repeat try container.decode((each Value).self))
  }

  /// Encodes the values into an unkeyed container, one after another.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.unkeyedContainer()
    repeat try container.encode(each values)
  }
}

extension Pool {
  /// Makes a pool whose body takes several arguments, for `starmap`.
  public convenience init<each Value: Codable>(
    _ options: PoolOptions, initializer: @escaping (_ rank: Int) throws -> Void = { _ in },
    finalizer: @escaping (_ rank: Int) -> Void = { _ in }, body: @escaping (repeat each Value) throws -> Output
  ) throws(PoolError) where Input == Arguments<repeat each Value> {
    try self.init(options, initializer: initializer, finalizer: finalizer) { arguments in
      try body(repeat each arguments.values)
    }
  }

  /// Runs a body of several arguments once.
  public func apply<each Value: Codable>(_ values: repeat each Value) throws(PoolError) -> Output
  where Input == Arguments<repeat each Value> {
    try apply(Arguments(repeat each values), timeout: nil)
  }

  /// Starts an `apply` of a body of several arguments.
  public func applyAsync<each Value: Codable>(_ values: repeat each Value) throws(PoolError) -> AsyncResult<Output>
  where Input == Arguments<repeat each Value> {
    try applyAsync(Arguments(repeat each values), timeout: nil)
  }

  /// Runs a body of several arguments on each of `items`, which are tuples of them.
  /// - Throws: as `map`.
  public func starmap<each Value: Codable>(
    _ items: some Collection<(repeat each Value)>, chunkSize: ChunkSize = .automatic, timeout: Double? = nil
  ) throws(PoolError) -> [Output] where Input == Arguments<repeat each Value> {
    try map(items.map { Arguments(repeat each $0) }, chunkSize: chunkSize, timeout: timeout)
  }

  /// Starts a `starmap` and returns without waiting for it.
  public func starmapAsync<each Value: Codable>(
    _ items: some Collection<(repeat each Value)>, chunkSize: ChunkSize = .automatic, timeout: Double? = nil,
    callbacks: AsyncResult<[Output]>.Callbacks? = nil
  ) throws(PoolError) -> AsyncResult<[Output]> where Input == Arguments<repeat each Value> {
    try mapAsync(
      items.map { Arguments(repeat each $0) }, chunkSize: chunkSize, timeout: timeout, callbacks: callbacks)
  }

  /// Streams the results of a body of several arguments, in the order of the items. Python has no counterpart.
  public func istarmap<each Value: Codable>(
    _ items: some Sequence<(repeat each Value)>, chunkSize: ChunkSize = 1, window: Int? = nil, timeout: Double? = nil
  ) throws(PoolError) -> OrderedResults<Input, Output> where Input == Arguments<repeat each Value> {
    var iterator = items.makeIterator()
    return try imap(chunkSize: chunkSize, window: window, timeout: timeout) {
      iterator.next().map { Arguments(repeat each $0) }
    }
  }
}

extension Pool where Input == Int {
  /// Makes a pool for one call. The workers inherit `items` by fork, so the items are never encoded and need not be
  /// `Codable`.
  public static func map<Item>(
    _ items: [Item], _ options: PoolOptions, chunkSize: ChunkSize = .automatic, body: @escaping (Item) throws -> Output
  ) throws(PoolError) -> [Output] {
    let pool = try Pool(options) { index in try body(items[index]) }
    defer { pool.terminate() }
    return try pool.map(items.indices, chunkSize: chunkSize)
  }

  /// Makes a pool for one call of a body of several arguments.
  public static func starmap<each Value>(
    _ items: [(repeat each Value)], _ options: PoolOptions, chunkSize: ChunkSize = .automatic,
    body: @escaping (repeat each Value) throws -> Output
  ) throws(PoolError) -> [Output] {
    try map(items, options, chunkSize: chunkSize) { arguments in try body(repeat each arguments) }
  }
}
