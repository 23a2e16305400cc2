internal import Synchronization

/// What a slot records of its message besides the user's header and the bytes.
struct SlotHead: BitwiseCopyable {
  /// Bytes of the message.
  var byteCount: Int
  /// How often the message came back because its consumer died.
  var returnedCount: Int
}

/// Where the parts of a `SharedQueue` lie, as offsets into its memory. Words that different processes write lie on
/// different cache lines, except the states: a process that looks for a slot reads all of them.
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

/// The states of a queue's slots, in shared memory. Each change is one compare-and-exchange on one word.
///
/// Invariant: `words` points to `count` words of a mapping that lives as long as the queue that owns this. Their values
/// may be anything, since any process may overwrite them: every word is a valid `SlotState`.
@safe
struct SlotTable {
  /// Zero at first: all slots are free.
  let words: UnsafeMutablePointer<Atomic<UInt64>>
  let count: Int

  func state(of slot: Int) -> SlotState {
    SlotState(word: unsafe words[slot].load(ordering: .sequentiallyConsistent))
  }

  /// Makes one change, unless the slot has left the state that the caller saw.
  func change(_ slot: Int, from old: SlotState, to new: SlotState) -> Bool {
    unsafe words[slot].compareExchange(
      expected: old.word, desired: new.word, ordering: .sequentiallyConsistent
    ).exchanged
  }

  /// Reserves a free slot; the scan starts at `first`.
  func reserve(from first: Int, by process: Int32) -> Int? {
    for offset in 0..<count {
      let slot = first + offset < count ? first + offset : first + offset - count
      if let reserved = state(of: slot).reserved(by: process), change(slot, from: .free, to: reserved) { return slot }
    }
    return nil
  }

  /// Takes the oldest message.
  ///
  /// One scan is not enough to find it: a producer may publish in a slot that the scan has passed, and then in one that
  /// it has yet to reach. But once a message has been seen, the next scan sees every earlier one of the same producer.
  /// So a message is taken if two scans in a row find it oldest.
  func takeOldest(by process: Int32) -> Int? {
    var previous: Ticket?
    while let (slot, ticket) = oldest() {
      if ticket == previous, change(slot, from: .published(ticket), to: .taken(ticket, owner: process)) { return slot }
      previous = ticket
    }
    return nil
  }

  /// Frees a slot that the process has reserved or taken. If the word names another process, some process overwrote it,
  /// and it is left alone.
  func free(_ slot: Int, by process: Int32) {
    let old = state(of: slot)
    if let freed = old.freed(by: process) { _ = change(slot, from: old, to: freed) }
  }

  /// Whether no other process is writing or reading, and no message is waiting.
  func isIdle(but process: Int32) -> Bool {
    (0..<count).allSatisfy { slot in
      switch state(of: slot) {
      case .free, .taken(_, process): true
      default: false
      }
    }
  }

  private func oldest() -> (slot: Int, ticket: Ticket)? {
    var oldest: (slot: Int, ticket: Ticket)?
    for slot in 0..<count {
      guard case .published(let ticket) = state(of: slot) else { continue }
      if oldest.map({ ticket.isOlder(than: $0.ticket) }) ?? true { oldest = (slot, ticket) }
    }
    return oldest
  }
}
