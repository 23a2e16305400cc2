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
}
