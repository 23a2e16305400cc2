import ProcPool
import Testing

/// Every transition of a slot, from every state, by its owner and by another process.
struct SlotStateTests {
  private static let states: [SlotState] = [
    .free, .reserved(owner: 1), .reserved(owner: 2), .published(Ticket(5)), .taken(Ticket(5), owner: 1),
    .taken(Ticket(5), owner: 2),
  ]

  /// What process 1 can turn each state into.
  private func expectTransitions(_ expected: [SlotState?], _ transition: (SlotState) -> SlotState?) {
    #expect(Self.states.map(transition) == expected)
  }

  @Test func onlyAFreeSlotIsReserved() {
    expectTransitions([.reserved(owner: 1), nil, nil, nil, nil, nil]) { $0.reserved(by: 1) }
  }

  @Test func onlyTheOwnerPublishesWhatItReserved() {
    expectTransitions([nil, .published(Ticket(9)), nil, nil, nil, nil]) { $0.published(Ticket(9), by: 1) }
  }

  @Test func onlyAPublishedMessageIsTakenAndItKeepsItsTicket() {
    expectTransitions([nil, nil, nil, .taken(Ticket(5), owner: 1), nil, nil]) { $0.taken(by: 1) }
  }

  @Test func onlyTheOwnerFreesASlotThatItReservedOrTook() {
    expectTransitions([nil, .free, nil, nil, .free, nil]) { $0.freed(by: 1) }
  }

  @Test func reclaimingFreesHalfAMessageAndReturnsAWholeOneAndTouchesNothingElse() {
    expectTransitions([nil, .free, nil, nil, .published(Ticket(5)), nil]) { $0.reclaimed(from: 1) }
  }

  @Test func everyStateComesBackFromItsWordAndNoTwoShareOne() {
    let owners: [Int32] = [1, 2, 4242, 1 << 22 - 1]
    let tickets = [0, 1, 5, 1 << 39, (1 << 40) - 1].map { Ticket($0) }
    var states: [SlotState] = [.free] + owners.map { .reserved(owner: $0) } + tickets.map { .published($0) }
    for ticket in tickets { states += owners.map { .taken(ticket, owner: $0) } }
    for state in states { #expect(SlotState(word: state.word) == state) }
    #expect(Set(states.map(\.word)).count == states.count)
    #expect(SlotState.free.word == 0, "zeroed memory is free slots")
  }

  @Test(arguments: [0, 1, 1 << 39 - 1, 1 << 39, (1 << 40) - 2, (1 << 40) - 1] as [UInt64])
  func ticketsKeepTheirOrderWhenTheyWrapAround(first: UInt64) {
    let ticket = Ticket(first)
    #expect(!ticket.isOlder(than: ticket))
    for distance: UInt64 in [1, 2, 1000, 1 << 39 - 1] {
      #expect(ticket.isOlder(than: Ticket(first + distance)))
      #expect(!Ticket(first + distance).isOlder(than: ticket))
    }
  }
}
