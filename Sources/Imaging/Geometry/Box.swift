/// A point between pixels: columns and rows from the upper left corner of the image, so that the first pixel extends
/// from 0 to 1. A `Point` counts from the centre of that pixel.
package typealias Vertex = SIMD2<Double>

/// A rectangle between pixels, with sides of 0 or more.
package struct Box: Codable, Hashable, Sendable {
  package var upperLeft: Vertex
  package var lowerRight: Vertex

  package init(_ upperLeft: Vertex, _ lowerRight: Vertex) {
    (self.upperLeft, self.lowerRight) = (upperLeft, lowerRight)
  }

  /// The smallest box around all corners; `nil` if there are none.
  package init?(around corners: some Sequence<Vertex>) {
    var corners = corners.makeIterator()
    guard let first = corners.next() else { return nil }
    self.init(first, first)
    while let corner = corners.next() {
      upperLeft = pointwiseMin(upperLeft, corner)
      lowerRight = pointwiseMax(lowerRight, corner)
    }
  }

  package var center: Vertex { (upperLeft + lowerRight) / 2 }
  package var size: Vertex { lowerRight - upperLeft }
  package var shorterSide: Double { size.min() }

  package var area: Double { size.x * size.y }

  /// Clockwise from the upper left.
  package var corners: [Vertex] {
    [upperLeft, Vertex(lowerRight.x, upperLeft.y), lowerRight, Vertex(upperLeft.x, lowerRight.y)]
  }

  /// Whether a vertex lies inside or on a side.
  package func contains(_ vertex: Vertex) -> Bool {
    vertex.x >= upperLeft.x && vertex.y >= upperLeft.y && vertex.x <= lowerRight.x && vertex.y <= lowerRight.y
  }

  /// Whether no side lies a pixel or more from that of `other`.
  func isClose(to other: Box) -> Bool {
    let (start, end) = (upperLeft - other.upperLeft, lowerRight - other.lowerRight)
    let most = pointwiseMax(pointwiseMax(start, -start), pointwiseMax(end, -end))
    return most.max() < 1
  }

  /// The part within `other`; of no extent if they do not meet.
  package func intersection(_ other: Box) -> Box {
    let start = pointwiseMax(upperLeft, other.upperLeft)
    return Box(start, pointwiseMax(start, pointwiseMin(lowerRight, other.lowerRight)))
  }
}

extension ImageShape {
  /// The whole image, in pixels between corners.
  package var frame: Box { Box(.zero, Vertex(Double(width), Double(height))) }
}
