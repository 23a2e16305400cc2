internal import Datasets
internal import Imaging
internal import Jobs
internal import Platform
internal import ProcPool

/// Size of a strategy's shared memory: slots for images, as many as wanted while they fit.
///
/// An image larger than a slot is not an error: the rank that works on it reads or writes it by itself.
struct SlotSize {
  /// Number of slots, at least 1.
  var count: Int
  /// Bytes per slot, at least 1.
  var byteCount: Int

  /// All slots together take at most this, and at most a quarter of the memory there is.
  private static let byteLimit = 1 << 30
  /// Files whose headers are read.
  private static let sampleCount = 64

  /// Slots for the images of a run, as they are decoded. Each holds the largest image of a sample if `wanted` slots of
  /// that size fit; otherwise slots are smaller.
  init(for run: JobRun<some Job>, wanted: Int) {
    let budget = min(Self.byteLimit, Memory.byteCount / 4)
    let wanted = max(1, wanted)
    let largest = run.headers(of: Self.sampleCount).map { ImageLayout($0).byteCount }.max() ?? 0
    byteCount = max(1, min(largest, budget / wanted))
    count = max(1, min(wanted, budget / byteCount))
  }
}

/// There is no room for the memory that the processes of a strategy share.
package struct SharedMemoryShortage: Error, CustomStringConvertible {
  /// Bytes requested.
  package var byteCount: Int
  /// The error of the system.
  package var reason: String

  /// One sentence.
  package var description: String {
    "no room for \((byteCount + 999_999) / 1_000_000) MB of shared memory (\(reason))"
  }

  /// Runs `make` and turns a shortage into this error.
  static func guarding<Made>(_ size: SlotSize, _ make: () throws(PoolError) -> Made) throws -> Made {
    try guarding(size.count * size.byteCount, make)
  }

  /// Runs `make`, which allocates `byteCount` bytes, and turns a shortage into this error.
  static func guarding<Made: ~Copyable>(
    _ byteCount: Int, _ make: () throws(PoolError) -> Made
  ) throws -> Made {
    do throws(PoolError) {
      return try make()
    } catch {
      guard error.isShortage else { throw error }
      throw SharedMemoryShortage(byteCount: byteCount, reason: error.description)
    }
  }
}

extension SharedArena {
  convenience init(_ size: SlotSize) throws(PoolError) {
    try self.init(slotCount: size.count, slotByteCount: size.byteCount)
  }
}
