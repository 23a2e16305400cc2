import Foundation
import Imaging
import TestSupport
import Testing

/// Runs whole pipelines that people have published, with the draws of Albumentations 2.0.8, and compares the results
/// with its own: what follows a transform must take its result, in the same order, size and channels.
@Suite(
  .serialized, .enabled(if: AlbumentationsPython.path != nil, "\(AlbumentationsPython.isMissing)"),
  .enabled(if: SharedData.pipelines != nil, "there are no published pipelines"))
struct ChainedPipelineTests {
  private static let files = SharedData.files(in: SharedData.pipelines).filter { $0.hasSuffix(".json") }

  /// One application of a pipeline, as `experiments/transforms/chain.py` wrote it.
  private struct Run: Decodable {
    var sample: RecordedSample
    var shape: [Int]
    var output: String

    private enum Key: CodingKey { case sample, shape, output }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      // A decoder of its own, which can be read later.
      sample = try RecordedSample(from: container.superDecoder(forKey: .sample))
      shape = try container.decode([Int].self, forKey: .shape)
      output = try container.decode(String.self, forKey: .output)
    }
  }

  @Test(arguments: AlbumentationsPython.allCases) func resultsAreThoseOfAlbumentations(python: AlbumentationsPython)
    throws
  {
    let folder = try TemporaryFolder()
    var pipelines: [String: Pipeline] = [:]
    for file in Self.files {
      let published = try Pipeline(file: "\(try #require(SharedData.pipelines))/\(file)", skipsUnknown: true)
      // What `chain.py` reads, and so the numbers of its nodes.
      let pipeline = try Pipeline(text: published.serialized, file: file)
      try Data(pipeline.serialized.utf8).write(to: folder.url.appending(path: file))
      pipelines[file] = pipeline
    }
    try python.run("chain.py", [folder.path, "\(try #require(SharedData.photographs))/raccoon-1.jpg"])
    let shape = try JSONDecoder().decode([Int].self, from: Self.data("image.json", in: folder))
    let color = Picture.of(
      ImageShape(width: shape[0], height: shape[1], channels: shape[2]), [UInt8](try Self.data("image.raw", in: folder))
    )
    let source = Image(color: color)
    var (runCount, equalCount) = (0, 0)
    for (file, pipeline) in pipelines.sorted(by: { $0.key < $1.key }) {
      let lines = try Self.data("\(file.dropLast(5)).runs", in: folder).split(separator: UInt8(ascii: "\n"))
      #expect(!lines.isEmpty, "\(file)")
      for line in lines {
        let run = try JSONDecoder().decode(Run.self, from: line)
        let (difference, names) = try Self.compare(run, pipeline, source, folder)
        let isEqual = Self.isAsExpected(difference, names, python)
        #expect(isEqual, "\(file): \(names.joined(separator: ", ")): \(difference)")
        (runCount, equalCount) = (runCount + 1, equalCount + (difference.largest == 0 ? 1 : 0))
      }
    }
    print("\(python.rawValue): \(equalCount) of \(runCount) runs of \(pipelines.count) pipelines give the same bytes")
  }

  private static func compare(
    _ run: Run, _ pipeline: Pipeline, _ source: borrowing Image, _ folder: TemporaryFolder
  ) throws -> (difference: Difference, names: [String]) {
    let sample = try pipeline.sample(for: source.color.shape, replaying: run.sample)
    var runner = PipelineRunner()
    var result = Image()
    try runner.run(sample.operations, on: source, into: &result)
    let ours = result.color.shape
    try #require([ours.width, ours.height, ours.channels] == run.shape)
    return (Difference(result.color.bytes, [UInt8](try data(run.output, in: folder))), sample.transforms.map(\.name))
  }

  /// With OpenCV 4, as with pipelines that do not warp, a few values may differ where Albumentations rounds a tie
  /// otherwise. OpenCV 5 samples warps at other places, which what follows may amplify: CLAHE and Sharpen most of all.
  private static func isAsExpected(
    _ difference: Difference, _ names: [String], _ python: AlbumentationsPython
  ) -> Bool {
    let warps: Set = [
      "Affine", "GridDistortion", "OpticalDistortion", "Perspective", "Rotate", "SafeRotate", "ShiftScaleRotate",
    ]
    if python == .openCV5, !warps.isDisjoint(with: names) { return difference.decibels > 38 }
    return difference.share < 1e-4 && difference.decibels > 75
  }

  private static func data(_ name: String, in folder: TemporaryFolder) throws -> Data {
    try Data(contentsOf: folder.url.appending(path: name))
  }
}
