/// Identifies a call of a pool, such as a `map`.
package struct CallID: Hashable, BitwiseCopyable {
  /// A serial number, unique in its pool.
  var number: UInt64
  /// Its place in the table, which a later call may reuse.
  var place: UInt32

  /// Identifies no call.
  static let none = CallID(number: .max, place: .max)
}

/// A value for each call in progress. Found by index and not by hash, since the work of a task may be a tenth of a
/// microsecond.
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

  /// Adds a value for a call that another table has numbered.
  mutating func insert(_ element: Element, for id: CallID) {
    let place = Place(id: id, isInUse: true, element: element)
    if id.place == places.count { places.append(place) } else { places[Int(id.place)] = place }
  }

  /// Removes a call. The element is kept until its place is reused.
  mutating func remove(_ id: CallID) {
    guard contains(id) else { return }
    places[Int(id.place)].isInUse = false
    free.append(id.place)
  }

  func contains(_ id: CallID) -> Bool {
    id.place < places.count && places[Int(id.place)].isInUse && places[Int(id.place)].id.number == id.number
  }

  /// The calls in progress, in no particular order.
  var ids: [CallID] { places.filter(\.isInUse).map(\.id) }

  /// The value of a call in progress. `_read` and `_modify` copy nothing: an element may own arrays.
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
