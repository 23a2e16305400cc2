import Datasets
import Foundation
import TestSupport
import Testing

/// Programs of others read what we write, and find the same in it as our own reader.
@Suite(.enabled(if: LabelReaders.areThere, "AUGMENT_PYTHON names no Python with pycocotools, supervision and globox"))
struct LabelReaderTests {
  private static let formats = ["voc", "coco", "yolo"]

  @Test(arguments: LabelledDataSet.Content.allCases, formats)
  func convertedLabelsAreReadAlike(content: LabelledDataSet.Content, format: String) throws {
    let workspace = try Workspace()
    try LabelledDataSet.write(content, to: workspace)
    let outcome = try Program.run(["convert", "in", "out", "--label-output", format], in: workspace)
    try #require(outcome.status == 0, "\(outcome.errorText)")
    let objectCount = try Self.compare("out", format, in: workspace)
    #expect(objectCount == (Self.loses(content, format) ? 0 : 4 * (LabelledDataSet.imageCount - 1)))
  }

  @Test(arguments: LabelledDataSet.Content.allCases, formats)
  func augmentedLabelsAreReadAlike(content: LabelledDataSet.Content, format: String) throws {
    let workspace = try Workspace()
    try LabelledDataSet.write(content, to: workspace)
    try Program.augment(
      "in", "out", "--copies", "2", "--seed", "5", "--label-output", format, in: workspace)
    let objectCount = try Self.compare("out", format, in: workspace)
    // Few are lost at the edges.
    #expect(Self.loses(content, format) || objectCount > 6 * (LabelledDataSet.imageCount - 1))
  }

  /// YOLO has no crowds.
  private static func loses(_ content: LabelledDataSet.Content, _ format: String) -> Bool {
    content == .crowds && format == "yolo"
  }

  @Test(.enabled(if: SharedData.annotations != nil, "there are no photographs with labels"), arguments: formats)
  func photographsAreReadAlike(format: String) throws {
    let workspace = try Workspace()
    try workspace.addRaccoons(25)
    try Program.augment(
      "in", "out", "--copies", "1", "--seed", "2", "--label-output", format, in: workspace)
    let objectCount = try Self.compare("out", format, in: workspace)
    #expect(objectCount >= 20)
  }

  /// Compares what each reader finds in every image.
  /// - Returns: the number of objects.
  private static func compare(_ folder: String, _ format: String, in workspace: Workspace) throws -> Int {
    let sizes = try workspace.imageSizes(folder)
    let ours = try LabelSet(reading: workspace.absolute(folder)).reading(sizes: sizes)
    let theirs = try LabelReaders.read(format, workspace.absolute(folder))
    #expect(!theirs.isEmpty && (format != "coco" || theirs["pycocotools"] != nil))
    for (reader, reading) in theirs {
      #expect(Set(reading.keys).isSubset(of: sizes.keys), "\(reader)")
      for (path, image) in ours {
        let other = reading[path] ?? LabelReaders.Image(objects: [])
        if let size = other.size { #expect(size == image.size, "\(reader): \(path)") }
        expectEqual(image.objects, other.objects, "\(reader): \(path)")
        if reader == "pycocotools" { other.objects.forEach { expectAreaOfMask($0, path) } }
      }
    }
    return ours.values.reduce(0) { $0 + $1.objects.count }
  }

  private static func expectEqual(_ ours: [LabelReaders.Object], _ theirs: [LabelReaders.Object], _ place: String) {
    #expect(ours.map(\.className) == theirs.map(\.className), "\(place)")
    for (our, their) in zip(ours, theirs) {
      #expect(areNear(our.box, their.box, 0.01), "\(place): \(our.box), not \(their.box)")
      if let polygons = their.polygons {
        #expect(our.polygons?.count == polygons.count, "\(place)")
        #expect(zip(our.polygons ?? [], polygons).allSatisfy { areNear($0, $1, 0.01) }, "\(place)")
      }
      if let points = their.keypoints { expectEqual(points: our.keypoints ?? [], points, place) }
      if let isCrowd = their.isCrowd { #expect(isCrowd == our.isCrowd, "\(place)") }
    }
  }

  private static func expectEqual(points ours: [[Double]], _ theirs: [[Double]], _ place: String) {
    #expect(ours.count == theirs.count, "\(place)")
    for (our, their) in zip(ours, theirs) {
      // An unlabelled point has no place.
      #expect(our[2] == their[2] && (our[2] == 0 || areNear(our, their, 0.01)), "\(place): \(our), not \(their)")
    }
  }

  /// The area that we state is that of the mask which the reader draws; of polygons, to half a pixel along the edges.
  private static func expectAreaOfMask(_ object: LabelReaders.Object, _ place: String) {
    guard let area = object.area, let maskArea = object.maskArea else { return }
    let sides = object.box[2] - object.box[0] + object.box[3] - object.box[1]
    #expect(
      abs(area - Double(maskArea)) <= (object.polygons == nil ? 0 : sides + 2), "\(place): \(area), not \(maskArea)")
  }

  private static func areNear(_ ours: [Double], _ theirs: [Double], _ tolerance: Double) -> Bool {
    ours.count == theirs.count && zip(ours, theirs).allSatisfy { abs($0 - $1) <= tolerance }
  }
}

extension Workspace {
  /// The first photographs of raccoons with their labels, in the folder `in`.
  func addRaccoons(_ count: Int) throws {
    for (folder, source) in [("images", SharedData.photographs), ("annotations", SharedData.annotations)] {
      let source = try #require(source)
      try addFolder("in/\(folder)")
      for name in SharedData.files(in: source).prefix(count) {
        try FileManager.default.copyItem(atPath: "\(source)/\(name)", toPath: absolute("in/\(folder)/\(name)"))
      }
    }
  }
}
