internal import Glibc

/// Rotates an image about its centre and squeezes it to its old size, so that no corner is lost. Grey, colour and alpha.
///
/// Source: Albumentations `SafeRotate`, OpenCV `getRotationMatrix2D` and `warpAffine`.
package struct SafeRotate: Transform, Resampled {
  package typealias Drawn = Rotate.Drawn

  package static let summary = "Rotates the image about its centre and squeezes it, so that no corner is lost."
  package static let parameters: [Parameter<SafeRotate>] =
    [
      .range("limit", \.limit, in: .anyNumber, "angle in degrees, counter-clockwise"),
      .choice("rotate_method", \.rotateMethod, "how boxes follow a rotation"),
    ] + Parameter.resamplingWithMasks
  /// Those of `Affine`.
  package static let unusedKeys = [
    "balanced_scale", "fit_output", "keep_ratio", "rotate", "scale", "shear", "translate_percent", "translate_px",
  ]

  /// Range of the angle in degrees.
  package var limit = -90.0...90.0
  package var rotateMethod = RotateMethod.largestBox
  package var resampling = Resampling()

  package init() {}

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    Drawn(angle: random.uniform(limit))
  }

  package func fixed(at drawn: Drawn) -> PipelineNode? { always { $0.limit = .only(drawn.angle) } }

  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    guard shape.byteCount > 0 else { return .identity }
    return .affine(Projection(Self.matrix(drawn.angle, shape), width: shape.width, height: shape.height), resampling)
  }

  /// The rotated image is moved to the middle of the smallest upright rectangle around it, cut to whole pixels, which is
  /// then scaled to the image. In the order of OpenCV's and Albumentations' operations.
  private static func matrix(_ degrees: Double, _ shape: ImageShape) -> Matrix3 {
    let (width, height) = (Double(shape.width), Double(shape.height))
    let (x, y) = (width / 2 - 0.5, height / 2 - 0.5)
    let (sine, cosine) = (sin(radians(degrees)), cos(radians(degrees)))
    let newWidth = max(1, (height * abs(sine) + width * abs(cosine)).rounded(.down))
    let newHeight = max(1, (height * abs(cosine) + width * abs(sine)).rounded(.down))
    let shift = Point((1 - cosine) * x - sine * y, sine * x + (1 - cosine) * y)
    let rotation = Matrix3([
      cosine, sine, shift.x + (newWidth / 2 - x), -sine, cosine, shift.y + (newHeight / 2 - y), 0, 0, 1,
    ])
    return .scale(width / newWidth, height / newHeight) * rotation
  }
}
