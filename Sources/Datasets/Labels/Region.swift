package import Imaging

/// A labelled part of an image: its class, its box, and its outline where the labels have one.
package struct Region: Codable, Hashable, Sendable {
  package var className: String
  package var box: Box
  /// Closed outlines without the repeated last corner; what an odd number of them encloses belongs to the region.
  /// Empty: the box is all there is.
  package var polygons: [[Vertex]]
  package var unit: Unit

  /// What coordinates count from the upper left corner of the upright image, to the right and down.
  package enum Unit: String, Codable, Sendable {
    /// Pixels: the first one extends from 0 to 1.
    case pixels
    /// Shares of the image's width and height.
    case shares
  }

  package init(_ className: String, _ box: Box, polygons: [[Vertex]] = [], unit: Unit = .pixels) {
    (self.className, self.box, self.polygons, self.unit) = (className, box, polygons, unit)
  }

  /// The region in pixels of an image of this shape.
  package func inPixels(of shape: ImageShape) -> Region {
    guard unit == .shares else { return self }
    let sides = Vertex(Double(shape.width), Double(shape.height))
    return mapped(to: .pixels) { $0 * sides }
  }

  /// The region scaled about the centre of its box.
  package func scaled(by factor: Double) -> Region {
    if factor == 1 { return self }  // not to the nearest of what can be represented
    let center = box.center
    return mapped(to: unit) { center + ($0 - center) * factor }
  }

  private func mapped(to unit: Unit, _ map: (Vertex) -> Vertex) -> Region {
    Region(
      className, Box(map(box.upperLeft), map(box.lowerRight)), polygons: polygons.map { $0.map(map) }, unit: unit)
  }
}
