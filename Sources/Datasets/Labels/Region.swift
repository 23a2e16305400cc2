/// A labelled part of an image: its class, its box, and its outline where the labels have one.
package struct Region: Codable, Hashable, Sendable {
  package var className: String
  package var box: Box
  /// Closed outlines without the repeated last corner; what an odd number of them encloses belongs to the region.
  /// Empty: the box is all there is.
  package var polygons: [[Corner]]
  package var unit: Unit

  /// What coordinates count from the upper left corner of the upright image, to the right and down.
  package enum Unit: String, Codable, Sendable {
    /// Pixels: the first one extends from 0 to 1.
    case pixels
    /// Shares of the image's width and height.
    case shares
  }

  package init(_ className: String, _ box: Box, polygons: [[Corner]] = [], unit: Unit = .pixels) {
    (self.className, self.box, self.polygons, self.unit) = (className, box, polygons, unit)
  }

  /// The region in pixels of an image of this size.
  package func inPixels(width: Int, height: Int) -> Region {
    guard unit == .shares else { return self }
    return mapped(to: .pixels) { $0 * Corner(Double(width), Double(height)) }
  }

  /// The region scaled about the centre of its box.
  package func scaled(by factor: Double) -> Region {
    let center = (box.upperLeft + box.lowerRight) / 2
    return mapped(to: unit) { center + ($0 - center) * factor }
  }

  private func mapped(to unit: Unit, _ map: (Corner) -> Corner) -> Region {
    Region(
      className, Box(map(box.upperLeft), map(box.lowerRight)), polygons: polygons.map { $0.map(map) }, unit: unit)
  }
}

/// A point between pixels: columns and rows from the upper left corner of the image.
package typealias Corner = SIMD2<Double>

/// A rectangle between pixels, with sides of 0 or more.
package struct Box: Codable, Hashable, Sendable {
  package var upperLeft: Corner
  package var lowerRight: Corner

  package init(_ upperLeft: Corner, _ lowerRight: Corner) {
    (self.upperLeft, self.lowerRight) = (upperLeft, lowerRight)
  }

  /// The smallest box around all corners; `nil` if there are none.
  package init?(around corners: some Sequence<Corner>) {
    var corners = corners.makeIterator()
    guard let first = corners.next() else { return nil }
    self.init(first, first)
    while let corner = corners.next() {
      upperLeft = pointwiseMin(upperLeft, corner)
      lowerRight = pointwiseMax(lowerRight, corner)
    }
  }

  package var width: Double { lowerRight.x - upperLeft.x }
  package var height: Double { lowerRight.y - upperLeft.y }
  package var shorterSide: Double { min(width, height) }
}
