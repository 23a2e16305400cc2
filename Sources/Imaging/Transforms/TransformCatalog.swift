/// The transforms available in pipeline files.
package enum TransformCatalog {
  /// Every transform, grouped by family.
  package static let all = families.flatMap(\.transforms)

  package static let families: [TransformFamily] = [
    TransformFamily("Crop", crop), TransformFamily("Geometric", geometric), TransformFamily("Color", color),
    TransformFamily("Blur", blur), TransformFamily("Noise", noise), TransformFamily("Dropout", dropout),
    TransformFamily("Weather", weather), TransformFamily("Mixing", mixing),
  ]

  private static let crop: [any Transform.Type] = [
    Resize.self,
    RandomCrop.self,
    RandomResizedCrop.self,
    PadIfNeeded.self,
    LongestMaxSize.self,
    RandomSizedCrop.self,
    SmallestMaxSize.self,
    RandomScale.self,
    CenterCrop.self,
    RandomSizedBBoxSafeCrop.self,
    CropNonEmptyMaskIfExists.self,
    BBoxSafeRandomCrop.self,
    AtLeastOneBBoxRandomCrop.self,
    Crop.self,
    Pad.self,
    RandomCropFromBorders.self,
    CropAndPad.self,
    RandomCropNearBBox.self,
  ]

  private static let geometric: [any Transform.Type] = [
    HorizontalFlip.self,
    VerticalFlip.self,
    RandomRotate90.self,
    Affine.self,
    ElasticTransform.self,
    GridDistortion.self,
    OpticalDistortion.self,
    Perspective.self,
  ]

  private static let color: [any Transform.Type] = [
    RandomBrightnessContrast.self,
    HueSaturationValue.self,
    CLAHE.self,
    RandomGamma.self,
    ChannelShuffle.self,
    Posterize.self,
    InvertImg.self,
    Solarize.self,
  ]

  private static let blur: [any Transform.Type] = [
    GaussianBlur.self,
    Sharpen.self,
    MotionBlur.self,
  ]

  private static let noise: [any Transform.Type] = [
    ISONoise.self
  ]

  private static let dropout: [any Transform.Type] = []

  private static let weather: [any Transform.Type] = []

  private static let mixing: [any Transform.Type] = []

  package static func type(named name: String) -> (any Transform.Type)? { all.first { $0.name == name } }
}

/// Transforms of one kind, in the folder of this name.
package struct TransformFamily: Sendable {
  package let name: String
  package let transforms: [any Transform.Type]

  fileprivate init(_ name: String, _ transforms: [any Transform.Type]) {
    (self.name, self.transforms) = (name, transforms)
  }
}
