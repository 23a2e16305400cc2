import Imaging
import TestSupport
import Testing

/// Colour quantisation against its definition, and against itself in other ways.
struct QuantizerTests {
  /// Without a round, the outcome has the initial centroids.
  private static func initialCentroids(_ options: QuantizeOptions, _ image: borrowing PixelBuffer) throws
    -> [SIMD3<Double>]
  {
    var drawing = options
    drawing.iterations = 0
    return try Quantized(image, drawing).outcome.centroids
  }

  private static func compare(_ options: QuantizeOptions, _ image: borrowing PixelBuffer) throws {
    let reference = ReferenceQuantizer(options, image)
    let expected = reference.result(from: try initialCentroids(options, image))
    let found = try Quantized(image, options)
    let title = "\(options) \(image.shape)"
    #expect(found.outcome.centroids == expected.centroids, "\(title)")
    #expect(found.outcome.iterations == expected.iterations, "\(title)")
    #expect(found.outcome.uniqueColorCount == reference.distinctColors.count, "\(title)")
    let counts = (0..<options.colors).map { label in expected.labels.count { $0 == label } }
    #expect(found.outcome.pixelCounts == counts, "\(title)")
    // Ours is computed from sums of squares, which are larger than the result.
    #expect(abs(found.outcome.inertia - expected.inertia) <= 1e-9 * expected.inertia + 1e-4, "\(title)")
    #expect(found.shape == image.shape)
    let bytes = expected.colors.flatMap { image.shape.channels == 1 ? [$0.x] : [$0.x, $0.y, $0.z] }
    #expect(found.bytes == bytes.map { UInt8($0) }, "\(title)")
  }

  @Test(arguments: QuantizerPictures.shapes)
  func everythingEqualsThePlainDefinition(shape: ImageShape) throws {
    for options in QuantizeOptions.variants {
      // The definition takes a second for many clusters and pixels.
      let isLarge = shape.width * shape.height * options.colors > 100_000
      guard !isLarge || options.initialization == .random else { continue }
      try Self.compare(options, QuantizerPictures.photograph(shape))
    }
  }

  @Test func noiseEqualsThePlainDefinition() throws {
    let picture = QuantizerPictures.noise(ImageShape(width: 61, height: 43, channels: 3))
    for colors in [2, 16, 100] { try Self.compare(.with(colors: colors), picture) }
  }

  /// The largest scores and differences of scores.
  @Test func extremeColorsEqualThePlainDefinition() throws {
    var picture = QuantizerPictures.noise(ImageShape(width: 40, height: 30, channels: 3))
    let levels: [UInt8] = [0, 1, 7, 8, 127, 128, 247, 248, 254, 255]
    picture.set(picture.bytes.map { levels[Int($0) % levels.count] })
    for colors in [2, 8, 50] {
      try Self.compare(.with(colors: colors) { $0.empty = .reseed }, picture)
    }
  }

  @Test(arguments: [1, 3])
  func partsChangeNothing(channels: Int) throws {
    let picture = QuantizerPictures.photograph(ImageShape(width: 64, height: 48, channels: channels))
    for options in QuantizeOptions.variants {
      let expected = try Quantized(picture, options)
      for parts in 1...7 {
        #expect(try Quantized(picture, options, team: OneThread(parts: parts)) == expected, "\(options) \(parts)")
      }
    }
  }

  @Test func morePartsThanPixelsChangeNothing() throws {
    let picture = QuantizerPictures.photograph(ImageShape(width: 2, height: 1, channels: 3))
    let expected = try Quantized(picture, .with(colors: 3))
    #expect(try Quantized(picture, .with(colors: 3), team: OneThread(parts: 9)) == expected)
  }

  @Test func partsThatAreDoneAgainChangeNothing() throws {
    let picture = QuantizerPictures.photograph(ImageShape(width: 64, height: 48, channels: 3))
    for options in QuantizeOptions.variants {
      let expected = try Quantized(picture, options)
      #expect(try Quantized(picture, options, team: RepeatingTeam(count: 3)) == expected, "\(options)")
    }
  }

  @Test(arguments: [1, 2, 5])
  func threadsChangeNothing(threadCount: Int) throws {
    let team = try ThreadTeam(count: threadCount)
    for shape in QuantizerPictures.shapes {
      let picture = QuantizerPictures.photograph(shape)
      for colors in [4, 40] {
        let quantizer = Quantizer(.with(colors: colors), team: team)
        let expected = try Quantized(picture, .with(colors: colors))
        for isPadded in [true, false] {
          quantizer.isPadded = isPadded
          #expect(try Quantized(picture, with: quantizer) == expected, "\(shape) \(colors) \(isPadded)")
        }
      }
    }
  }

  @Test func sharedMemoryGivesTheSame() throws {
    let shapes = QuantizerPictures.shapes
    let pixelCount = shapes.map { $0.width * $0.height }.max() ?? 0
    let used = UsedMemory(byteCount: QuantizerMemory.byteCount(pixelCount: pixelCount, parts: 3))
    for shape in shapes {
      let picture = QuantizerPictures.photograph(shape)
      for options in QuantizeOptions.variants where options.colors < 20 {
        let quantizer = Quantizer(
          options, team: RepeatingTeam(count: 3), sharedMemory: used.quantizerMemory)
        #expect(try Quantized(picture, with: quantizer) == Quantized(picture, options), "\(options) \(shape)")
      }
    }
  }

  @Test func sharedMemoryThatIsTooSmallIsRefused() throws {
    let used = UsedMemory(byteCount: QuantizerMemory.byteCount(pixelCount: 100, parts: 1))
    let quantizer = Quantizer(QuantizeOptions(), sharedMemory: used.quantizerMemory)
    let picture = QuantizerPictures.photograph(ImageShape(width: 300, height: 200, channels: 3))
    #expect(throws: ImagingError.outOfMemory) { try Quantized(picture, with: quantizer) }
  }

  @Test func memoryOfOtherImagesChangesNothing() throws {
    let quantizer = Quantizer(.with(colors: 9) { $0.initialization = .kmeansPlusPlus })
    for shape in QuantizerPictures.shapes.reversed() + QuantizerPictures.shapes {
      let picture = QuantizerPictures.photograph(shape, seed: shape.width)
      #expect(try Quantized(picture, with: quantizer) == Quantized(picture, quantizer.options), "\(shape)")
    }
  }
}

extension QuantizerTests {
  @Test func asManyColorsAsTheImageHasAreKept() throws {
    let colors: [[UInt8]] = [[0, 0, 0], [255, 255, 255], [9, 8, 7], [200, 0, 100], [200, 0, 101]]
    let picture = QuantizerPictures.stripes(colors, width: 31, height: 17)
    let found = try Quantized(picture, .with(colors: 5) { $0.initialization = .kmeansPlusPlus })
    #expect(found.bytes == picture.bytes)
    #expect(found.outcome.inertia == 0)
    #expect(found.outcome.uniqueColorCount == 5)
  }

  @Test(arguments: QuantizeOptions.EmptyCluster.allCases, QuantizeOptions.Initialization.allCases)
  func moreColorsThanTheImageHasLeaveClustersEmpty(
    empty: QuantizeOptions.EmptyCluster, initialization: QuantizeOptions.Initialization
  ) throws {
    let picture = QuantizerPictures.stripes([[10, 20, 30], [200, 210, 220], [90, 0, 90]], width: 20, height: 3)
    let options = QuantizeOptions.with(colors: 12) { ($0.empty, $0.initialization) = (empty, initialization) }
    let found = try Quantized(picture, options)
    #expect(found.outcome.pixelCounts.count { $0 == 0 } >= 9)
    #expect(found.outcome.pixelCounts.reduce(0, +) == 60)
    if empty == .reseed || initialization == .kmeansPlusPlus { #expect(found.bytes == picture.bytes) }
  }

  @Test func anEmptyClusterIsBlackOrMovesToTheFarthestColor() throws {
    // All pixels drawn have the same colour: two clusters of three are empty after the first round.
    var bytes = [UInt8](repeating: 100, count: 3 * 4000)
    bytes.replaceSubrange(3 * 1000..<3 * 1000 + 3, with: [100, 100, 180])
    bytes.replaceSubrange(3 * 2000..<3 * 2000 + 3, with: [100, 130, 100])
    var picture = PixelBuffer(ImageShape(width: 4000, height: 1, channels: 3))
    picture.set(bytes)
    let black = try Quantized(picture, .with(colors: 3) { $0.iterations = 1 })
    try #require(black.outcome.centroids.filter { $0 == .zero }.count == 2)
    let reseeded = try Quantized(picture, .with(colors: 3) { ($0.iterations, $0.empty) = (1, .reseed) })
    #expect(reseeded.outcome.centroids.dropFirst() == [SIMD3(100, 100, 180), SIMD3(100, 130, 100)])
    #expect(reseeded.outcome.palette.count == 3)
  }

  @Test func oneColorStaysAsItIs() throws {
    for colors in [1, 2, 256] {
      for dither in QuantizeOptions.Dither.allCases {
        let picture = QuantizerPictures.stripes([[13, 240, 77]], width: 33, height: 9)
        let found = try Quantized(picture, .with(colors: colors) { $0.dither = dither })
        #expect(found.bytes == picture.bytes)
        #expect(found.outcome.inertia == 0)
      }
    }
  }

  @Test func drawsDependOnTheKeyAlone() throws {
    let picture = QuantizerPictures.photograph(ImageShape(width: 64, height: 48, channels: 3))
    let quantizer = Quantizer(.with(colors: 8) { $0.iterations = 0 })
    var result = PixelBuffer()
    let keys = [(1, "a", 0), (2, "a", 0), (1, "b", 0), (1, "a", 1)].map { StreamKey(seed: $0, path: $1, copy: $2) }
    let centroids = try keys.map { try quantizer.quantize(picture, key: $0, into: &result).centroids }
    #expect(Set(centroids).count == keys.count)
    #expect(try quantizer.quantize(picture, key: keys[0], into: &result).centroids == centroids[0])
  }

  @Test func kMeansPlusPlusDrawsBySquaredDistance() throws {
    let picture = QuantizerPictures.photograph(ImageShape(width: 37, height: 29, channels: 3))
    let options = QuantizeOptions.with(colors: 30) { ($0.iterations, $0.initialization) = (0, .kmeansPlusPlus) }
    let reference = ReferenceQuantizer(options, picture)
    let weights = Dictionary(grouping: reference.pixels, by: { $0 }).mapValues(\.count)
    var random = Quantized.key.stream(node: 0)
    var expected = [reference.pixels[random.integer(0...37 * 29 - 1)]]
    while expected.count < 30 {
      let shares = reference.distinctColors.map { color in
        let distances = expected.map { (($0 &- color) &* ($0 &- color)).wrappedSum() }
        return (color: color, share: (distances.min() ?? 0) * (weights[color] ?? 0))
      }
      var rest = random.integer(0...shares.reduce(0) { $0 + $1.share } - 1)
      let drawn = shares.first { share in
        rest -= share.share
        return rest < 0
      }
      expected.append(try #require(drawn).color)
    }
    let found = try Quantized(picture, options).outcome.centroids
    #expect(found == expected.map { SIMD3<Double>($0) })
  }

  @Test func kMeansPlusPlusStartsNearerToTheImage() throws {
    let picture = QuantizerPictures.photograph(ImageShape(width: 64, height: 48, channels: 3))
    let inertias = try QuantizeOptions.Initialization.allCases.map { initialization in
      try Quantized(picture, .with(colors: 24) { ($0.iterations, $0.initialization) = (0, initialization) }).outcome
        .inertia
    }
    #expect(inertias[1] < inertias[0])
  }

  @Test func roundsLowerTheInertia() throws {
    let picture = QuantizerPictures.photograph(ImageShape(width: 64, height: 48, channels: 3))
    let inertias = try (0...10).map { rounds in
      try Quantized(picture, .with(colors: 16) { $0.iterations = rounds }).outcome.inertia
    }
    // Up to the rounding of centroids in comparisons.
    #expect(zip(inertias, inertias.dropFirst()).allSatisfy { $1 <= $0 * 1.0001 })
  }
}

/// Serialized, because a limit is the whole process's.
@Suite(.serialized)
struct QuantizerInstructionSetTests {
  @Test(arguments: ImagingRuntime.InstructionSet.allCases.filter { $0 != .best })
  func quantizationIsThatOfTheBestInstructionSet(limit: ImagingRuntime.InstructionSet) throws {
    guard limit.isBelowBest else {
      try Test.cancel("\(limit) is not below the best of this machine, \(ImagingRuntime.InstructionSet.ofMachine)")
    }
    let best = try results()
    ImagingRuntime.limitInstructions(to: limit)
    defer { ImagingRuntime.limitInstructions(to: .best) }
    #expect(try results() == best)
  }

  private func results() throws -> [Quantized] {
    try QuantizerPictures.shapes.flatMap { shape in
      try QuantizeOptions.variants.map { try Quantized(QuantizerPictures.photograph(shape), $0) }
    }
  }
}
