import Imaging
import Testing

/// Names, defaults and warnings.
struct TransformParameterTests {
  /// What Albumentations 2.0.8 writes for each class with its defaults, by the names of its parameters.
  private static let defaults: [String: [String: String]] = [
    "HorizontalFlip": [:], "VerticalFlip": [:], "RandomRotate90": [:], "ChannelShuffle": [:],
    "RandomBrightnessContrast": [
      "brightness_by_max": "true", "brightness_limit": "[-0.2, 0.2]", "contrast_limit": "[-0.2, 0.2]",
      "ensure_safe_range": "false",
    ],
    "HueSaturationValue": [
      "hue_shift_limit": "[-20, 20]", "sat_shift_limit": "[-30, 30]", "val_shift_limit": "[-20, 20]",
    ],
    "CLAHE": ["clip_limit": "[1, 4]", "tile_grid_size": "[8, 8]"],
    "GaussianBlur": ["blur_limit": "[0, 0]", "sigma_limit": "[0.5, 3]"],
    "Sharpen": [
      "alpha": "[0.2, 0.5]", "kernel_size": "5", "lightness": "[0.5, 1]", "method": "\"kernel\"", "sigma": "1",
    ],
    "RandomGamma": ["gamma_limit": "[80, 120]"],
    "MotionBlur": [
      "allow_shifted": "true", "angle_range": "[0, 360]", "blur_limit": "[3, 7]", "direction_range": "[-1, 1]",
    ],
    "ISONoise": ["color_shift": "[0.01, 0.05]", "intensity": "[0.1, 0.5]"],
    "ElasticTransform": [
      "alpha": "1", "sigma": "50", "approximate": "false", "same_dxdy": "false", "noise_distribution": "\"gaussian\"",
      "interpolation": "1", "border_mode": "0", "fill": "0",
    ],
    "GridDistortion": [
      "num_steps": "5", "distort_limit": "[-0.3, 0.3]", "normalized": "true", "interpolation": "1", "border_mode": "0",
      "fill": "0",
    ],
    "OpticalDistortion": [
      "distort_limit": "[-0.05, 0.05]", "mode": "\"camera\"", "interpolation": "1", "border_mode": "0", "fill": "0",
    ],
    "Perspective": [
      "scale": "[0.05, 0.1]", "keep_size": "true", "fit_output": "false", "interpolation": "1", "border_mode": "0",
      "fill": "0",
    ],
  ]

  private static func texts<Change: Transform>(_ transform: Change) -> [String: String] {
    Dictionary(uniqueKeysWithValues: Change.parameters.map { ($0.name, $0.text(transform)) })
  }

  @Test func namesAndDefaultsAreThoseOfAlbumentations() {
    #expect(Set(TransformCatalog.all.map { $0.name }) == Set(Self.defaults.keys))
    for type in TransformCatalog.all { #expect(Self.texts(type.init()) == Self.defaults[type.name], "\(type.name)") }
  }

  @Test func onlyQuarterTurnsApplyAlways() {
    for type in TransformCatalog.all { #expect(type.defaultProbability == (type.name == "RandomRotate90" ? 1 : 0.5)) }
  }

  @Test func theCatalogueFindsEveryTransformByItsName() {
    #expect(TransformCatalog.all.count == 16)
    for type in TransformCatalog.all { #expect(TransformCatalog.type(named: type.name) == type) }
    #expect(TransformCatalog.type(named: "horizontalflip") == nil)
  }

  @Test func everyTransformSaysWhatItDoesInASentence() {
    for type in TransformCatalog.all { #expect(type.summary.hasSuffix(".") && type.summary.count > 10) }
  }

  @Test func defaultsWarnOnlyOfTheElasticTransform() {
    for type in TransformCatalog.all {
      #expect(type.init().warnings.isEmpty == (type.name != "ElasticTransform"), "\(type.name)")
    }
  }

  @Test func elasticWarnsUnlessItMovesATenthOfAPixel() {
    var transform = ElasticTransform()
    (transform.alpha, transform.sigma) = (50, 5)
    #expect(transform.warnings.isEmpty)
    (transform.alpha, transform.sigma, transform.approximate) = (1, 50, true)
    #expect(transform.warnings.count == 1)
    (transform.approximate, transform.noiseDistribution, transform.alpha) = (false, .uniform, 100)
    #expect(transform.warnings.isEmpty)
  }

  @Test func invisibleStepsWarn() {
    var lens = OpticalDistortion()
    lens.distortLimit = -0.0001...0.0001
    var grid = GridDistortion()
    grid.distortLimit = 0...0
    var view = Perspective()
    view.scale = 0...0.00001
    var line = RandomBrightnessContrast()
    (line.brightnessLimit, line.contrastLimit) = (0...0.001, 0...0.001)
    var colors = HueSaturationValue()
    (colors.hueShiftLimit, colors.satShiftLimit, colors.valShiftLimit) = (0...0.9, -0.9...0, 0...0)
    var gamma = RandomGamma()
    gamma.gammaLimit = 99.9...100.2
    var blur = GaussianBlur()
    blur.sigmaLimit = 0...0.28
    var sharpen = Sharpen()
    sharpen.alpha = 0...0
    var noise = ISONoise()
    noise.intensity = 0...0.001
    let transforms: [any Transform] = [lens, grid, view, line, colors, gamma, blur, sharpen, noise]
    for transform in transforms { #expect(transform.warnings.count == 1, "\(transform)") }
  }

  @Test func aFillOfOneNumberWarnsThatItIsRed() {
    var transform = GridDistortion()
    transform.resampling.fill = [128]
    #expect(transform.warnings.count == 1)
    transform.resampling.fill = [128, 128, 128]
    #expect(transform.warnings.isEmpty)
  }
}
