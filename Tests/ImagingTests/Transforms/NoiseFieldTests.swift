import CImaging
import CImagingTesting
import Imaging
import Testing

/// The noise of each pixel: it has the distribution that its name says, and the same seed always gives the same noise.
struct NoiseFieldTests {
  private func statistics(_ values: [Float]) -> (mean: Double, deviation: Double) {
    let mean = values.reduce(0.0) { $0 + Double($1) } / Double(values.count)
    let square = values.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / Double(values.count)
    return (mean, square.squareRoot())
  }

  private func noise(seed: UInt64, rate: Double, count: Int) -> (events: [Int32], hue: [Float]) {
    var (events, hue) = ([Int32](repeating: 0, count: count), [Float](repeating: 0, count: count))
    var message = cimaging_message()
    let status = unsafe cimaging_noise_fields(seed, rate, 1, count, &events, &hue, &message)
    #expect(status == CIMAGING_OK)
    return (events, hue)
  }

  @Test func eventsArePoissonAndTurnsAreNormal() {
    let count = 400_000
    for rate in [0, 0.02, 0.3, 4, 60, 700] {
      let (events, hue) = noise(seed: 3, rate: rate, count: count)
      let (mean, deviation) = statistics(events.map { Float($0) })
      let error = 5 * (rate / Double(count)).squareRoot()
      #expect(abs(mean - rate) <= error + 1e-9, "rate \(rate)")
      #expect(abs(deviation * deviation - rate) <= 0.02 * rate + 5 * error, "rate \(rate)")
      let turns = statistics(hue)
      #expect(abs(turns.mean) < 0.008 && abs(turns.deviation - 1) < 0.006)
      for (limit, share) in [(1.0, 0.31731), (2, 0.0455), (3, 0.0027), (4, 0.000063)] {
        let beyond = Double(hue.count { abs(Double($0)) > limit }) / Double(count)
        #expect(abs(beyond - share) < 5 * (share / Double(count)).squareRoot(), "beyond \(limit)")
      }
    }
  }

  @Test func aSeedGivesTheSameNoiseForEver() throws {
    let result = try ISONoise().applied(.init(seed: 7, colorShift: 0.05, intensity: 0.5), to: Picture.gradient())
    #expect(MD5.hex(result.bytes) == "9fffe5f204df7df23734915c3559ffc1")
    let (events, hue) = noise(seed: 7, rate: 0.5, count: 6)
    #expect(events == [0, 1, 0, 1, 0, 2])
    #expect(hue.map { ($0 * 1e4).rounded() } == [-29176, 12239, 8352, 2615, -18039, -4771])
  }

  @Test(arguments: [(1, 2), (0.05, 0.5), (0.3, 0.3), (0.01, 0.1)])
  func theWholeTransformIsItsPartsInTurn(colorShift: Double, intensity: Double) throws {
    let source = Picture.gradient()
    let drawn = ISONoise.Drawn(seed: 99, colorShift: colorShift, intensity: intensity)
    var (deviation, message) = (0.0, cimaging_message())
    var pixels = source.bytes
    unsafe pixels.withUnsafeMutableBufferPointer { memory in
      var view = unsafe cimaging_pixels(
        base: memory.baseAddress, width: 128, height: 96, channels: 3, row_stride: 384)
      #expect(unsafe cimaging_lightness_deviation(&view, &deviation, &message) == CIMAGING_OK)
    }
    var (events, hue) = ([Int32](repeating: 0, count: 128 * 96), [Float](repeating: 0, count: 128 * 96))
    #expect(
      unsafe cimaging_noise_fields(
        99, deviation * intensity, colorShift * intensity, events.count, &events, &hue, &message) == CIMAGING_OK)
    let parts = try ISONoise.operation(events: events, hue: hue, intensity: intensity).applied(to: source)
    #expect(try ISONoise().applied(drawn, to: source).bytes == parts.bytes)
  }

  @Test func pixelsThatNoEventHitsStay() throws {
    let shape = ImageShape(width: 37, height: 23, channels: 3)
    let source = Picture.noise(shape)
    let turns = (0..<37 * 23).map { Float($0 % 5 - 2) * 0.05 }
    let noise = ISONoise.operation(events: Array(repeating: 0, count: 37 * 23), hue: turns, intensity: 1)
    let result = try noise.applied(to: source)
    #expect(result.bytes == source.bytes)
  }

  // MARK: Elastic fields

  /// The largest difference between a blur on a coarse grid and the full one, as a share of the largest value.
  private func error(_ width: Int, _ height: Int, sigma: Double) -> Double {
    var random = RandomStream(state: (5, 6, 7, 8))
    let plane = (0..<width * height).map { _ in Float(random.normal(standardDeviation: 1)) }
    let blurred = [Int32(0), 1].map { isWhole in
      var (result, message) = (plane, cimaging_message())
      let status = unsafe cimaging_smooth(plane, Int32(width), Int32(height), sigma, isWhole, &result, &message)
      #expect(status == CIMAGING_OK)
      return result
    }
    let largest = blurred[1].reduce(0) { max($0, abs($1)) }
    return Double(zip(blurred[0], blurred[1]).reduce(0) { max($0, abs($1.0 - $1.1)) } / largest)
  }

  @Test func theCoarseBlurIsTheWholeOne() {
    for (width, height) in [(1, 1), (1, 40), (40, 1), (7, 5), (131, 67), (300, 200)] {
      for sigma in [12, 13.7, 24, 50, 99] {
        #expect(error(width, height, sigma: sigma) < 3e-4, "\(width)x\(height) \(sigma)")
      }
    }
  }

  @Test func theBlurOfFewRowsIsTheWholeOne() {
    for (width, height) in [(1, 1), (1, 40), (40, 1), (7, 5), (131, 67)] {
      for sigma in [1, 2.5, 6, 11.9] {
        #expect(error(width, height, sigma: sigma) < 3e-6, "\(width)x\(height) \(sigma)")
      }
    }
  }

  /// Blurred white noise of deviation 1 / √3 has 1 / (2 √π sigma) of it; near the edges more, where rows repeat.
  @Test func fieldsHaveTheDeviationThatBlurLeaves() throws {
    let shape = ImageShape(width: 700, height: 500, channels: 3)
    for (sigma, tolerance) in [(3.0, 0.05), (15, 0.25)] {
      let field = try ElasticField(seed: 4, alpha: 100, sigma: sigma, isUniform: true).displacements(for: shape)
      let expected = 100 / (3.0.squareRoot() * 2 * 3.14159265.squareRoot() * sigma)
      let margin = Int(4 * sigma)
      for plane in [field.dx, field.dy] {
        let inside = (margin..<500 - margin).flatMap { plane[$0 * 700 + margin..<($0 + 1) * 700 - margin] }
        #expect(abs(statistics(inside).deviation / expected - 1) < tolerance, "sigma \(sigma)")
      }
    }
  }

  @Test func theFieldIsWhatApplyFollows() throws {
    let source = Picture.gradient()
    for (sigma, sharesAxes, isApproximate) in [(5.0, false, false), (20, true, false), (20, false, true)] {
      var transform = ElasticTransform()
      (transform.alpha, transform.sigma) = (60, sigma)
      (transform.sameDxdy, transform.approximate) = (sharesAxes, isApproximate)
      let drawn = ElasticTransform.Drawn(seed: 12)
      let field = try ElasticField(
        seed: 12, alpha: 60, sigma: sigma, isApproximate: isApproximate, sharesAxes: sharesAxes
      ).displacements(for: source.shape)
      #expect((field.dx == field.dy) == sharesAxes)
      let moved = try Operation.geometry(.field(field)).applied(to: source)
      #expect(try transform.applied(drawn, to: source).bytes == moved.bytes)
    }
  }

  @Test func noStrengthIsNoMove() throws {
    var transform = ElasticTransform()
    transform.alpha = 0
    let source = Picture.gradient()
    #expect(try transform.applied(.init(seed: 5), to: source).bytes == source.bytes)
  }

  @Test func aSeedGivesTheSameFieldForEver() throws {
    let shape = ImageShape(width: 64, height: 48, channels: 3)
    for (sigma, expected) in [
      (5.0, [-2.8572, -0.3671, 1.4433, 0.4513] as [Float]), (24, [-5.9864, -0.2354, 4.2765, -0.9187]),
    ] {
      let field = try ElasticField(seed: 7, alpha: 100, sigma: sigma).displacements(for: shape)
      let values = [field.dx[0], field.dx[1000], field.dy[2000], field.dy[3071]]
      for (value, expected) in zip(values, expected) { #expect(abs(value - expected) < 1e-3, "\(sigma) \(values)") }
    }
  }
}
