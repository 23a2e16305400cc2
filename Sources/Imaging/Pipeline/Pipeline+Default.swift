extension Pipeline {
  /// What is done where no pipeline is named: the one that the report on Albumentations with `multiprocessing` measured.
  ///
  /// Half of the copies are flipped or turned, each gets two changes of colour or sharpness, and 40 % are warped. Every
  /// child is certain, so that a group that runs always does what it chose; all else is as Albumentations has it.
  public static let `default` = Pipeline(
    .compose([
      .oneOf(certain(HorizontalFlip(), VerticalFlip(), RandomRotate90()), p: 0.5),
      .someOf(
        certain(
          RandomBrightnessContrast(), HueSaturationValue(), CLAHE(), GaussianBlur(), Sharpen(), RandomGamma(),
          MotionBlur(), ISONoise(), ChannelShuffle()),
        count: 2),
      .oneOf(certain(ElasticTransform(), GridDistortion(), OpticalDistortion(), Perspective()), p: 0.4),
    ]))

  private static func certain(_ transforms: any Transform...) -> [PipelineNode] {
    transforms.map { .transform($0, p: 1) }
  }
}
