/// What is kept of a message beside its header and its bytes.
struct SlotHead: BitwiseCopyable {
  /// Bytes in use.
  var byteCount: Int
  /// How often it came back because its consumer died.
  var returnedCount: Int
}

/// Where in the memory of a `SharedQueue` everything lies, in bytes from its beginning. What different processes write
/// lies on different cache lines, except the states: who looks for a slot reads all of them.
struct QueueLayout {
  static let closed = 0
  static let tickets = cacheLineByteCount
  static let freed = 2 * cacheLineByteCount
  static let ready = 3 * cacheLineByteCount
  static let states = 4 * cacheLineByteCount
  let byteCount: Int
  private let headerOffset: Int
  private let heads: Int
  private let headStride: Int
  private let payloads: Int
  private let payloadStride: Int

  init<Header>(slotCount: Int, slotByteCount: Int, header: Header.Type) {
    let alignment = MemoryLayout<Header>.alignment
    headerOffset = (MemoryLayout<SlotHead>.size + alignment - 1) / alignment * alignment
    headStride = roundedToCacheLines(headerOffset + MemoryLayout<Header>.size)
    payloadStride = roundedToCacheLines(slotByteCount)
    heads = Self.states + roundedToCacheLines(ProcPool.byteCount(slotCount, of: MemoryLayout<UInt64>.stride))
    payloads = min(heads + ProcPool.byteCount(slotCount, of: headStride), Int.max >> 2)
    byteCount = payloads + ProcPool.byteCount(slotCount, of: payloadStride)
  }

  func head(_ slot: Int) -> Int { heads + slot * headStride }
  func header(_ slot: Int) -> Int { head(slot) + headerOffset }
  func payload(_ slot: Int) -> Int { payloads + slot * payloadStride }
}
