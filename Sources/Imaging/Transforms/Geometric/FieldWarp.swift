/// A transform that samples the image at a map of places.
protocol FieldWarp: Resampled {
  var keypointRemapping: KeypointRemapping { get set }
}

/// How keypoints find their way through a map in Albumentations. Accepted, and not needed: they follow exactly.
package enum KeypointRemapping: String, CaseIterable, Sendable {
  case mask, direct
}

extension Parameter where Root: FieldWarp {
  /// The parameters of `remapping`, and `keypoint_remapping_method`.
  static var warping: [Parameter] {
    remapping + [
      .choice(
        "keypoint_remapping_method", \.keypointRemapping, "how Albumentations moves keypoints, which are exact here")
    ]
  }
}
