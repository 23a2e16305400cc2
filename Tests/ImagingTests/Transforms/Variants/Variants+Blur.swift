import Imaging

extension Variants {
  static var filters: [any Transform] {
    var file = ImageCompression()
    (file.compressionType, file.qualityRange) = (.webp, 1...100)
    var coarse = ImageCompression()
    coarse.qualityRange = 1...40
    var box = Blur()
    box.blurLimit = 3...41
    var median = MedianBlur()
    median.blurLimit = 5...21
    var ringing = RingingOvershoot()
    (ringing.blurLimit, ringing.cutoff) = (3...21, 0.01...Double.pi)
    var advanced = AdvancedBlur()
    (advanced.blurLimit, advanced.sigmaXLimit, advanced.noiseLimit) = (3...17, 0.1...9, 0...4)
    var emboss = Emboss()
    (emboss.alpha, emboss.strength) = (0...1, 0...100)
    var scale = Downscale()
    (scale.scaleRange, scale.interpolationPair) = (0.1...1, Downscale.Interpolations(downscale: 3, upscale: 1))
    var glass = GlassBlur()
    (glass.sigma, glass.maxDelta, glass.mode) = (0, 1, .exact)
    var zoom = ZoomBlur()
    (zoom.maxFactor, zoom.stepFactor) = (1...100, 0.5...20)
    var disk = Defocus()
    (disk.radius, disk.aliasBlur) = (1...30, 0...2)
    var mask = UnsharpMask()
    (mask.blurLimit, mask.sigmaLimit, mask.threshold) = (3...31, 0...9, 1)
    return [disk, mask, zoom, glass, scale, file, coarse, box, median, ringing, advanced, emboss]
  }
}
