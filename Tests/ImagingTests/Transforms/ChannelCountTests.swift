import Imaging
import Testing

/// Transforms that change the number of channels, and all that depends on it.
struct ChannelCountTests {
  private static let key = StreamKey(seed: 1, path: "a.png", copy: 0)

  /// The file of an image after transforms, and the names of those left out.
  private func file(
    _ source: borrowing Image, _ transforms: [any Transform], as format: ImageFormat
  ) throws -> (file: Decoded, skipped: [String]) {
    let pipeline = Pipeline(.compose(transforms.map { .transform($0, p: 1) }))
    let sample = pipeline.sample(for: source.color.shape, key: Self.key)
    var runner = PipelineRunner()
    var result = Image()
    try runner.run(sample.operations, on: source, into: &result)
    #expect(result.color.shape == sample.outputShape)
    return (try Decoded(try encode(result, as: format)), sample.skipped.map(\.name))
  }

  private var gray: ToGray {
    var gray = ToGray()
    gray.numOutputChannels = 1
    return gray
  }

  @Test(arguments: [ImageFormat.png, .jpeg])
  func whatBecomesGreyIsAGreyFileWithoutAProfileOfColours(format: ImageFormat) throws {
    var source = smoothImage(width: 20, height: 9, channels: 3)
    source.colorProfile = profile("RGB ", byteCount: 200)
    let (file, skipped) = try file(source, [gray, ChannelShuffle(), RGBShift(), ISONoise()], as: format)
    #expect(file.shape == ImageShape(width: 20, height: 9, channels: 1))
    #expect(file.colorProfile.isEmpty)
    #expect(skipped == ["ChannelShuffle", "ISONoise"])
  }

  @Test func whatBecomesColourIsAFileOfColoursWithoutAProfileOfGreys() throws {
    var source = smoothImage(width: 20, height: 9, channels: 1)
    source.colorProfile = profile("GRAY", byteCount: 200)
    let (file, skipped) = try file(source, [ToRGB(), ChannelShuffle()], as: .png)
    #expect(file.shape == ImageShape(width: 20, height: 9, channels: 3))
    #expect(file.color == source.color.bytes.flatMap { [$0, $0, $0] })
    #expect(file.colorProfile.isEmpty && skipped.isEmpty)
  }

  @Test func otherNumbersOfChannelsAreRefused() {
    #expect(throws: PipelineError.self) {
      try Pipeline(text: #"{"__class_fullname__": "ToGray", "num_output_channels": 4}"#, file: "a.json")
    }
    #expect(throws: PipelineError.self) {
      try Pipeline(text: #"{"__class_fullname__": "ToRGB", "num_output_channels": 0}"#, file: "a.json")
    }
  }
}
