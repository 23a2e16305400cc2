/// Translates, scales and rotates about the centre of the image. Grey, colour and alpha.
///
/// Source: Albumentations `ShiftScaleRotate`, OpenCV `warpAffine`: an `Affine` with other names for its ranges. As there,
/// width and height are scaled by factors of their own.
package struct ShiftScaleRotate: Transform, Resampled {
  package typealias Drawn = AffineDraw

  package static let summary = "Translates, scales and rotates the image about its centre."
  package static let parameters: [Parameter<ShiftScaleRotate>] =
    [
      shiftLimit,
      .range("scale_limit", \.scaleLimit, in: -1...1e6, "factor of each axis minus 1"),
      .range("rotate_limit", \.rotateLimit, in: .anyNumber, "angle in degrees, counter-clockwise"),
      optionalRange("shift_limit_x", \.shiftLimitX, "the same for x alone; null: shift_limit"),
      optionalRange("shift_limit_y", \.shiftLimitY, "the same for y alone; null: shift_limit"),
      .choice("rotate_method", \.rotateMethod, "how boxes follow a rotation"),
    ] + Parameter.resamplingWithMasks

  /// Range of the translation as a fraction of width and height.
  package var shiftLimit = -0.0625...0.0625
  package var shiftLimitX: ClosedRange<Double>?
  package var shiftLimitY: ClosedRange<Double>?
  /// Range of the factors minus 1.
  package var scaleLimit = -0.1...0.1
  /// Range of the angle in degrees.
  package var rotateLimit = -45.0...45.0
  package var rotateMethod = RotateMethod.largestBox
  package var resampling = Resampling()

  package init() {}

  package func sample(for context: SampleContext, using random: inout RandomStream) -> AffineDraw {
    affine.sample(for: context, using: &random)
  }

  /// An `Affine`, which has a factor for each axis.
  package func fixed(at drawn: AffineDraw) -> PipelineNode? { affine.fixed(at: drawn) }

  package func operation(_ drawn: AffineDraw, for shape: ImageShape) -> Operation {
    affine.operation(drawn, for: shape)
  }

  private var affine: Affine {
    var affine = Affine()
    affine.translatePercent = Affine.Axes(x: shiftLimitX ?? shiftLimit, y: shiftLimitY ?? shiftLimit)
    affine.translatePx = nil
    affine.scale = Affine.Axes(1 + scaleLimit.lowerBound...1 + scaleLimit.upperBound)
    affine.rotate = rotateLimit
    affine.rotateMethod = rotateMethod
    affine.resampling = resampling
    return affine
  }
}

extension ShiftScaleRotate {
  private static let shiftLimit = Parameter<ShiftScaleRotate>.range(
    "shift_limit", \.shiftLimit, in: -1...1, "translation as a fraction of width and height")

  /// As `Parameter.range`, or null.
  private static func optionalRange(
    _ name: String, _ path: any WritableKeyPath<Self, ClosedRange<Double>?> & Sendable, _ summary: String
  ) -> Parameter<ShiftScaleRotate> {
    Parameter(name: name, summary: summary, text: { $0[keyPath: path].map { format($0) } ?? "null" }) {
      value, root throws(ParameterError) in
      if case .null = value.content { return root[keyPath: path] = nil }
      root[keyPath: path] = try value.range(in: -1...1, lowest: nil)
    }
  }
}
