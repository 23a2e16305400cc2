import Imaging
import Testing

/// Where crops lie that look at what the image shows, and which images crops do not suit.
struct CropSamplingTests {
  private static let shape = ImageShape(width: 200, height: 150, channels: 3)
  private static let boxes = [
    Box(Vertex(20, 30), Vertex(50, 60)), Box(Vertex(100, 80), Vertex(170, 140)),
  ]

  private static func context(_ boxes: [Box]) -> SampleContext {
    SampleContext(
      shape, scene: SampleScene(objects: boxes.map { SceneObject(className: "cat", shape: LabelShape($0)) }))
  }

  private static func crops<Crop: Transform>(_ crop: Crop, _ context: SampleContext) -> [Rectangle]
  where Crop.Drawn == Rectangle {
    (0..<300).map { number in
      var random = StreamKey(seed: 3, path: "crop", copy: number).stream(node: 1)
      return crop.sample(for: context, using: &random)
    }
  }

  private static func box(_ crop: Rectangle) -> Box {
    Box(
      Vertex(Double(crop.x), Double(crop.y)), Vertex(Double(crop.x + crop.width), Double(crop.y + crop.height)))
  }

  @Test func everyBoxLiesInASafeCrop() {
    let crops = Self.crops(BBoxSafeRandomCrop(), Self.context(Self.boxes))
    #expect(crops.allSatisfy { crop in Self.boxes.allSatisfy { $0.intersection(Self.box(crop)) == $0 } })
    #expect(Set(crops).count > 200)
  }

  @Test func someBoxLiesInACropOfFixedSize() {
    var crop = AtLeastOneBBoxRandomCrop()
    (crop.width, crop.height) = (75, 65)
    let crops = Self.crops(crop, Self.context(Self.boxes))
    // Places are cut to whole pixels.
    let shown = crops.map { crop in
      Self.boxes.map { box in
        let missing = box.size - box.intersection(Self.box(crop)).size
        return missing.max() <= 1
      }
    }
    #expect(shown.allSatisfy { $0.contains(true) })
    #expect(shown.contains { $0[0] } && shown.contains { $0[1] })
  }

  @Test func aCropNearABoxTakesTheOnlyOneOrTheOneOfItsClass() {
    var crop = RandomCropNearBBox()
    crop.maxPartShift = 0...0
    let alone = Rectangle(x: 20, y: 30, width: 30, height: 30)
    #expect(Self.crops(crop, Self.context([Self.boxes[0]])).allSatisfy { $0 == alone })
    #expect(Self.crops(crop, Self.context(Self.boxes)).allSatisfy { $0.width == 200 }, "there is no such class")
    crop.className = "cat"
    #expect(Self.crops(crop, Self.context(Self.boxes)).allSatisfy { $0 == alone })
  }

  /// The values of one channel alone mark the right half.
  @Test func ignoredChannelsAndValuesDoNotCount() {
    var crop = CropNonEmptyMaskIfExists()
    (crop.width, crop.height, crop.ignoredChannels, crop.ignoredValues) = (10, 10, [0], [7])
    let values = (0..<200 * 150).flatMap { [1, 7, $0 % 200 >= 150 ? 2 : 0] as [UInt16] }
    let mask = SceneMask(shape: Self.shape, values: values)
    let context = SampleContext(Self.shape, scene: SampleScene(objects: [], mask: { _ in mask }))
    #expect(Self.crops(crop, context).allSatisfy { $0.x > 140 })
    crop.ignoredChannels = []
    #expect(!Self.crops(crop, context).allSatisfy { $0.x > 140 })
  }

  /// What is larger than the image after the steps so far ends the sample; what comes later is not drawn.
  @Test func anImpossibleCropEndsTheSample() throws {
    let pipeline = try Pipeline(
      text: """
        - {__class_fullname__: Resize, height: 40, width: 30, p: 1}
        - {__class_fullname__: RandomCrop, height: 50, width: 20, p: 1}
        - {__class_fullname__: HorizontalFlip, p: 1}
        """, file: "pipeline")
    let sample = pipeline.sample(for: Self.shape, key: StreamKey(seed: 1, path: "a", copy: 0))
    #expect(sample.failure?.description == "RandomCrop: its crop of 20x50 is larger than the image, 30x40")
    #expect(sample.transforms.map(\.name) == ["Resize"] && sample.skipped.isEmpty)
  }

  @Test(arguments: [
    "{__class_fullname__: LongestMaxSize}", "{__class_fullname__: SmallestMaxSize, max_size: 9, max_size_hw: [3, 4]}",
    "{__class_fullname__: PadIfNeeded, pad_height_divisor: 8}", "{__class_fullname__: Crop, x_min: 9, x_max: 9}",
    "{__class_fullname__: CropAndPad}", "{__class_fullname__: CropAndPad, px: 1, percent: 0.5}",
    "{__class_fullname__: CropAndPad, px: [4, 4]}",
    "{__class_fullname__: RandomCropFromBorders, crop_left: 0.7, crop_right: 0.4}",
  ]) func parametersThatExcludeEachOtherAreRefused(text: String) {
    #expect(throws: PipelineError.self) { try Pipeline(text: "[\(text)]", file: "pipeline") }
  }

  /// A replayed draw comes from a file.
  @Test func drawsFromAFileDoNotTrap() throws {
    let far = Rectangle(x: .max, y: .min, width: .max, height: 1)
    for transform in [PadIfNeeded(), Crop(), RandomResizedCrop(), CenterCrop()] as [any Transform] {
      #expect(Self.refusal(of: transform, far) != nil, "\(transform)")
    }
    #expect(
      LongestMaxSize().operation(SizeFactor(scale: .nan), for: Self.shape).outputShape(for: Self.shape).width == 1)
  }

  private static func refusal<Change: Transform>(of transform: Change, _ drawn: Rectangle) -> String? {
    (drawn as? Change.Drawn).flatMap { transform.operation($0, for: shape).refusal }
  }
}
