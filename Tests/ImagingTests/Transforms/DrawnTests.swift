import Foundation
import Imaging
import Testing

/// What is drawn is all that has to be kept.
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
    let (first, second) = (try transform.applied(drawn, to: source), try transform.applied(again, to: source))
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
}
