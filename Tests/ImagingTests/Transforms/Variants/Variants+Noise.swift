import Imaging

extension Variants {
  static var noises: [any Transform] {
    var shared = GaussNoise()
    (shared.stdRange, shared.meanRange, shared.perChannel) = (0...1, -1...1, false)
    var faint = GaussNoise()
    faint.stdRange = 0...0.01
    var coarse = GaussNoise()
    (coarse.noiseScaleFactor, coarse.perChannel) = (0.3, false)
    var channels = MultiplicativeNoise()
    (channels.multiplier, channels.perChannel) = (0...1e6, true)
    var values = MultiplicativeNoise()
    (values.multiplier, values.perChannel, values.elementwise) = (0...3, true, true)
    var pixels = values
    pixels.perChannel = false
    var seasoned = SaltAndPepper()
    (seasoned.amount, seasoned.saltVsPepper) = (0...1, 0...1)
    var bright = ShotNoise()
    bright.scaleRange = 0...1000
    var dark = ShotNoise()
    dark.scaleRange = 0...0.001
    return [shared, faint, coarse, channels, values, pixels, seasoned, bright, dark] + additions
  }

  private static var additions: [any Transform] {
    NoiseParameters.Kind.allCases.flatMap { kind in
      AdditiveNoise.SpatialMode.allCases.map { mode in
        var noise = AdditiveNoise()
        (noise.noiseType, noise.spatialMode, noise.approximation) = (kind, mode, mode == .shared ? 0.4 : 1)
        return noise
      }
    }
  }
}
