// Grids are lists of places, ascending from 0, where columns or rows begin, and at last the end of the image.

extension [Int] {
  /// The places at which lengths begin that lie side by side, and the end of the last one.
  var ends: [Int] { reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) } }

  /// Whether they can be the sides of tiles: at least one, and each as an image may have.
  var areSides: Bool { !isEmpty && allSatisfy((0...65_535).contains) }

  /// Of these places, the number of the interval of length above 0 that holds `place`, or is nearest to it.
  func interval(at place: Double) -> Int {
    let inside = Swift.min(Swift.max(place, 0), Double(self[count - 1]).nextDown)
    return Swift.min(lastIndex { Double($0) <= inside } ?? 0, count - 2)
  }
}
