/// Names one call of a pool: a `map`, say.
package struct CallID: Hashable, BitwiseCopyable {
  /// Counts the calls of a pool, for longer than any pool lives.
  var number: UInt64
  /// Where the table has it; a later call may have the same place.
  var place: UInt32

  /// Names no call.
  static let none = CallID(number: .max, place: .max)
}

/// Something for each call in progress, found without a search: the work for one task may be a tenth of a microsecond.
struct CallTable<Element> {
  private struct Place {
    var id: CallID
    var isInUse: Bool
    var element: Element
  }

  private var places: [Place] = []
  private var free: [UInt32] = []
  private var nextNumber: UInt64 = 0

  mutating func insert(_ element: Element) -> CallID {
    let place = free.popLast() ?? UInt32(places.count)
    let id = CallID(number: nextNumber, place: place)
    nextNumber += 1
    insert(element, for: id)
    return id
  }

  /// Adds something for a call that another table has numbered.
  mutating func insert(_ element: Element, for id: CallID) {
    let place = Place(id: id, isInUse: true, element: element)
    if id.place == places.count { places.append(place) } else { places[Int(id.place)] = place }
  }

  /// Forgets a call. What belonged to it is kept until its place is used again.
  mutating func remove(_ id: CallID) {
    guard contains(id) else { return }
    places[Int(id.place)].isInUse = false
    free.append(id.place)
  }

  func contains(_ id: CallID) -> Bool {
    id.place < places.count && places[Int(id.place)].isInUse && places[Int(id.place)].id.number == id.number
  }

  /// The calls in progress, in no order that means anything.
  var ids: [CallID] { places.filter(\.isInUse).map(\.id) }

  /// Of a call in progress. The accessors copy nothing: an element may own arrays.
  subscript(id: CallID) -> Element {
    _read {
      precondition(contains(id), "a call in progress")
      yield places[Int(id.place)].element
    }
    _modify {
      precondition(contains(id), "a call in progress")
      yield &places[Int(id.place)].element
    }
  }
}
