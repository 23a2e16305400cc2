package import Imaging

/// A label to draw, in pixels of the whole image.
package struct LabelMark: Sendable {
  package var className: String
  package var shape: LabelShape
  /// For labels of another kind than the rest, such as crowds.
  package var isDashed: Bool

  package init(_ className: String, _ shape: LabelShape, isDashed: Bool = false) {
    (self.className, self.shape, self.isDashed) = (className, shape, isDashed)
  }

  /// The mark on a canvas.
  func scaled(by scale: Vertex) -> LabelMark {
    var mark = self
    mark.shape.box = Box(shape.box.upperLeft * scale, shape.box.lowerRight * scale)
    if case .polygons(let polygons) = shape.outline {
      mark.shape.outline = .polygons(polygons.map { $0.map { $0 * scale } })
    }
    mark.shape.keypoints = shape.keypoints.map { Keypoint($0.position * scale, $0.visibility) }
    return mark
  }

  /// Whether its box can be drawn: a broken one has no numbers or ends before it begins.
  var hasBox: Bool {
    let (low, high) = (shape.box.upperLeft, shape.box.lowerRight)
    return low.isPlace && high.isPlace && low.x <= high.x && low.y <= high.y
  }

  /// Those that can be drawn.
  var polygons: [[Vertex]] { shape.outline.polygons.filter { $0.count >= 3 && $0.allSatisfy(\.isPlace) } }
}

extension Vertex {
  /// Whether it is a number of pixels, and so near that fractions of a pixel still count.
  var isPlace: Bool { abs(x) < 1e9 && abs(y) < 1e9 }
}
