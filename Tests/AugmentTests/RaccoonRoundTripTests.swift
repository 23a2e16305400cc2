import Datasets
import Foundation
import Imaging
import TestSupport
import Testing

/// Photographs with boxes in VOC, augmented to YOLO, from there to COCO and back to VOC: every box comes back where its
/// pixels went.
@Suite(.enabled(if: SharedData.annotations != nil, "there are no photographs with labels"))
struct RaccoonRoundTripTests {
  private static let copies = 10
  private static let seed: UInt64 = 20
  /// The geometries of the default pipeline, more often and without colours, which take most of its time and move
  /// nothing. None folds the image: what is folded is followed by whole pixels.
  private static let pipeline = """
    [{"__class_fullname__": "OneOf", "p": 0.6, "transforms": [
      {"__class_fullname__": "HorizontalFlip"}, {"__class_fullname__": "VerticalFlip"},
      {"__class_fullname__": "RandomRotate90"}]},
    {"__class_fullname__": "OneOf", "p": 0.8, "transforms": [
      {"__class_fullname__": "GridDistortion"}, {"__class_fullname__": "OpticalDistortion"},
      {"__class_fullname__": "OpticalDistortion", "mode": "fisheye", "distort_limit": [-0.3, 0.3]},
      {"__class_fullname__": "Perspective"}, {"__class_fullname__": "Affine", "rotate": [-30, 30]},
      {"__class_fullname__": "ElasticTransform", "alpha": 40, "sigma": 8, "p": 0.2}]}]
    """

  @Test func boxesComeBackWhereTheirPixelsWent() throws {
    let workspace = try Workspace()
    let photographs = SharedData.files(in: SharedData.photographs)
    try workspace.addRaccoons(photographs.count)
    try workspace.addFile("geometries.json", Self.pipeline)
    try Self.runThere(and: workspace)
    let pipeline = try Pipeline(text: Self.pipeline, file: "geometries.json")
    let (before, after) = (
      try LabelSet(reading: workspace.absolute("in")), try LabelSet(reading: workspace.absolute("voc"))
    )
    #expect(after.images.count == photographs.count * Self.copies)
    var trip = RoundTrip(after: after)
    for name in photographs {
      let path = "images/\(name)"
      let source = RoundTrip.Source(
        path: path, shape: try ImageFile.read(workspace.absolute("in/\(path)")).color.shape,
        objects: try #require(before.objects(of: path)))
      for copy in 0..<Self.copies {
        let key = StreamKey(seed: Self.seed, path: path, copy: copy)
        try trip.expectReturn(of: source, copy, pipeline.sample(for: source.shape, key: key).operations)
      }
    }
    // Of 2170 boxes, a few leave the image.
    #expect(trip.returnedCount > 2000 && trip.lostCount < 20, "\(trip.returnedCount) and \(trip.lostCount)")
  }

  private static func runThere(and workspace: Workspace) throws {
    try Program.augment(
      "in", "yolo", "--label-output", "yolo", "--copies", "\(copies)", "--seed", "\(seed)", "--pipeline",
      "geometries.json", "--quality", "50", in: workspace)
    for (from, to) in [("yolo", "coco"), ("coco", "voc")] {
      let outcome = try Program.run(["convert", from, to, "--label-output", to], in: workspace)
      try #require(outcome.status == 0, "\(outcome.errorText)")
    }
  }
}

/// What comes back of boxes, and how far from where they should be.
private struct RoundTrip {
  struct Source {
    var path: String
    var shape: ImageShape
    var objects: [LabelledObject]
  }

  /// Half a pixel.
  private static let tolerance = 0.5

  let after: LabelSet
  private(set) var returnedCount = 0
  private(set) var lostCount = 0

  init(after: LabelSet) { self.after = after }

  /// Compares the boxes of a copy with those of its source, mapped by our own follower and by `BoxImage`, which knows
  /// nothing of it.
  mutating func expectReturn(of source: Source, _ copy: Int, _ operations: [Imaging.Operation]) throws {
    let stem = "\(source.path.split(separator: ".")[0])_aug\(String(repeating: "0", count: 5))\(copy)"
    var objects = try #require(after.objects(of: "\(stem).jpg"), "\(stem)")[...]
    let follower = try LabelFollower(operations: operations, from: source.shape)
    let image = try BoxImage(operations, of: source.shape)
    for object in source.objects {
      let (followed, independent) = (try follower.follow(object.shape), image.box(of: object.box))
      guard let back = objects.first, let expected = followed.shape?.box, Self.areNear(back.box, expected) else {
        // Only what is hardly visible may be lost.
        lostCount += 1
        #expect(followed.visibility < 0.01, "\(stem): \(object.box) is lost")
        continue
      }
      objects.removeFirst()
      returnedCount += 1
      #expect(back.className == object.className)
      // Where a field folds the image, the follower takes whole pixels.
      #expect(
        independent.map { Self.areNear(back.box, $0, within: 2 * Self.tolerance) } == true,
        "\(stem): \(back.box), not \(independent as Any)")
    }
    #expect(objects.isEmpty, "\(stem) has boxes without a source: \(objects.map(\.box))")
  }

  private static func areNear(_ box: Box, _ other: Box, within tolerance: Double = tolerance) -> Bool {
    let distances = [box.upperLeft - other.upperLeft, box.lowerRight - other.lowerRight]
    return distances.allSatisfy { max(abs($0.x), abs($0.y)) <= tolerance }
  }
}

extension LabelSet {
  /// The objects of an image, however its labels name its folder; `nil` if it has no labels.
  fileprivate func objects(of path: String) -> [LabelledObject]? {
    let indices = indices(of: path)
    return indices.count == 1 ? images[indices[0]].objects : nil
  }
}
