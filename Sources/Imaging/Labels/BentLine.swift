/// A closed line moved by a field, with as many corners as it takes to stay within a fraction of a pixel of the curve.
struct BentLine {
  private(set) var corners: [Vertex] = []
  private let map: any FieldMap
  /// Pixels of the source between looks, and the shortest piece that is divided further.
  private let pitch, shortest: Double

  /// Pixels by which a chord may leave the curve where the field is looked at.
  private static let tolerance = 0.1
  private struct Place {
    var source: Vertex
    var output: Vertex
  }

  /// `nil` where the field folds.
  /// - Parameter shortest: no piece below this length is divided; 1 or more.
  init?(_ line: [Vertex], by map: any FieldMap, shortest: Double) {
    (self.map, self.shortest) = (map, shortest)
    pitch = max(map.straightLength, shortest)
    guard let first = line.first else { return }
    guard var start = place(of: first, near: nil) else { return nil }
    for end in line.dropFirst() + line.prefix(1) {
      guard let curve = curve(from: start, to: end), let last = curve.last else { return nil }
      corners += Self.simplified([start] + curve).dropLast().map(\.output)
      start = last
    }
  }

  private func place(of vertex: Vertex, near: Vertex?) -> Place? {
    guard let pixel = map.pixel(showing: vertex - 0.5, near: near.map { $0 - 0.5 }) else { return nil }
    return Place(source: vertex, output: pixel + 0.5)
  }

  /// The places of an edge after its start.
  private func curve(from start: Place, to end: Vertex) -> [Place]? {
    let pieceCount = max(1, ((end - start.source).length / pitch).rounded(.up))
    var (curve, before) = ([Place](), start)
    for piece in stride(from: 1, through: pieceCount, by: 1) {
      let source = piece == pieceCount ? end : start.source + (end - start.source) * (piece / pieceCount)
      // The way moved so far tells where about this one lies.
      guard let next = place(of: source, near: before.output + source - before.source),
        divide(before, next, into: &curve)
      else { return nil }
      curve.append(next)
      before = next
    }
    return curve
  }

  /// Appends places between two others until chords are close to the curve; false where the field folds.
  private func divide(_ start: Place, _ end: Place, into curve: inout [Place]) -> Bool {
    let middle = (start.output + end.output) / 2
    guard let between = place(of: (start.source + end.source) / 2, near: middle) else { return false }
    guard (between.output - middle).length > Self.tolerance, (end.source - start.source).length > shortest else {
      curve.append(between)
      return true
    }
    guard divide(start, between, into: &curve) else { return false }
    curve.append(between)
    return divide(between, end, into: &curve)
  }

  /// Without places that lie within half the tolerance of the chord between those that stay, of which the first and the
  /// last are two (Ramer, Douglas and Peucker).
  private static func simplified(_ places: [Place]) -> [Place] {
    var kept = [places[0]]
    var open = [(0, places.count - 1)]
    while let (start, end) = open.popLast() {
      let chord = places[end].output - places[start].output
      let scale = max(chord.length, 1e-9)
      var (farthest, most) = (start, tolerance / 2)
      for index in start..<end {
        let offset = places[index].output - places[start].output
        let distance = abs(chord.x * offset.y - chord.y * offset.x) / scale
        if distance > most { (farthest, most) = (index, distance) }
      }
      if farthest == start {
        kept.append(places[end])
      } else {
        open += [(farthest, end), (start, farthest)]
      }
    }
    return kept
  }
}

extension Vertex {
  fileprivate var length: Double { (self * self).sum().squareRoot() }
}

extension [Vertex] {
  /// Of the closed line.
  var perimeter: Double { zip(self, dropFirst() + prefix(1)).reduce(0) { $0 + ($1.1 - $1.0).length } }
}
