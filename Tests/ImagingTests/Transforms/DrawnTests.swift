import Foundation
import Imaging
import Testing

/// A draw contains everything that has to be kept.
struct DrawnTests {
  @Test func whatIsDrawnComesBackFromAManifestAndGivesTheSameBytes() throws {
    for transform in Variants.all {
      for shape in TransformPropertyTests.shapes where transform.reasonToSkip(shape) == nil {
        try expectReplay(transform, shape)
      }
    }
  }

  private func expectReplay<Change: Transform>(_ transform: Change, _ shape: ImageShape) throws {
    var random = StreamKey(seed: 8, path: "manifest", copy: 1).stream(node: 3)
    let drawn = transform.sample(for: shape, using: &random)
    let text = try JSONEncoder().encode(drawn)
    let again = try JSONDecoder().decode(Change.Drawn.self, from: text)
    let source = Picture.noise(shape)
    let first = try transform.applied(drawn, to: source)
    let second = try transform.applied(again, to: source)
    #expect(first.shape == second.shape && first.bytes == second.bytes, "\(transform) \(shape)")
    #expect(try JSONEncoder().encode(again).count == text.count)
  }

  @Test func aSampleIsWrittenWithNodeNameAndWhatWasDrawn() throws {
    let pipeline = Pipeline(.compose([.noOp(), .transform(RandomGamma(), p: 1), .transform(VerticalFlip(), p: 1)]))
    let sample = pipeline.sample(for: Pipeline.testShape, key: StreamKey(seed: 1, path: "a.jpg", copy: 0))
    let lines = try JSONSerialization.jsonObject(with: JSONEncoder().encode(sample.transforms)) as? [[String: Any]]
    let entries = try #require(lines)
    #expect(entries.map { $0["name"] as? String } == ["RandomGamma", "VerticalFlip"])
    #expect(entries.map { $0["node"] as? Int } == [2, 3])
    let gamma = try #require((entries[0]["drawn"] as? [String: Any])?["gamma"] as? Double)
    #expect(gamma > 0.7 && gamma < 1.3)
  }

  @Test func aReplayedSampleGivesTheSameBytes() throws {
    let shape = ImageShape(width: 61, height: 43, channels: 3)
    let transforms = Variants.ready.map { PipelineNode.transform($0, p: 0.9) }
    for pipeline in [Pipeline.default, Pipeline(.someOf(transforms, count: 6, replace: true))] {
      for copy in 0..<40 {
        let sample = pipeline.sample(for: shape, key: StreamKey(seed: 2, path: "b.jpg", copy: copy))
        let record = try JSONDecoder().decode(
          RecordedSample.self, from: JSONEncoder().encode(sample.transforms))
        let again = try pipeline.sample(for: shape, replaying: record)
        #expect(again.outputShape == sample.outputShape && again.transforms.count == sample.transforms.count)
        #expect(try bytes(of: again, shape) == bytes(of: sample, shape))
      }
    }
  }

  private func bytes(of sample: PipelineSample, _ shape: ImageShape) throws -> [UInt8] {
    var runner = PipelineRunner()
    var result = Image()
    try runner.run(sample.operations, on: Image(color: Picture.noise(shape)), into: &result)
    return result.color.bytes
  }

  @Test func aRecordOfAnotherPipelineIsRefused() throws {
    let record = try JSONDecoder().decode(
      RecordedSample.self, from: Data(#"[{"name": "RandomGamma", "node": 1, "drawn": {"gamma": 0.9}}]"#.utf8))
    #expect(throws: DecodingError.self) {
      try Pipeline(.compose([.transform(VerticalFlip())])).sample(for: Pipeline.testShape, replaying: record)
    }
    let gamma = Pipeline(.compose([.transform(RandomGamma())]))
    let sample = try gamma.sample(for: Pipeline.testShape, replaying: record)
    #expect(sample.transforms.map(\.description) == ["RandomGamma(gamma: 0.9)"])
  }
}
