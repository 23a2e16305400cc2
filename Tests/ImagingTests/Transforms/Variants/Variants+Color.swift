import Imaging

extension Variants {
  static let colors: [any Transform] = tables + lights + places + grays

  private static var tables: [any Transform] {
    var jitter = ColorJitter()
    (jitter.brightness, jitter.contrast, jitter.saturation, jitter.hue) = (0...1e6, 0...0, 0...40, -1e6...1e6)
    var shift = RGBShift()
    (shift.rShiftLimit, shift.gShiftLimit, shift.bShiftLimit) = (-1...1, -1e6...1e6, 0...0.5)
    var levels = Equalize()
    (levels.mode, levels.byChannels) = (.pil, false)
    var dropped = ChannelDropout()
    (dropped.channelDropRange, dropped.fill) = (2...2, 254.5)
    var curves = RandomToneCurve()
    (curves.scale, curves.perChannel) = (1, true)
    var stretch = AutoContrast()
    (stretch.cutoff, stretch.ignore, stretch.method) = (12.5, 1, .pil)
    var cut = AutoContrast()
    (cut.cutoff, cut.ignore) = (100, 255)
    var daylight = PlanckianJitter()
    (daylight.mode, daylight.samplingMethod, daylight.temperatureLimit) = (.cied, .gaussian, 3000...6000)
    return [jitter, shift, levels, dropped, curves, stretch, cut, daylight]
  }

  private static var lights: [any Transform] {
    var lights: [any Transform] = []
    for (mode, effect) in zip(Illumination.Mode.allCases, Illumination.EffectType.allCases) {
      var light = Illumination()
      (light.mode, light.effectType, light.angleRange) = (mode, effect, 45...45)
      light.centerRange = 0...1
      lights.append(light)
    }
    var clouds = PlasmaBrightnessContrast()
    (clouds.brightnessRange, clouds.contrastRange, clouds.roughness) = (0.5...1, 0.1...1, 100)
    var shadow = PlasmaShadow()
    (shadow.shadowIntensityRange, shadow.roughness) = (1...1, 1e-3)
    return lights + [clouds, shadow]
  }

  private static var places: [any Transform] {
    var patches = Superpixels()
    (patches.pReplace, patches.nSegments, patches.maxSize) = (1...1, 1...1000, 20)
    patches.interpolation = .area
    var large = Superpixels()
    (large.pReplace, large.nSegments, large.maxSize) = (0.5...1, 3...3, nil)
    var fringes = ChromaticAberration()
    (fringes.primaryDistortionLimit, fringes.secondaryDistortionLimit) = (-1000...1000, -1...1)
    (fringes.mode, fringes.interpolation) = (.redBlue, .cubic)
    return [patches, large, fringes]
  }

  private static var grays: [any Transform] {
    let methods = ToGray.Method.allCases.enumerated().map { index, method -> any Transform in
      var gray = ToGray()
      (gray.method, gray.numOutputChannels) = (method, index.isMultiple(of: 2) ? 1 : 3)
      return gray
    }
    let stains = HEStain.Method.allCases.map { method -> any Transform in
      var stain = HEStain()
      (stain.method, stain.intensityScaleRange, stain.augmentBackground) = (method, 0...1000, method == .macenko)
      return stain
    }
    return methods + stains
  }
}
