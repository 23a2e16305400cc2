import Foundation
import Imaging
import Testing

/// The distributions of noise.
struct NoiseTests {
  private static let shape = ImageShape(width: 600, height: 400, channels: 3)

  /// What a transform adds to a flat picture.
  private func added(_ transform: some Transform, to level: UInt8 = 128) throws -> [Double] {
    var random = StreamKey(seed: 4, path: "noise", copy: 0).stream(node: 0)
    return try transform.applied(to: Picture.flat(Self.shape, level), using: &random).bytes.map { Double($0) }
      .map { $0 - Double(level) }
  }

  private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

  private func moment(_ values: [Double], _ order: Double) -> Double { mean(values.map { pow($0, order) }) }

  /// Levels are cut toward zero, so that a number between -1 and 1 is none.
  @Test func gaussianNoiseIsNormal() throws {
    var noise = GaussNoise()
    noise.stdRange = 0.1...0.1
    let values = try added(noise)
    let size = Double(values.count)
    for limit in [1.0, 10, 20, 30, 40, 60, 80] {
      let share = Double(values.count { $0 >= limit }) / size
      let expected = erfc(limit / 25.5 / 2.0.squareRoot()) / 2
      #expect(abs(share - expected) < 0.001 + 5 * (expected / size).squareRoot(), "\(limit)")
      let below = Double(values.count { $0 <= -limit }) / size
      #expect(abs(below - expected) < 0.001 + 5 * (expected / size).squareRoot(), "-\(limit)")
    }
    #expect(abs(mean(values)) < 5 * 25.5 / size.squareRoot())
    #expect(abs(moment(values, 4) / pow(moment(values, 2), 2) - 3) < 0.1)
  }

  @Test func neighboursAreIndependent() throws {
    let values = try added(GaussNoise())
    let variance = moment(values, 2)
    for distance in [1, 2, 3, 4, 32, 64, 600 * 3] {
      let products = zip(values, values.dropFirst(distance)).map { $0 * $1 }
      #expect(abs(mean(products)) / variance < 5 / Double(products.count).squareRoot(), "\(distance)")
    }
  }

  @Test func sharedNoiseLeavesGreyGrey() throws {
    var noise = GaussNoise()
    noise.perChannel = false
    let values = try added(noise)
    #expect(stride(from: 0, to: values.count, by: 3).allSatisfy { values[$0] == values[$0 + 2] })
  }

  @Test func laplaceAndBetaNoiseHaveTheirMoments() throws {
    var noise = AdditiveNoise()
    (noise.noiseType, noise.spatialMode) = (.laplace, .perPixel)
    noise.noiseParams = NoiseParameters(.laplace, [0...0, 0.05...0.05])
    let laplace = try added(noise)
    // Cut toward zero, the size of an exponential number is a geometric one.
    #expect(abs(mean(laplace.map(abs)) - 1 / (exp(1 / 12.75) - 1)) < 0.1)
    #expect(abs(mean(laplace)) < 0.1)
    noise.noiseType = .beta
    noise.noiseParams = NoiseParameters(.beta, [2...2, 3...3, 0.4...0.4])
    let beta = try added(noise)
    // 2 B - 1 has mean -0.2 and variance 0.16; cut toward zero, a number loses half a level.
    #expect(abs(mean(beta) - (-0.2 * 102 + 0.2)) < 0.5)
    #expect(abs((moment(beta, 2) - pow(mean(beta), 2)).squareRoot() - 0.4 * 102) < 0.6)
  }

  @Test func coarseNoiseIsSmooth() throws {
    var noise = GaussNoise()
    (noise.noiseScaleFactor, noise.stdRange, noise.perChannel) = (0.1, 0.1...0.1, false)
    let values = try added(noise)
    let grey = stride(from: 0, to: values.count, by: 3).map { values[$0] }
    let steps = mean(zip(grey, grey.dropFirst()).map { abs($0 - $1) })
    #expect(mean(grey.map(abs)) > 8 && steps < 4)
  }

  @Test func saltAndPepperAreCounted() throws {
    var noise = SaltAndPepper()
    for (amount, salt) in [(0.05, 0.5), (0.9, 0.2), (0.7, 0.9), (1, 0.5), (0, 0.5)] {
      (noise.amount, noise.saltVsPepper) = (amount...amount, salt...salt)
      let values = try added(noise)
      let count = Int(Double(600 * 400) * amount), white = Int(Double(count) * salt)
      #expect(values.count { $0 == 127 } == 3 * white && values.count { $0 == -128 } == 3 * (count - white))
    }
  }

  /// The number of photons is a Poisson number: as much variance as mean.
  @Test func photonsAreCounted() throws {
    var noise = ShotNoise()
    noise.scaleRange = 0.01...0.01
    let photons = try added(noise).map { pow(($0 + 128) / 255, 2.2) / 0.01 }
    let expected = pow(128.0 / 255, 2.2) / 0.01
    #expect(abs(mean(photons) - expected) < 0.1)
    #expect(abs(moment(photons.map { $0 - expected }, 2) / expected - 1) < 0.02)
  }

  @Test func factorsOfPixelsLieInTheirRange() throws {
    var noise = MultiplicativeNoise()
    (noise.multiplier, noise.elementwise, noise.perChannel) = (0.5...1.5, true, true)
    let values = try added(noise, to: 100)
    #expect(values.allSatisfy { (-50...49.9).contains($0) })
    #expect(abs(mean(values) + 0.5) < 0.3 && abs(moment(values, 2).squareRoot() - 28.9) < 0.3)
  }
}
