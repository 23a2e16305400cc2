internal import Glibc

/// What transforms of the affine family draw: scales, rotates and shears about the centre of the image, then translates.
package struct AffineDraw: Codable, Sendable {
  package var scale: Point
  /// In whole pixels.
  package var translation: Point
  /// In degrees, counter-clockwise.
  package var rotation: Double
  /// In degrees.
  package var shear: Point

  package init(
    scale: Point = Point(1, 1), translation: Point = .zero, rotation: Double = 0, shear: Point = .zero
  ) {
    (self.scale, self.translation, self.rotation, self.shear) = (scale, translation, rotation, shear)
  }

  /// From points of an image of `shape` to points of an output as large.
  func matrix(for shape: ImageShape) -> Matrix3 {
    let (x, y) = (Double(shape.width) / 2 - 0.5, Double(shape.height) / 2 - 0.5)
    // Reduced to 0 ..< 360 as in Albumentations: rounding of the cosine decides whether a fitted output gains a row.
    let rest = rotation.truncatingRemainder(dividingBy: 360)
    let angle = radians(rest < 0 ? rest + 360 : rest)
    let turn = Matrix3([cos(angle), sin(angle), 0, -sin(angle), cos(angle), 0, 0, 0, 1])
    let slant = Matrix3([1, tan(radians(-shear.x)), 0, tan(radians(-shear.y)), 1, 0, 0, 0, 1])
    return .translation(x, y) * .translation(translation.x, translation.y) * slant * turn
      * .scale(scale.x, scale.y) * .translation(-x, -y)
  }

  /// The whole map, in an output of the image's size.
  func projection(for shape: ImageShape) -> Projection {
    Projection(matrix(for: shape), width: shape.width, height: shape.height)
  }
}

func radians(_ degrees: Double) -> Double { degrees * (.pi / 180) }

extension Operation {
  /// An affine map as Albumentations does it: a fill of one number colours every channel, and a matrix that is nearly
  /// the identity leaves the image as it is.
  static func affine(_ view: Projection, _ resampling: Resampling) -> Operation {
    view.matrix.isNearlyIdentity ? .identity : .geometry(.affine(view), resampling.fillingEveryChannel)
  }
}

extension Matrix3 {
  /// Within the tolerance of NumPy's `allclose`.
  fileprivate var isNearlyIdentity: Bool {
    zip(values, Matrix3.identity.values).allSatisfy { abs($0 - $1) <= 1e-8 + 1e-5 * $1 }
  }
}

/// How boxes follow a rotation in Albumentations. Accepted, and not needed: they follow the outline of their object.
package enum RotateMethod: String, CaseIterable, Sendable {
  case largestBox = "largest_box"
  case ellipse
}
