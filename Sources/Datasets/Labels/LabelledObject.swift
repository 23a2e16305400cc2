package import Imaging

/// A labelled part of an image: its class, what it covers, and what else its label says.
package struct LabelledObject: Codable, Hashable, Sendable {
  package var className: String
  package var shape: LabelShape
  package var unit: Unit
  /// Many objects that are labelled as one.
  package var isCrowd = false
  /// Hard to recognise, and left out of evaluations.
  package var isDifficult = false
  /// Whether part of it lies beyond the border of the image; `nil` if its label does not tell.
  package var isTruncated: Bool?
  /// Everything else that its label says.
  package var fields: [LabelField] = []
  /// Its own parts with boxes, such as a head or a hand, which follow the image as it does.
  package var parts: [LabelledObject] = []

  /// What coordinates count from the upper left corner of the upright image, to the right and down.
  package enum Unit: String, Codable, Sendable {
    /// Pixels: the first one extends from 0 to 1.
    case pixels
    /// Shares of the image's width and height.
    case shares
  }

  package init(_ className: String, _ shape: LabelShape, unit: Unit = .pixels) {
    (self.className, self.shape, self.unit) = (className, shape, unit)
  }

  /// - Parameter polygons: empty if the box is all there is.
  package init(_ className: String, _ box: Box, polygons: [[Vertex]] = [], unit: Unit = .pixels) {
    self.init(className, LabelShape(box, outline: polygons.isEmpty ? .none : .polygons(polygons)), unit: unit)
  }

  package var box: Box { shape.box }

  package var polygons: [[Vertex]] { shape.outline.polygons }

  /// The object in pixels of an image of this shape.
  package func inPixels(of shape: ImageShape) -> LabelledObject {
    guard unit == .shares else { return self }
    let sides = Vertex(Double(shape.width), Double(shape.height))
    return mapped(to: .pixels) { $0 * sides }
  }

  /// The object scaled about the centre of its box.
  package func scaled(by factor: Double) -> LabelledObject {
    if factor == 1 { return self }  // not to the nearest of what can be represented
    let center = box.center
    return mapped(to: unit) { center + ($0 - center) * factor }
  }

  private func mapped(to unit: Unit, _ map: (Vertex) -> Vertex) -> LabelledObject {
    var object = self
    object.unit = unit
    object.shape.box = Box(map(box.upperLeft), map(box.lowerRight))
    if case .polygons(let polygons) = shape.outline { object.shape.outline = .polygons(polygons.map { $0.map(map) }) }
    object.shape.keypoints = shape.keypoints.map { point in
      point.visibility == .unlabelled ? point : Keypoint(map(point.position), point.visibility)
    }
    object.parts = parts.map { $0.mapped(to: unit, map) }
    return object
  }
}
