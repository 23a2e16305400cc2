internal import Imaging

/// Makes one outline of several, because a line of a label file holds one.
enum YOLOOutline {
  /// Pairs of corners that are compared to find where two outlines are nearest. Beyond, their first corners will do.
  private static let pairLimit = 4_000_000

  /// Joins each outline with those before it by a bridge without width, there and back where they are nearest. What an
  /// odd number of lines encloses stays the same.
  static func joined(_ polygons: [[Vertex]]) -> [Vertex] {
    let polygons = polygons.filter { $0.count >= 3 }
    guard var outline = polygons.first else { return [] }
    var pairsLeft = pairLimit
    for polygon in polygons.dropFirst() {
      let (pairCount, isTooLarge) = outline.count.multipliedReportingOverflow(by: polygon.count)
      let isAffordable = !isTooLarge && pairCount <= pairsLeft
      if isAffordable { pairsLeft -= pairCount }
      let (pier, other) = isAffordable ? nearest(outline, polygon) : (0, 0)
      let around = polygon[other...] + polygon[...other]
      outline.insert(contentsOf: around + [outline[pier]], at: pier + 1)
    }
    return outline
  }

  /// The first of the nearest pairs of corners.
  private static func nearest(_ first: [Vertex], _ second: [Vertex]) -> (Int, Int) {
    var best = (0, 0, distance: Double.infinity)
    for (index, corner) in first.enumerated() {
      for (other, opposite) in second.enumerated() {
        let step = corner - opposite
        let distance = (step * step).sum()
        if distance < best.distance { best = (index, other, distance) }
      }
    }
    return (best.0, best.1)
  }
}
