internal import Datasets
internal import FoundationEssentials
internal import Imaging
internal import ProcPool

/// How much shared memory a strategy takes: slots for images, as many as it would like while they fit.
///
/// An image that is larger than a slot is no error: whoever works on it reads or writes it by itself.
struct SlotSize {
  /// Slots, at least one.
  var count: Int
  /// Room in each of them, at least one byte.
  var byteCount: Int

  /// A quarter of the memory of the machine, and no more than this.
  private static let byteLimit = 1 << 30
  /// Files whose headers are looked at, spread over the listing.
  private static let sampleCount = 64
  /// Headers end before, but for those with very large colour profiles.
  private static let headByteCount = 262_144

  /// Slots for the images of a plan, the largest of a sample of them at least if `wanted` of that size fit.
  init(for plan: Plan, _ files: ImageFileOptions, wanted: Int) {
    let budget = min(Self.byteLimit, Int(clamping: ProcessInfo.processInfo.physicalMemory / 4))
    let wanted = max(1, wanted)
    byteCount = max(1, min(Self.largestByteCount(in: plan, files), budget / wanted))
    count = max(1, min(wanted, budget / byteCount))
  }

  private static func largestByteCount(in plan: Plan, _ files: ImageFileOptions) -> Int {
    let images = plan.images
    let step = max(1, images.count / sampleCount)
    let decoder = ImageDecoder()
    return stride(from: 0, to: images.count, by: step).reduce(0) { largest, index in
      guard let head = try? plan.input.head(images[index].path, count: headByteCount),
        let header = unsafe try? decoder.header(of: head.span.bytes, maxPixels: files.maxPixels)
      else { return largest }
      return max(largest, ImageLayout(header).byteCount)
    }
  }
}

/// There is no room for the memory that the processes of a strategy share.
package struct SharedMemoryShortage: Error, CustomStringConvertible {
  /// Bytes that were asked for.
  package var byteCount: Int
  /// What the system said.
  package var reason: String

  /// One sentence with the remedy.
  package var description: String {
    "no room for \((byteCount + 999_999) / 1_000_000) MB of shared memory (\(reason)): try fewer ranks"
  }

  /// What `make` makes, or this error where there is no room.
  static func guarding<Made>(_ size: SlotSize, _ make: () throws(PoolError) -> Made) throws -> Made {
    try guarding(size.count * size.byteCount, make)
  }

  /// What `make` makes of so many bytes, or this error where there is no room.
  static func guarding<Made>(_ byteCount: Int, _ make: () throws(PoolError) -> Made) throws -> Made {
    do throws(PoolError) {
      return try make()
    } catch {
      guard error.isShortage else { throw error }
      throw SharedMemoryShortage(byteCount: byteCount, reason: error.description)
    }
  }
}

extension SharedArena {
  /// Slots of a size.
  convenience init(_ size: SlotSize) throws(PoolError) {
    try self.init(slotCount: size.count, slotByteCount: size.byteCount)
  }
}
