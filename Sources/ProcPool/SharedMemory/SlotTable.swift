internal import Synchronization

/// The states of a queue's slots, in shared memory. Each change is one compare-and-exchange on one word.
@safe
struct SlotTable {
  /// Zero at first: all slots are free.
  let words: UnsafeMutablePointer<Atomic<UInt64>>
  let count: Int

  func state(of slot: Int) -> SlotState {
    SlotState(word: unsafe words[slot].load(ordering: .sequentiallyConsistent))
  }

  /// Makes one change, unless the slot is not in the state that the caller saw it in.
  func change(_ slot: Int, from old: SlotState, to new: SlotState) -> Bool {
    unsafe words[slot].compareExchange(
      expected: old.word, desired: new.word, ordering: .sequentiallyConsistent
    ).exchanged
  }

  /// Reserves a free slot, looking from `first` on.
  func reserve(from first: Int, by process: Int32) -> Int? {
    for offset in 0..<count {
      let slot = first + offset < count ? first + offset : first + offset - count
      if let reserved = state(of: slot).reserved(by: process), change(slot, from: .free, to: reserved) { return slot }
    }
    return nil
  }

  /// Takes the oldest message.
  ///
  /// One look at all slots is not enough to know it: a producer may publish in a slot already passed, and then again in one
  /// not yet passed. But whoever has seen a message sees every earlier one of the same producer at its next look. So the
  /// oldest of two looks running is taken.
  func takeOldest(by process: Int32) -> Int? {
    var previous: Ticket?
    while let (slot, ticket) = oldest() {
      if ticket == previous, change(slot, from: .published(ticket), to: .taken(ticket, owner: process)) { return slot }
      previous = ticket
    }
    return nil
  }

  /// Frees a slot that the process has reserved or taken. Where the word says that another has it, somebody wrote over the
  /// memory, and it is left alone.
  func free(_ slot: Int, by process: Int32) {
    let old = state(of: slot)
    if let freed = old.freed(by: process) { _ = change(slot, from: old, to: freed) }
  }

  /// Whether no process but this one is writing, reading or has left a message.
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
