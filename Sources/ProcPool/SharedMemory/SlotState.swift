/// The position of a message in the order of publication.
///
/// It has 40 bits and wraps around. The older of two tickets is the one from which counting up reaches the other in
/// fewer than 2³⁹ steps; tickets that are in a queue at the same time are never further apart.
package struct Ticket: Hashable {
  package static let bitCount = 40
  private static let mask: UInt64 = (1 << UInt64(bitCount)) - 1
  package let number: UInt64

  /// The ticket for a value of the 64-bit counter.
  package init(_ counter: UInt64) { number = counter & Self.mask }

  package func isOlder(than other: Ticket) -> Bool {
    let distance = (other.number &- number) & Self.mask
    return distance != 0 && distance < 1 << UInt64(Self.bitCount - 1)
  }
}

/// What a slot of a `SharedQueue` is used for, and by which process. Both are in one word, so a process cannot die
/// between taking the slot and leaving its name.
///
///                 reserve            publish             take
///        free ───────────▶ reserved ─────────▶ published ─────▶ taken
///          ▲ ◀──────────── (owner)             (ticket)  ◀───── (ticket, owner)
///          │    abandon, or the owner died         the owner died  │
///          └───────────────────────────────────────────────────────┘ release
package enum SlotState: Hashable {
  case free
  case reserved(owner: Int32)
  case published(Ticket)
  case taken(Ticket, owner: Int32)
}

// Each transition returns `nil` if the process may not make it.
extension SlotState {
  package func reserved(by process: Int32) -> SlotState? {
    self == .free ? .reserved(owner: process) : nil
  }

  package func published(_ ticket: Ticket, by process: Int32) -> SlotState? {
    self == .reserved(owner: process) ? .published(ticket) : nil
  }

  package func taken(by process: Int32) -> SlotState? {
    guard case .published(let ticket) = self else { return nil }
    return .taken(ticket, owner: process)
  }

  /// The owner is done with the slot, as a writer or a reader.
  package func freed(by process: Int32) -> SlotState? {
    owner == process ? .free : nil
  }

  /// The owner died: what it was writing is dropped, and what it was reading goes back to its old place.
  package func reclaimed(from process: Int32) -> SlotState? {
    switch self {
    case .reserved(process): .free
    case .taken(let ticket, process): .published(ticket)
    default: nil
    }
  }

  /// The one process that may touch the slot's bytes.
  package var owner: Int32? {
    switch self {
    case .reserved(let owner), .taken(_, let owner): owner
    case .free, .published: nil
    }
  }
}

// The word: two bits of phase, 22 of owner (the kernel's limit on process ids), 40 of ticket.
extension SlotState {
  package init(word: UInt64) {
    let owner = Int32(truncatingIfNeeded: word >> 2 & 0x3F_FFFF)
    let ticket = Ticket(word >> 24)
    switch word & 3 {
    case 0: self = .free
    case 1: self = .reserved(owner: owner)
    case 2: self = .published(ticket)
    default: self = .taken(ticket, owner: owner)
    }
  }

  package var word: UInt64 {
    switch self {
    case .free: 0
    case .reserved(let owner): 1 | Self.bits(of: owner)
    case .published(let ticket): 2 | ticket.number << 24
    case .taken(let ticket, let owner): 3 | Self.bits(of: owner) | ticket.number << 24
    }
  }

  private static func bits(of owner: Int32) -> UInt64 {
    precondition(owner > 0 && owner < 1 << 22, "a process id lies between 1 and the limit of the kernel")
    return UInt64(owner) << 2
  }
}
