import Imaging
import Testing

/// The default pipeline: its frequencies over fixed keys.
struct DefaultPipelineTests {
  private static let flips: Set = ["HorizontalFlip", "VerticalFlip", "RandomRotate90"]
  private static let colors = [
    "RandomBrightnessContrast", "HueSaturationValue", "CLAHE", "GaussianBlur", "Sharpen", "RandomGamma", "MotionBlur",
    "ISONoise", "ChannelShuffle",
  ]
  private static let warps: Set = ["ElasticTransform", "GridDistortion", "OpticalDistortion", "Perspective"]

  private static let count = 8000
  private static let draws = (0..<count).map { copy in
    let shape = ImageShape(width: 64, height: 48, channels: 3)
    return Pipeline.default.sample(for: shape, key: StreamKey(seed: 137, path: "a/b.jpg", copy: copy)).transforms.map(
      \.name)
  }

  private func share(_ matches: ([String]) -> Bool) -> Double {
    Double(Self.draws.count(where: matches)) / Double(Self.count)
  }

  private func expect(_ share: Double, isNear chance: Double, sourceLocation: SourceLocation = #_sourceLocation) {
    let bound = 5 * (chance * (1 - chance) / Double(Self.count)).squareRoot()
    #expect(abs(share - chance) < bound, sourceLocation: sourceLocation)
  }

  /// In Albumentations with a seed, warps never occur without a flip, because all nodes draw the same numbers.
  @Test func groupsAreIndependent() {
    expect(share { !Self.flips.isDisjoint(with: $0) && !Self.warps.isDisjoint(with: $0) }, isNear: 0.2)
    expect(share { !Self.flips.isDisjoint(with: $0) && Self.warps.isDisjoint(with: $0) }, isNear: 0.3)
    expect(share { Self.flips.isDisjoint(with: $0) && !Self.warps.isDisjoint(with: $0) }, isNear: 0.2)
    expect(share { Self.flips.isDisjoint(with: $0) && Self.warps.isDisjoint(with: $0) }, isNear: 0.3)
  }

  @Test func exactlyTwoChangesOfColorRunInTheOrderOfTheList() {
    for draw in Self.draws {
      let positions = draw.compactMap(Self.colors.firstIndex)
      #expect(positions.count == 2 && positions[0] < positions[1])
    }
  }

  @Test func childrenOfAGroupAreEquallyLikely() {
    for name in Self.flips { expect(share { $0.contains(name) }, isNear: 0.5 / 3) }
    for name in Self.colors { expect(share { $0.contains(name) }, isNear: 2.0 / 9) }
    for name in Self.warps { expect(share { $0.contains(name) }, isNear: 0.1) }
  }

  @Test func choicesOfTwoGroupsAreIndependent() {
    for flip in Self.flips {
      for warp in Self.warps { expect(share { $0.contains(flip) && $0.contains(warp) }, isNear: 0.05 / 3) }
      for color in Self.colors { expect(share { $0.contains(flip) && $0.contains(color) }, isNear: 1.0 / 27) }
    }
  }

  /// Two nodes with the same transform draw different numbers: there are as many distinct draws as nodes × copies.
  @Test func noTwoNodesOrCopiesShareADraw() {
    let pipeline = Pipeline(.compose((0..<20).map { _ in .transform(Dice(), p: 1) }))
    let draws = (0..<200).flatMap { copy in
      pipeline.sample(for: Pipeline.testShape, key: StreamKey(seed: 1, path: "a.jpg", copy: copy)).transforms
        .compactMap { $0.drawn as? Double }
    }
    #expect(Set(draws).count == 4000)
  }

  /// Colour with transparency, and grey: each draw runs, gives the shape it promised, and skips only what needs colour.
  @Test(arguments: [1, 3])
  func everyDrawRuns(channels: Int) throws {
    let shape = ImageShape(width: 37, height: 23, channels: channels)
    var source = Image(color: PixelBuffer(shape))
    source.color.set((0..<shape.byteCount).map { UInt8(truncatingIfNeeded: $0 &* 31) })
    var alpha = PixelBuffer(ImageShape(width: 37, height: 23, channels: 1))
    alpha.set([UInt8](repeating: 200, count: 37 * 23))
    source.alpha = consume alpha
    var destination = Image()
    var runner = PipelineRunner()
    var skipped: Set<RefusedTransform> = []
    for copy in 0..<200 {
      let sample = Pipeline.default.sample(for: shape, key: StreamKey(seed: 5, path: "a", copy: copy))
      try runner.run(sample.operations, on: source, into: &destination)
      #expect(destination.color.shape == sample.outputShape)
      #expect(alphaShape(destination)?.width == sample.outputShape.width)
      #expect(alphaShape(destination)?.height == sample.outputShape.height)
      skipped.formUnion(sample.skipped)
    }
    #expect(Set(skipped.map(\.name)) == (channels == 1 ? ["ChannelShuffle", "ISONoise"] : []))
    #expect(skipped.count == (channels == 1 ? 2 : 0))
  }

  private func alphaShape(_ image: borrowing Image) -> ImageShape? {
    switch image.alpha {
    case .some(let plane): plane.shape
    case .none: nil
    }
  }

  /// Two colour changes always run, and only one of them can be the one that may draw the identity.
  @Test func everyCopyChanges() {
    #expect(abs(PipelineChances(of: .default).ofChange - 1) < 1e-12)
  }
}
