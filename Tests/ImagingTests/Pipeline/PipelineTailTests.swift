import Imaging
import Testing

struct PipelineTailTests {
  private func read(_ nodes: String...) throws -> Pipeline {
    let text = "{__class_fullname__: Compose, p: 1, transforms: [\(nodes.joined(separator: ", "))]}"
    return try Pipeline(text: text, file: "p.yaml")
  }

  private let flip = "{__class_fullname__: HorizontalFlip}"
  private let tensor = "{__class_fullname__: albumentations.pytorch.transforms.ToTensorV2, p: 1, transpose_mask: false}"
  private let half = "{__class_fullname__: Normalize, mean: [0.5, 0.4, 0], std: [0.25, 0.5, 1], max_pixel_value: 255.0}"

  @Test func endOfATrainingPipelineIsKeptApart() throws {
    let pipeline = try read(flip, half, tensor)
    #expect(pipeline.nodes.map(\.name) == ["Compose", "HorizontalFlip"])
    let normalization = try #require(pipeline.tail?.normalization)
    #expect(normalization.mean == [0.5, 0.4, 0])
    #expect(normalization.std == [0.25, 0.5, 1])
    #expect(normalization.method == .standard)
    #expect(pipeline.tail?.isChannelsFirst == true)
    #expect(
      pipeline.notes == [
        "transforms[1].Normalize: left out of images, which hold bytes; arrays get it",
        "transforms[2].ToTensorV2: left out of images, which hold bytes; arrays get it",
      ])
  }

  @Test func tailIsWrittenAndReadAgain() throws {
    let scaled = "{__class_fullname__: ToFloat, max_value: 200}"
    for pipeline in [try read(flip, half, tensor), try read(half), try read(scaled, tensor)] {
      let again = try Pipeline(text: pipeline.serialized, file: "again")
      #expect(again == pipeline)
      #expect(again.tail == pipeline.tail)
    }
    #expect(try read(flip) != read(flip, half))
  }

  @Test func tailOfAnyRootIsWritten() throws {
    let group = "{__class_fullname__: OneOf, p: 0.3, transforms: [\(half), \(flip)]}"
    let pipeline = try Pipeline(text: group, file: "p.yaml")
    #expect(pipeline.nodes.map(\.name) == ["Compose", "OneOf", "NoOp", "HorizontalFlip"])
    #expect(try Pipeline(text: pipeline.serialized, file: "again").tail == pipeline.tail)
  }

  @Test func firstOfSeveralNormalizationsIsKept() throws {
    let other = "{__class_fullname__: Normalize, mean: 0, std: 1}"
    let group = "{__class_fullname__: OneOf, p: 1, transforms: [\(half), \(other)]}"
    #expect(try read(group).tail?.normalization?.mean == [0.5, 0.4, 0])
  }

  /// (0 · std + mean) · 255 for every channel; a single fill of a warp is that of red alone, and 0 elsewhere.
  @Test(arguments: [
    ("{__class_fullname__: CenterCrop, height: 9, width: 9}", "[128, 102, 0]"),
    ("{__class_fullname__: CenterCrop, height: 9, width: 9, fill: 1}", "[191, 230, 255]"),
    ("{__class_fullname__: CenterCrop, height: 9, width: 9, fill: [1, -1, 9]}", "[191, 0, 255]"),
    ("{__class_fullname__: Perspective, fill: 1}", "[191, 102, 0]"),
  ])
  func fillAfterNormalizeIsANormalisedValue(node: String, fill: String) throws {
    let pipeline = try read(half, node)
    guard case .transform(let transform) = try #require(pipeline.nodes.last).kind else {
      Issue.record("it is no transform")
      return
    }
    #expect(transform.parameterTexts.first { $0.name == "fill" }?.value == fill)
    #expect(pipeline.notes.contains { $0.hasSuffix("in normalised values is \(fill) in bytes") })
  }

  @Test func changeOfValuesAfterNormalizeIsNoted() throws {
    #expect(
      try read(half, "{__class_fullname__: RandomGamma}").notes.last
        == "transforms[1].RandomGamma: works on bytes here; after Normalize or ToFloat, Albumentations has it work on "
        + "others")
  }

  @Test func floatsBecomeBytesAgain() throws {
    let pipeline = try read("{__class_fullname__: ToFloat}", "{__class_fullname__: FromFloat, dtype: uint8}", flip)
    #expect(pipeline.tail?.divisor == nil)
    #expect(pipeline.tail?.normalization == nil)
  }
}
