import Imaging
import Testing

/// The clouds of `PlasmaShadow`: of a white image they leave 255 × (1 − cloud).
struct PlasmaTests {
  private func shadow(_ shape: ImageShape, seed: UInt64 = 3, roughness: Double = 0.5) throws -> [UInt8] {
    var transform = PlasmaShadow()
    transform.roughness = roughness
    return try transform.applied(PlasmaShadow.Drawn(intensity: 1, seed: seed), to: Picture.flat(shape, 255)).bytes
  }

  @Test func cloudsReachFromNothingToAll() throws {
    for (width, height) in [(2, 2), (3, 3), (100, 7), (1, 90), (64, 129)] {
      let levels = try shadow(ImageShape(width: width, height: height, channels: 1))
      #expect(levels.min() == 0 && levels.max() == 255, "\(width) x \(height)")
    }
  }

  @Test func channelsHaveOneCloudAndSeedsHaveTheirOwn() throws {
    let grey = try shadow(ImageShape(width: 40, height: 30, channels: 1))
    let colour = try shadow(ImageShape(width: 40, height: 30, channels: 3))
    #expect(colour == grey.flatMap { [$0, $0, $0] })
    #expect(try shadow(ImageShape(width: 40, height: 30, channels: 1), seed: 4) != grey)
  }

  @Test func roughCloudsDifferMoreFromPixelToPixel() throws {
    func steps(_ levels: [UInt8]) -> Int {
      zip(levels, levels.dropFirst()).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
    }
    let shape = ImageShape(width: 128, height: 128, channels: 1)
    #expect(try steps(shadow(shape, roughness: 3)) > 2 * steps(shadow(shape, roughness: 0.5)))
  }
}
