/// A pipeline that is known by name.
package enum PipelinePreset: String, CaseIterable, Codable, Hashable, Sendable {
  /// `Pipeline.default`.
  case `default`
  /// For grey images of a street as a thermal camera sees it, with the original study of object detection: "all color
  /// transformations were avoided". It names no transforms; these are such as its kind of image is usually given.
  case thermal

  package var pipeline: Pipeline {
    switch self {
    case .default: .default
    case .thermal: .thermal
    }
  }
}

extension Pipeline {
  /// Geometric transforms that keep the sky up, and changes of grey levels and sharpness. Each applies to an image of
  /// one channel.
  fileprivate static let thermal = Pipeline(
    .compose([
      .transform(HorizontalFlip(), p: 0.5),
      .transform(shaken, p: 0.5),
      .oneOf([.transform(Perspective(), p: 1), .transform(GridDistortion(), p: 1)], p: 0.2),
      .oneOf(
        [.transform(RandomBrightnessContrast(), p: 1), .transform(RandomGamma(), p: 1), .transform(CLAHE(), p: 1)],
        p: 0.5),
      .oneOf([.transform(GaussianBlur(), p: 1), .transform(MotionBlur(), p: 1), .transform(Sharpen(), p: 1)], p: 0.3),
    ]))

  /// As a camera on a car: a little nearer or farther, beside its place, and tilted.
  private static var shaken: Affine {
    var affine = Affine()
    (affine.scale, affine.rotate) = (Affine.Axes(0.9...1.1), -10...10)
    (affine.translatePercent, affine.translatePx) = (Affine.Axes(-0.05...0.05), nil)
    affine.keepRatio = true
    return affine
  }
}
