import Imaging
import Testing

struct PipelineRunnerTests {
  private static let key = StreamKey(seed: 1, path: "a.jpg", copy: 0)

  private func image(_ bytes: [UInt8], width: Int, height: Int, channels: Int = 3, alpha: [UInt8]? = nil) -> Image {
    var color = PixelBuffer(ImageShape(width: width, height: height, channels: channels))
    color.set(bytes)
    var image = Image(color: color)
    if let alpha {
      var plane = PixelBuffer(ImageShape(width: width, height: height, channels: 1))
      plane.set(alpha)
      image.alpha = consume plane
    }
    return image
  }

  private func affine(_ factor: UInt8, _ term: UInt8) -> PipelineNode {
    .transform(Affine(factor: factor, term: term), p: 1)
  }

  private func draw(_ nodes: [PipelineNode], _ shape: ImageShape) -> PipelineDraw {
    Pipeline(.compose(nodes)).draw(for: shape, key: Self.key)
  }

  /// v → 3v + 1, n times, starting with 1: the sum of the first powers of 3. Every parity of the two buffers.
  @Test(arguments: 0...6)
  func stepsFollowEachOtherInOrder(count: Int) throws {
    let source = image([1, 2, 3], width: 1, height: 1)
    var destination = Image()
    var runner = PipelineRunner()
    let steps = draw((0..<count).map { affine(UInt8(2 + $0), 1) }, source.color.shape).steps
    try runner.run(steps, on: source, into: &destination)
    let expected = (0..<count).reduce([1, 2, 3] as [UInt8]) { values, index in
      values.map { $0 &* UInt8(2 + index) &+ 1 }
    }
    #expect(destination.color.bytes == expected)
    #expect(source.color.bytes == [1, 2, 3])
  }

  @Test func lastStepWritesIntoBorrowedMemory() throws {
    var memory = [UInt8](repeating: 0, count: 12)
    let source = image([1, 2, 3], width: 1, height: 1)
    let drawn = draw([affine(1, 1), affine(2, 0), .transform(DoubleRows(), p: 1)], source.color.shape)
    try unsafe memory.withUnsafeMutableBytes { bytes in
      var destination = unsafe Image(
        color: PixelBuffer(borrowing: bytes, shape: ImageShape(width: 0, height: 0, channels: 3)))
      var runner = PipelineRunner()
      try runner.run(drawn.steps, on: source, into: &destination)
    }
    #expect(drawn.outputShape == ImageShape(width: 1, height: 2, channels: 3))
    #expect(memory == [4, 6, 8, 4, 6, 8, 0, 0, 0, 0, 0, 0])
  }

  @Test func alphaFollowsGeometryAndNothingElse() throws {
    let source = image([1, 2, 3, 4, 5, 6], width: 1, height: 2, alpha: [10, 20])
    let steps = draw([affine(2, 0), .transform(DoubleRows(), p: 1), affine(1, 1)], source.color.shape).steps
    var destination = Image()
    var runner = PipelineRunner()
    for _ in 0..<2 {
      try runner.run(steps, on: source, into: &destination)
      #expect(destination.color.bytes == [3, 5, 7, 3, 5, 7, 9, 11, 13, 9, 11, 13])
      #expect(alphaBytes(destination) == [10, 10, 20, 20])
    }
  }

  @Test func alphaAndProfileAreThoseOfTheSource() throws {
    var source = image([1, 2, 3], width: 1, height: 1)
    source.colorProfile = [7, 8, 9]
    var destination = image([0, 0, 0], width: 1, height: 1, alpha: [3])
    var runner = PipelineRunner()
    try runner.run([], on: source, into: &destination)
    #expect(destination.color.bytes == [1, 2, 3])
    #expect(alphaBytes(destination) == nil)
    #expect(destination.colorProfile == [7, 8, 9])
  }

  @Test func shapeIsThatOfTheImageAfterTheStepsBefore() {
    let drawn = draw([.transform(DoubleRows(), p: 1), .transform(DoubleRows(), p: 1)], Pipeline.testShape)
    #expect(drawn.outputShape == ImageShape(width: 4, height: 12, channels: 3))
  }

  @Test func transformWithoutMeaningIsLeftOutAndNamed() throws {
    let source = image([5], width: 1, height: 1, channels: 1)
    let drawn = draw([affine(2, 0), .transform(DoubleRows(), p: 1)], source.color.shape)
    #expect(drawn.steps.map(\.name) == ["DoubleRows"])
    #expect(drawn.skipped.map(\.description) == ["Affine: needs a colour image"])
  }

  @Test func failureOfAStepIsThatOfTheRun() {
    let source = image([1, 2, 3], width: 1, height: 1)
    let steps = draw([affine(1, 1), .transform(Failing(), p: 1)], source.color.shape).steps
    var destination = Image()
    var runner = PipelineRunner()
    do throws(ImagingError) {
      try runner.run(steps, on: source, into: &destination)
      Issue.record("it did not fail")
    } catch {
      #expect(error == .failed("as it should"))
    }
  }

  private func alphaBytes(_ image: borrowing Image) -> [UInt8]? {
    switch image.alpha {
    case .some(let plane): plane.bytes
    case .none: nil
    }
  }
}
