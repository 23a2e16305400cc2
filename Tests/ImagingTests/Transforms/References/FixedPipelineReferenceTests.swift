import Foundation
import Imaging
import TestSupport
import Testing

/// Has Albumentations 2.0.8 itself run pipelines that always do what was drawn here, and compares its pixels with those of
/// the draw.
@Suite(.serialized, .enabled(if: AlbumentationsPython.path != nil, "\(AlbumentationsPython.isMissing)"))
struct FixedPipelineReferenceTests {
  /// What rounds otherwise at a tie: within a level.
  private static let withinOne: Set = ["Defocus", "RingingOvershoot", "ZoomBlur"]
  /// Whose places are rounded otherwise before they get to OpenCV.
  private static let near: Set = ["OpticalDistortion"]
  /// OpenCV 5 samples elsewhere.
  private static let warps: Set = ["Affine", "Rotate", "SafeRotate", "ShiftScaleRotate"]

  private static let shape = ImageShape(width: 300, height: 270, channels: 3)

  @Test(arguments: AlbumentationsPython.allCases)
  func albumentationsDoesWhatWasDrawnHere(python: AlbumentationsPython) throws {
    let folder = try TemporaryFolder()
    let source = Picture.noise(Self.shape)
    try Data(source.bytes).write(to: folder.url.appending(path: "image.raw"))
    try Data("[\(Self.shape.width), \(Self.shape.height), 3]".utf8).write(to: folder.url.appending(path: "image.size"))
    var samples: [String: PipelineSample] = [:]
    for type in TransformCatalog.all {
      for copy in 0..<4 {
        guard let (sample, text) = try Self.fixed(type.example, copy: copy) else { continue }
        samples["\(type.name) \(copy)"] = sample
        try Data(text.utf8).write(to: folder.url.appending(path: "\(type.name) \(copy).json"))
      }
    }
    try python.run("fixed.py", [folder.path])
    for (name, sample) in samples { try Self.compare(sample, of: source, name, python, folder) }
    #expect(samples.count > 180)
  }

  /// `nil` if nothing was drawn, or what no file can hold.
  private static func fixed(_ transform: any Transform, copy: Int) throws -> (PipelineSample, text: String)? {
    let pipeline = Pipeline(.transform(transform, p: 1))
    let key = StreamKey(seed: 6, path: "fixed.png", copy: copy)
    let sample = pipeline.sample(for: shape, key: key, scene: SampleScene(objectIn: shape))
    guard !sample.transforms.isEmpty, sample.failure == nil else { return nil }
    let fixed = try FixedPipeline(pipeline, asDrawn: try sample.recorded)
    return fixed.notes.isEmpty ? (sample, fixed.text) : nil
  }

  private static func compare(
    _ sample: PipelineSample, of source: borrowing PixelBuffer, _ name: String, _ python: AlbumentationsPython,
    _ folder: TemporaryFolder
  ) throws {
    let sides = try JSONDecoder().decode(
      [Int].self, from: Data(contentsOf: folder.url.appending(path: "\(name).size")))
    let ours = try Imaging.Operation.sequence(sample.operations).applied(to: source)
    #expect(sides == [ours.shape.width, ours.shape.height, ours.shape.channels], "\(name)")
    let theirs = [UInt8](try Data(contentsOf: folder.url.appending(path: "\(name).raw")))
    guard theirs.count == ours.bytes.count else { return }
    let difference = Difference(ours.bytes, theirs)
    let transform = String(name.dropLast(2))
    let isExpected =
      if near.contains(transform) || python == .openCV5 && warps.contains(transform) {
        difference.decibels > 40  // in white noise, the worst case
      } else {
        difference.largest <= (withinOne.contains(transform) ? 1 : 0)
      }
    #expect(isExpected, "\(name): \(difference)")
  }
}
