import Imaging
import Testing

/// Parameter names and warnings.
struct TransformParameterTests {
  @Test func theCatalogueFindsEveryTransformByItsName() {
    for type in TransformCatalog.all { #expect(TransformCatalog.type(named: type.name) == type) }
    #expect(TransformCatalog.type(named: "horizontalflip") == nil)
  }

  @Test func everyTransformSaysWhatItDoesInASentence() {
    for type in TransformCatalog.all { #expect(type.summary.hasSuffix(".") && type.summary.count > 10) }
  }

  /// The defaults of Albumentations leave the image as it is, or nearly so.
  @Test func defaultsWarnOnlyWhereTheyDoNothing() {
    for type in TransformCatalog.all {
      let isIdle = ["ElasticTransform", "XYMasking"].contains(type.name)
      #expect(type.init().warnings.isEmpty != isIdle, "\(type.name)")
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
