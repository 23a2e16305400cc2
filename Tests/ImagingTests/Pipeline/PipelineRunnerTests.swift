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

  private func linear(_ factor: UInt8, _ term: UInt8) -> PipelineNode {
    .transform(Linear(factor: factor, term: term), p: 1)
  }

  private func sample(_ nodes: [PipelineNode], _ shape: ImageShape) -> PipelineSample {
    Pipeline(.compose(nodes)).sample(for: shape, key: Self.key)
  }

  /// v → 3v + 1, n times, starting with 1: the sum of the first powers of 3. Covers both parities of the two buffers.
  @Test(arguments: 0...6)
  func operationsFollowEachOtherInOrder(count: Int) throws {
    let source = image([1, 2, 3], width: 1, height: 1)
    var destination = Image()
    var runner = PipelineRunner()
    let operations = sample((0..<count).map { linear(UInt8(2 + $0), 1) }, source.color.shape).operations
    try runner.run(operations, on: source, into: &destination)
    let expected = (0..<count).reduce([1, 2, 3] as [UInt8]) { values, index in
      values.map { $0 &* UInt8(2 + index) &+ 1 }
    }
    #expect(destination.color.bytes == expected)
    #expect(source.color.bytes == [1, 2, 3])
  }

  @Test func lastOperationWritesIntoBorrowedMemory() throws {
    var memory = [UInt8](repeating: 0, count: 12)
    let source = image([1, 2, 3], width: 1, height: 1)
    let drawn = sample([linear(1, 1), linear(2, 0), .transform(DoubleRows(), p: 1)], source.color.shape)
    try unsafe memory.withUnsafeMutableBytes { bytes in
      var destination = unsafe Image(
        color: PixelBuffer(borrowing: bytes, shape: ImageShape(width: 0, height: 0, channels: 3)))
      var runner = PipelineRunner()
      try runner.run(drawn.operations, on: source, into: &destination)
    }
    #expect(drawn.outputShape == ImageShape(width: 1, height: 2, channels: 3))
    #expect(memory == [4, 6, 8, 4, 6, 8, 0, 0, 0, 0, 0, 0])
  }

  @Test func alphaFollowsGeometryAndNothingElse() throws {
    let source = image([1, 2, 3, 4, 5, 6], width: 1, height: 2, alpha: [10, 20])
    let operations = sample([linear(2, 0), .transform(DoubleRows(), p: 1), linear(1, 1)], source.color.shape).operations
    var destination = Image()
    var runner = PipelineRunner()
    for _ in 0..<2 {
      try runner.run(operations, on: source, into: &destination)
      #expect(destination.color.bytes == [3, 5, 7, 3, 5, 7, 9, 11, 13, 9, 11, 13])
      #expect(alphaBytes(destination) == [10, 10, 20, 20])
    }
  }

  @Test(arguments: [([0], 0), ([255], 255), ([9, 9, 9], 0), ([9, 9, 9, 77], 77)] as [([Double], UInt8)])
  func alphaBeyondTheEdgeIsTransparentUnlessTheFillSaysSo(fill: [Double], beyond: UInt8) throws {
    var crop = CenterCrop()
    (crop.height, crop.width, crop.padIfNeeded, crop.resampling.fill) = (1, 3, true, fill)
    let source = image([1, 2, 3], width: 1, height: 1, alpha: [200])
    var destination = Image()
    var runner = PipelineRunner()
    try runner.run(sample([.transform(crop, p: 1)], source.color.shape).operations, on: source, into: &destination)
    #expect(alphaBytes(destination) == [beyond, 200, beyond])
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
    let drawn = sample([.transform(DoubleRows(), p: 1), .transform(DoubleRows(), p: 1)], Pipeline.testShape)
    #expect(drawn.outputShape == ImageShape(width: 4, height: 12, channels: 3))
  }

  @Test func transformWithoutMeaningIsLeftOutAndNamed() throws {
    let source = image([5], width: 1, height: 1, channels: 1)
    let drawn = sample([linear(2, 0), .transform(DoubleRows(), p: 1)], source.color.shape)
    #expect(drawn.transforms.map(\.name) == ["DoubleRows"])
    #expect(drawn.skipped.map(\.description) == ["Linear: needs a colour image"])
  }

  /// However a list is split, the second part writes where the whole would; here with a geometry first, and one last.
  @Test(arguments: 0...3)
  func aListCanBeSplitAnywhere(place: Int) throws {
    let source = image([1, 2, 3, 4, 5, 6], width: 1, height: 2, alpha: [10, 20])
    let nodes = [linear(2, 0), .transform(DoubleRows(), p: 1), linear(1, 1)]
    let operations = sample(nodes, source.color.shape).operations
    var middle = Image()
    var destination = Image()
    var runner = PipelineRunner()
    try runner.run(Array(operations.prefix(place)), on: source, into: &middle)
    try runner.run(Array(operations.dropFirst(place)), on: middle, into: &destination)
    #expect(destination.color.bytes == [3, 5, 7, 3, 5, 7, 9, 11, 13, 9, 11, 13])
    #expect(alphaBytes(destination) == [10, 10, 20, 20])
  }

  @Test func neighbouringTablesFoldAndNothingIsLeftOfNothing() {
    let tables = [UInt8(3), 5, 7].map { term in Operation.lookup(LookupTable { $0 &+ term }) }
    let mirror = Operation.geometry(.orientation(.mirror))
    let operations = [tables[0], .identity, .sequence([tables[1], .sequence([])]), mirror, tables[2]].simplified
    #expect(operations.count == 3)
    guard case .lookup(let table) = operations[0] else {
      Issue.record("the first is no table")
      return
    }
    #expect(table == LookupTable { $0 &+ 8 })
  }

  @Test func tablesOfChannelsFoldWithTablesOfAll() {
    let (more, less) = (LookupTable { $0 &+ 1 }, LookupTable { $0 / 2 })
    let channels = LookupTable(channels: [more, less, .identity])
    #expect(channels.followed(by: less).values == [more, less, .identity].flatMap { $0.followed(by: less).values })
    #expect(less.followed(by: channels).values == [more, less, .identity].flatMap { less.followed(by: $0).values })
  }

  @Test func failureOfAnOperationIsThatOfTheRun() {
    let source = image([1, 2, 3], width: 1, height: 1)
    let operations = sample([linear(1, 1), .transform(Failing(), p: 1)], source.color.shape).operations
    var destination = Image()
    var runner = PipelineRunner()
    do throws(ImagingError) {
      try runner.run(operations, on: source, into: &destination)
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
