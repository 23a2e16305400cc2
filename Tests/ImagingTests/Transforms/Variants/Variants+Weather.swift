import Imaging

extension Variants {
  static var weathers: [any Transform] {
    var shadow = RandomShadow()
    (shadow.numShadowsLimit, shadow.shadowDimension, shadow.shadowIntensityRange) = (3...5, 30, 0...1)
    shadow.shadowRoi = Region(x: 0.4...0.6, y: 0...1)
    var fog = RandomFog()
    (fog.alphaCoef, fog.fogCoefRange) = (1, 0...0.1)
    var drizzle = RandomRain()
    (drizzle.rainType, drizzle.blurValue, drizzle.brightnessCoefficient) = (.drizzle, 1, 1)
    var torrent = RandomRain()
    (torrent.rainType, torrent.blurValue, torrent.dropWidth, torrent.dropLength) = (.torrential, 24, 3, 0)
    var gravel = RandomGravel()
    (gravel.numberOfPatches, gravel.gravelRoi) = (30, Region(x: 0...1, y: 0...1))
    var frost = RandomSnow()
    (frost.snowPointRange, frost.brightnessCoeff) = (0...1, 0.5)
    var flakes = RandomSnow()
    (flakes.method, flakes.snowPointRange) = (.texture, 0...1)
    var sun = RandomSunFlare()
    (sun.srcRadius, sun.numFlareCirclesRange) = (25, 1...40)
    var glare = RandomSunFlare()
    (glare.method, glare.srcRadius) = (.physicsBased, 20)
    var mud = Spatter()
    (mud.mode, mud.gaussSigma, mud.intensity) = (.mud, 0...5, 0...1)
    var dry = Spatter()
    (dry.mode, dry.mean, dry.cutoutThreshold) = (.mud, 0...0, 1...1)
    return [shadow, fog, drizzle, torrent, gravel, frost, flakes, sun, glare, mud, dry]
  }
}
