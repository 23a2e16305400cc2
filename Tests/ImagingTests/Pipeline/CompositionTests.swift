import Imaging
import Testing

/// Frequencies over fixed keys, within five standard deviations of 20 000 trials.
struct CompositionTests {
  private func expect(
    _ node: PipelineNode, gives expected: [String: Double], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let shares = Pipeline(node).shares()
    for outcome in Set(shares.keys).union(expected.keys) {
      let (share, chance) = (shares[outcome] ?? 0, expected[outcome] ?? 0)
      let bound = 5 * (chance * (1 - chance) / 20_000).squareRoot()
      #expect(abs(share - chance) <= bound, "\"\(outcome)\": \(share)", sourceLocation: sourceLocation)
    }
  }

  @Test func composeRunsEachChildWithItsOwnProbability() {
    expect(
      .compose([.stamp("a", p: 0.2), .stamp("b")]), gives: ["a,b": 0.2, "b": 0.8])
  }

  @Test func certainAndImpossibleNodesAreCertain() {
    expect(.compose([.stamp("a", p: 1), .stamp("b", p: 0)]), gives: ["a": 1])
  }

  @Test(arguments: ["Compose", "Sequential"])
  func gateOfACompositionHoldsForAllItsChildren(name: String) {
    let children: [PipelineNode] = [.stamp("a"), .stamp("b")]
    expect(
      name == "Compose" ? .compose(children, p: 0.3) : .sequential(children, p: 0.3), gives: ["a,b": 0.3, "": 0.7])
  }

  @Test func twoNodesOfTheSameProbabilityAreIndependent() {
    expect(
      .compose([.stamp("h", p: 0.5), .stamp("v", p: 0.5)]), gives: ["h,v": 0.25, "h": 0.25, "v": 0.25, "": 0.25])
  }

  @Test func gateOfOneGroupSaysNothingAboutAnother() {
    expect(
      .compose([.oneOf([.stamp("flip")], p: 0.5), .oneOf([.stamp("warp")], p: 0.4)]),
      gives: ["flip,warp": 0.2, "flip": 0.3, "warp": 0.2, "": 0.3])
  }

  @Test func oneOfTakesProbabilitiesAsWeightsAndForcesTheChosen() {
    expect(
      .oneOf([.stamp("h", p: 0.5), .stamp("v", p: 0.5), .stamp("r", p: 1)], p: 1),
      gives: ["h": 0.25, "v": 0.25, "r": 0.5])
  }

  @Test func oneOfGatesWithItsOwnProbability() {
    expect(.oneOf([.stamp("a", p: 0.1), .stamp("b", p: 0.3)]), gives: ["a": 0.125, "b": 0.375, "": 0.5])
  }

  @Test func oneOfNeverChoosesAChildOfProbabilityZero() {
    expect(.oneOf([.stamp("a", p: 0), .stamp("b", p: 0.2)], p: 1), gives: ["b": 1])
    expect(.oneOf([.stamp("a", p: 0), .stamp("b", p: 0)], p: 1), gives: ["": 1])
    expect(.oneOf([], p: 1), gives: ["": 1])
  }

  @Test func forcedCompositionRunsItsChildrenWithTheirOwnProbability() {
    expect(.oneOf([.sequential([.stamp("a", p: 0.5)], p: 0.1)], p: 1), gives: ["a": 0.5, "": 0.5])
    expect(.oneOf([.compose([.stamp("a", p: 0.5)], p: 0.1)], p: 1), gives: ["a": 0.5, "": 0.5])
    expect(.oneOf([.oneOf([.stamp("a", p: 0.2)], p: 0.1)], p: 1), gives: ["a": 1])
  }

  @Test func someOfGatesItselfEvenWhereItIsForced() {
    expect(.oneOf([.someOf([.stamp("a")], p: 0.25)], p: 1), gives: ["a": 0.25, "": 0.75])
  }

  @Test func someOfLeavesEachChosenChildItsOwnProbability() {
    let pairs = ["a,b", "a,c", "b,c"].map { ($0, 0.25 / 3) }
    let singles = ["a", "b", "c"].map { ($0, 0.5 / 3) }
    expect(
      .someOf(["a", "b", "c"].map { .stamp($0, p: 0.5) }, count: 2),
      gives: Dictionary(uniqueKeysWithValues: pairs + singles + [("", 0.25)]))
  }

  @Test func someOfKeepsTheOrderOfTheListAndTakesNoChildTwice() {
    expect(
      .someOf([.stamp("a"), .stamp("b"), .stamp("c")], count: 2),
      gives: ["a,b": 1.0 / 3, "a,c": 1.0 / 3, "b,c": 1.0 / 3])
    expect(.someOf([.stamp("a"), .stamp("b")], count: 9), gives: ["a,b": 1])
    expect(.someOf([.stamp("a")], count: 0), gives: ["": 1])
  }

  @Test func someOfWithReplacementTakesAChildTwice() {
    expect(
      .someOf([.stamp("a"), .stamp("b")], count: 2, replace: true), gives: ["a,a": 0.25, "a,b": 0.5, "b,b": 0.25])
  }

  @Test func randomOrderTakesChildrenInAnyOrder() {
    expect(
      .randomOrder([.stamp("a"), .stamp("b")], count: 2), gives: ["a,b": 0.5, "b,a": 0.5])
    expect(.randomOrder([.stamp("a", p: 0.5), .stamp("b")], count: 1), gives: ["a": 0.25, "b": 0.5, "": 0.25])
    expect(.oneOf([.randomOrder([.stamp("a")], p: 0.25)], p: 1), gives: ["a": 0.25, "": 0.75])
  }

  @Test func oneOrOtherAlwaysRunsOneOfTwo() {
    expect(
      .oneOrOther([.stamp("a", p: 0), .stamp("b"), .stamp("c", p: 0.1)], p: 0.3), gives: ["a": 0.3, "c": 0.7])
    expect(.oneOrOther([.stamp("a", p: 0.5)], p: 0.3), gives: ["a": 1])
  }

  // MARK: Channels

  private func bytes(_ node: PipelineNode, of bytes: [UInt8], channels: Int) throws -> [UInt8] {
    var source = PixelBuffer(ImageShape(width: 1, height: 1, channels: channels))
    source.set(bytes)
    let sample = Pipeline(node).sample(for: source.shape, key: StreamKey(seed: 1, path: "a", copy: 0))
    let image = Image(color: source)
    var destination = Image()
    var runner = PipelineRunner()
    try runner.run(sample.operations, on: image, into: &destination)
    return destination.color.bytes
  }

  @Test func someChannelsChangeAndTheOthersStay() throws {
    let add = PipelineNode.transform(Solarize(), p: 1)
    #expect(
      try bytes(.selectiveChannels([add], channels: [2, 0]), of: [200, 210, 220], channels: 3) == [55, 210, 35])
    let inner = PipelineNode.selectiveChannels([add], channels: [1])
    #expect(
      try bytes(.selectiveChannels([inner], channels: [0, 2]), of: [200, 210, 220], channels: 3) == [200, 210, 35])
  }

  @Test func channelsThatAreNotThereAreLeftOut() {
    let sample = Pipeline(.selectiveChannels([.stamp("a")])).sample(
      for: ImageShape(width: 1, height: 1, channels: 1), key: StreamKey(seed: 1, path: "a", copy: 0))
    #expect(sample.transforms.isEmpty)
    #expect(sample.skipped.map(\.description) == ["SelectiveChannelTransform: there is no channel 2"])
  }

  @Test func someChannelsKeepTheirShape() {
    let node = PipelineNode.selectiveChannels([.transform(DoubleRows(), p: 1)], channels: [1])
    let sample = Pipeline(node).sample(for: Pipeline.testShape, key: StreamKey(seed: 1, path: "a", copy: 0))
    #expect(sample.outputShape == Pipeline.testShape)
    #expect(sample.transforms.isEmpty)
  }

  @Test func childTakenTwiceDrawsTwice() {
    let pipeline = Pipeline(.someOf([.transform(Dice(), p: 1)], count: 3, replace: true))
    let transforms = pipeline.sample(for: Pipeline.testShape, key: StreamKey(seed: 1, path: "a", copy: 0)).transforms
    #expect(Set(transforms.map(\.description)).count == 3)
  }

  @Test func noOpTakesAPlaceAndDoesNothing() {
    expect(.oneOf([.noOp(p: 0.75), .stamp("a", p: 0.25)], p: 1), gives: ["a": 0.25, "": 0.75])
  }

  @Test func nodesAreNumberedInPreorder() {
    let pipeline = Pipeline(.compose([.oneOf([.stamp("a"), .stamp("b")]), .someOf([.noOp()]), .stamp("c")]))
    #expect(pipeline.nodes.map(\.number) == Array(0..<7))
    #expect(pipeline.nodes.map(\.name) == ["Compose", "OneOf", "Stamp", "Stamp", "SomeOf", "NoOp", "Stamp"])
  }

  /// A stream belongs to a position in the tree, so a change in one branch leaves another unchanged as long as
  /// positions stay the same.
  @Test func drawOfANodeDoesNotDependOnItsNeighbours() {
    let certain = Pipeline(.compose([.stamp("x", p: 1), .transform(Dice(), p: 0.5)]))
    let rare = Pipeline(.compose([.stamp("x", p: 0.1), .transform(Dice(), p: 0.5)]))
    for copy in 0..<200 {
      let key = StreamKey(seed: 3, path: "p", copy: copy)
      let dice = [certain, rare].map { pipeline in
        pipeline.sample(for: Pipeline.testShape, key: key).transforms.filter { $0.name == "Dice" }
      }
      #expect(dice[0].map(\.description) == dice[1].map(\.description))
    }
  }

  @Test func chancesAreThoseOfManyDraws() {
    let node = PipelineNode.compose([
      .oneOf([.stamp("a", p: 0.5), .stamp("b", p: 1), .someOf([.stamp("c")], p: 0.5)], p: 0.5),
      .someOf(
        [.stamp("d", p: 0.5), .sequential([.stamp("e", p: 0.7), .stamp("f")], p: 0.4), .stamp("g", p: 0.1)], count: 2,
        replace: true),
      .someOf([.stamp("h", p: 0.3), .stamp("i", p: 0.9), .noOp(p: 1)], count: 2, p: 0.8),
      .randomOrder([.stamp("j", p: 0.3), .stamp("k", p: 0.9), .noOp(p: 1)], count: 2, p: 0.8),
      .oneOrOther([.stamp("l", p: 0.1), .someOf([.stamp("m")], p: 0.6)], p: 0.2),
      .selectiveChannels([.stamp("n", p: 0.4)], p: 0.5),
    ])
    let (pipeline, count) = (Pipeline(node), 20_000)
    let chances = PipelineChances(of: pipeline)
    let outcomes = (0..<count).map { pipeline.stamps(copy: $0) }
    for (node, chance) in zip(pipeline.nodes, chances.ofNodes) {
      guard case .transform(let transform) = node.kind, let tag = (transform as? Stamp)?.tag else { continue }
      let share = Double(outcomes.count { $0.contains(tag) }) / Double(count)
      #expect(abs(share - chance) < 5 * (chance * (1 - chance) / Double(count)).squareRoot(), "\(tag)")
    }
    let changed = Double(outcomes.count { !$0.isEmpty }) / Double(count)
    #expect(abs(changed - chances.ofChange) < 5 * (0.25 / Double(count)).squareRoot())
  }
}
