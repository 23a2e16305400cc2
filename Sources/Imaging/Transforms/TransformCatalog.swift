/// The transforms available in pipeline files.
package enum TransformCatalog {
  /// Every transform, grouped by family.
  package static let all: [any Transform.Type] = [
    HorizontalFlip.self,
    VerticalFlip.self,
    RandomRotate90.self,
    Affine.self,
    ElasticTransform.self,
    GridDistortion.self,
    OpticalDistortion.self,
    Perspective.self,
    CenterCrop.self,
    RandomBrightnessContrast.self,
    HueSaturationValue.self,
    CLAHE.self,
    RandomGamma.self,
    ChannelShuffle.self,
    Posterize.self,
    InvertImg.self,
    Solarize.self,
    GaussianBlur.self,
    Sharpen.self,
    MotionBlur.self,
    ISONoise.self,
  ]

  package static func type(named name: String) -> (any Transform.Type)? { all.first { $0.name == name } }
}
