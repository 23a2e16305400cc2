import Foundation
import Imaging
import Testing

/// Pipelines that always do what was drawn for one copy.
struct FixedPipelineTests {
  /// The transforms whose draw no parameters can say, each with the reason. A new one says what it has drawn, or is
  /// named here.
  static let drawingAgain: [String: Set<String>] = [
    "a seed of noise or clouds": [
      "AdvancedBlur", "ElasticTransform", "GaussNoise", "GlassBlur", "ISONoise", "PixelDropout",
      "PlasmaBrightnessContrast", "PlasmaShadow", "RandomFog", "RandomGravel", "RandomRain", "SaltAndPepper",
      "ShotNoise", "Spatter", "Superpixels",
    ],
    "places of holes, shadows or reflections": [
      "CoarseDropout", "ConstrainedCoarseDropout", "Erasing", "FrequencyMasking", "GridDropout", "RandomShadow",
      "RandomSunFlare", "TimeMasking", "XYMasking",
    ],
    "objects of a mask": ["MaskDropout"],
    "points or cells of a grid": [
      "GridDistortion", "GridElasticDeform", "Perspective", "PiecewiseAffine", "RandomGridShuffle", "ThinPlateSpline",
    ],
    "an order of channels": ["ChannelShuffle"],
    "several numbers of one range": ["ChromaticAberration", "HEStain"],
    "normal numbers": ["FancyPCA", "RandomToneCurve"],
    "a shift": ["MotionBlur"],
    "one of the reference images": [
      "FDA", "HistogramMatching", "MixUp", "Mosaic", "OverlayElements", "PixelDistributionAdaptation",
      "TemplateTransform",
    ],
  ]

  private static let shape = ImageShape(width: 300, height: 270, channels: 3)

  @Test(arguments: TransformCatalog.all.map { $0.name })
  func transformDoesAgainWhatItHasDrawnUnlessNamed(name: String) throws {
    let example = try #require(TransformCatalog.type(named: name)).example
    let pipeline = Pipeline(.transform(Variants.ready(example), p: 1))
    var (drawCount, isNoted) = (0, false)
    for copy in 0..<8 {
      guard let pair = try DrawPair(pipeline, Self.shape, copy: copy) else { continue }
      drawCount += 1
      isNoted = isNoted || !pair.notes.isEmpty
      if pair.notes.isEmpty { try pair.expectSameResults(name) }
    }
    #expect(drawCount > 0)
    #expect(isNoted == Self.drawingAgain.values.contains { $0.contains(name) })
  }

  /// Other parameters, and images smaller than crops.
  @Test func unusualParametersAreSaidAsWell() throws {
    var saidCount = 0
    for transform in Variants.all {
      let pipeline = Pipeline(.transform(transform, p: 1))
      // Some defaults cannot be in a file, nor an ellipse that is wider than high.
      guard (try? Pipeline(text: pipeline.serialized, file: "variant")) == pipeline else { continue }
      for shape in TransformPropertyTests.shapes {
        for copy in 0..<3 {
          guard let pair = try DrawPair(pipeline, shape, copy: copy), pair.notes.isEmpty else { continue }
          try pair.expectSameResults("\(transform) \(shape)")
          saidCount += 1
        }
      }
    }
    #expect(saidCount > 2000)
  }

  /// Numbers that are computed from what is in a range come out of a single number again, to the last bit.
  @Test func sameNumbersAreDrawn() throws {
    let steps: [any Transform] = [
      RandomGamma(), RandomBrightnessContrast(), RandomScale(), RGBShift(), AdditiveNoise(), Rotate(), Affine.example,
      HueSaturationValue(), ZoomBlur(), GaussianBlur(), Illumination(),
    ]
    let pipeline = Pipeline(.compose(steps.map { .transform($0, p: 1) }))
    for copy in 0..<200 {
      let pair = try #require(try DrawPair(pipeline, Self.shape, copy: copy))
      #expect(try pair.again.encoded == pair.first.encoded)
    }
  }

  @Test func defaultPipelineRunsWithoutItsChoices() throws {
    var names: Set<String> = []
    for copy in 0..<60 {
      guard let pair = try DrawPair(.default, Self.shape, copy: copy) else { continue }
      #expect(pair.fixed.pipeline.nodes.allSatisfy { $0.probability == 1 && $0.name != "OneOf" && $0.name != "SomeOf" })
      if pair.notes.isEmpty { try pair.expectSameResults("copy \(copy)") }
      names.formUnion(pair.first.transforms.map(\.name))
    }
    #expect(names.count == Pipeline.default.nodes.count { $0.children.isEmpty })
  }

  @Test func whatDrawsAgainKeepsItsRangesAndIsNamedOnce() throws {
    var noise = GaussNoise()
    noise.stdRange = 0.1...0.3
    let pipeline = Pipeline(
      .compose([.transform(noise, p: 0.9), .transform(RandomGamma(), p: 1), .transform(noise, p: 0.9)]))
    let copy = try #require((0..<99).first { Self.sample(pipeline, copy: $0).transforms.count == 3 })
    let fixed = try FixedPipeline(pipeline, asDrawn: try Self.sample(pipeline, copy: copy).recorded)
    #expect(fixed.notes == ["GaussNoise: a file cannot hold what was drawn; it draws again"])
    #expect(fixed.pipeline.nodes.map(\.name) == ["Compose", "GaussNoise", "RandomGamma", "GaussNoise"])
    #expect(fixed.pipeline.nodes.allSatisfy { $0.probability == 1 })
    #expect(fixed.text.contains(#""std_range": [0.1, 0.3]"#))
  }

  private static func sample(_ pipeline: Pipeline, copy: Int) -> PipelineSample {
    pipeline.sample(for: shape, key: StreamKey(seed: 4, path: "fixed.jpg", copy: copy))
  }

  @Test func turnsBecomeMirrorsAndExchanges() throws {
    for (turn, names) in [(1, ["NoOp"]), (8, ["Transpose", "VerticalFlip"]), (6, ["Transpose", "HorizontalFlip"])] {
      let record = try RecordedSample(json: #"[{"name": "D4", "node": 0, "drawn": {"orientation": \#(turn)}}]"#)
      let fixed = try FixedPipeline(Pipeline(.transform(D4(), p: 0.3)), asDrawn: record)
      #expect(fixed.pipeline.nodes.map(\.name) == ["Compose"] + names)
    }
  }

  @Test func aStepOfSomeChannelsChangesNoOthers() throws {
    let steps: [any Transform] = [RandomGamma(), ColorJitter(), Rotate(), Blur()]
    let pipeline = Pipeline(
      .compose([
        .selectiveChannels(steps.map { .transform($0, p: 0.7) }, channels: [2, 0]), .transform(Solarize(), p: 1),
      ]))
    for copy in 0..<20 {
      let pair = try #require(try DrawPair(pipeline, Self.shape, copy: copy))
      #expect(pair.notes.isEmpty)
      try pair.expectSameResults("copy \(copy)")
    }
  }

  /// A crop would give these channels another shape than the rest has, before they are resized.
  @Test func aResizedCropOfSomeChannelsDrawsAgain() throws {
    var crop = RandomResizedCrop()
    crop.size = Self.shape.size
    let pipeline = Pipeline(.selectiveChannels([.transform(crop, p: 1)], channels: [1]))
    let pair = try #require(try DrawPair(pipeline, Self.shape, copy: 0))
    #expect(pair.notes == ["RandomResizedCrop: a file cannot hold what was drawn; it draws again"])
    #expect(pair.again.skipped.isEmpty && pair.again.transforms.count == 1)
  }

  @Test func labelsAndTensorsAreAsBefore() throws {
    let text = """
      {"__class_fullname__": "Compose", "p": 0.5, "bbox_params": {"format": "yolo", "min_area": 7}, "transforms": [
        {"__class_fullname__": "HorizontalFlip", "p": 0.5}, {"__class_fullname__": "Normalize", "p": 1},
        {"__class_fullname__": "ToTensorV2", "p": 1}]}
      """
    let pipeline = try Pipeline(text: text, file: "tensor.json")
    let nothing = try FixedPipeline(pipeline, asDrawn: nil)
    let again = try Pipeline(text: nothing.text, file: "fixed.json")
    #expect(again.nodes.map(\.name) == ["Compose"] && again.root.probability == 1)
    #expect(again.tail == pipeline.tail && again.tail != nil)
    #expect(again.boxParameters == pipeline.boxParameters && again.boxParameters != nil)
    #expect(nothing.notes.isEmpty)
  }

  @Test func aRecordOfAnotherPipelineIsRefused() throws {
    let record = try RecordedSample(json: #"[{"name": "RandomGamma", "node": 1, "drawn": {"gamma": 0.9}}]"#)
    #expect(throws: DecodingError.self) {
      try FixedPipeline(Pipeline(.compose([.transform(VerticalFlip())])), asDrawn: record)
    }
  }

  /// Numbers that a damaged manifest may hold.
  @Test(arguments: [Int.min, -70_000, 0, 70_000, Int.max])
  func placesBeyondAllImagesDrawAgain(number: Int) throws {
    var crop = RandomCrop()
    (crop.padIfNeeded, crop.padPosition) = (true, .random)
    let drawn = #"{"x": \#(number), "y": \#(number), "width": \#(number), "height": \#(number)}"#
    let record = try RecordedSample(json: #"[{"name": "RandomCrop", "node": 0, "drawn": \#(drawn)}]"#)
    #expect(try FixedPipeline(Pipeline(.transform(crop, p: 1)), asDrawn: record).notes.count == 1)
  }
}

/// A draw, and one of the pipeline that is fixed at it, by other random numbers.
private struct DrawPair {
  let fixed: FixedPipeline
  let first, again: PipelineSample
  private let shape: ImageShape

  var notes: [String] { fixed.notes }

  /// `nil` if nothing was drawn.
  init?(_ pipeline: Pipeline, _ shape: ImageShape, copy: Int) throws {
    let scene = SampleScene(objectIn: shape)
    func sample(_ pipeline: Pipeline, _ seed: UInt64) -> PipelineSample {
      pipeline.sample(for: shape, key: StreamKey(seed: seed, path: "fixed.jpg", copy: copy), scene: scene)
    }
    first = sample(pipeline, 4)
    guard !first.transforms.isEmpty, first.failure == nil else { return nil }
    fixed = try FixedPipeline(pipeline, asDrawn: try first.recorded)
    let read = try Pipeline(text: fixed.text, file: "fixed.json")
    #expect(read.notes.isEmpty && read == fixed.pipeline)
    again = sample(read, 5)
    self.shape = shape
  }

  /// Compares images with alpha and a mask.
  func expectSameResults(_ comment: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let (one, other) = (try Self.results(of: first, shape), try Self.results(of: again, shape))
    #expect(again.skipped.isEmpty && again.failure == nil, "\(comment)", sourceLocation: sourceLocation)
    #expect(one == other, "\(comment): \(fixed.text)", sourceLocation: sourceLocation)
  }

  private struct Results: Equatable {
    var shape: ImageShape
    var color, alpha: [UInt8]
    var mask: MaskContent
  }

  private static func results(of sample: PipelineSample, _ shape: ImageShape) throws -> Results {
    let plane = ImageShape(width: shape.width, height: shape.height, channels: 1)
    let source = Image(color: Picture.noise(shape), alpha: Picture.noise(plane, seed: 2))
    var runner = PipelineRunner()
    var result = Image()
    try runner.run(sample.operations, on: source, into: &result)
    let mask = try Masks.moved(MaskImage(Picture.noise(plane, seed: 3), .grey), by: sample.operations)
    let alpha = result.alpha.take()?.bytes ?? []
    return Results(shape: result.color.shape, color: result.color.bytes, alpha: alpha, mask: MaskContent(mask))
  }
}

extension PipelineSample {
  /// As a manifest keeps it.
  fileprivate var encoded: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = .sortedKeys
      return String(decoding: try encoder.encode(transforms), as: UTF8.self)
    }
  }

  var recorded: RecordedSample { get throws { try RecordedSample(json: encoded) } }
}

extension RecordedSample {
  init(json: String) throws { self = try JSONDecoder().decode(RecordedSample.self, from: Data(json.utf8)) }
}
