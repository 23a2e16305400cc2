import Datasets
import Foundation
import Imaging
import TestSupport
import Testing

/// What every format must do, whatever its files look like.
struct LabelFormatTests {
  /// What the objects of a set have besides their boxes.
  enum Content: CaseIterable {
    case boxes, polygons, keypoints
  }

  /// What comes back of each format. All of them have boxes.
  private static let kept: [String: Set<Content>] = [
    "coco": [.boxes, .polygons, .keypoints], "voc": [.boxes], "yolo": [.boxes, .polygons, .keypoints],
  ]

  @Test func everyFormatHasACase() {
    #expect(Set(Self.kept.keys) == Set(LabelFormatCatalog.all.map { $0.word }))
    for word in Self.kept.keys { #expect(LabelFormatCatalog.type(named: word)?.word == word) }
  }

  @Test(arguments: kept.keys.sorted(), Content.allCases)
  func labelsComeBackFromTheirOwnLayout(word: String, content: Content) throws {
    let format = try #require(LabelFormatCatalog.type(named: word))
    let trial = FormatTrial(format, content, splitNames: [])
    let back = try trial.writtenAndRead()
    #expect(back.faults.isEmpty && back.images.allSatisfy(\.faults.isEmpty))
    #expect(back.images.count == trial.outputs.count && back.classNames == trial.set.classNames)
    for output in trial.outputs {
      let image = try #require(back[output.path], "\(output.path)")
      let objects = image.objects.map { $0.inPixels(of: output.shape) }
      #expect(objects.map(\.className) == output.objects.map(\.className), "\(output.path)")
      for (object, expected) in zip(objects, output.objects) {
        #expect(object.box.isClose(to: expected.box), "\(output.path): \(object.box), not \(expected.box)")
        guard Self.kept[word]?.contains(content) == true else { continue }
        #expect(object.hasOutlineAndKeypoints(of: expected), "\(output.path): \(object.shape), not \(expected.shape)")
      }
    }
  }

  @Test(arguments: kept.keys.sorted()) func partsOfASetComeBack(word: String) throws {
    let format = try #require(LabelFormatCatalog.type(named: word))
    let trial = FormatTrial(format, .boxes, splitNames: ["train", "val"])
    let back = try trial.writtenAndRead()
    for (number, split) in trial.set.splits.enumerated() {
      let members = try #require(back.splits.first { $0.name == split.name }, "\(split.name)").members
      let names = members.map { back.images[$0.image].stemPath.lastPathComponent }
      let expected = zip(trial.outputs, trial.memberships).filter { $0.1.contains { $0.split == number } }
        .map { $0.0.path.lastPathComponent.split(separator: ".")[0] }
      #expect(names.sorted() == expected.map(String.init).sorted(), "\(split.name)")
    }
    for output in trial.outputs { #expect(back[output.path] != nil, "\(output.path)") }
  }

  /// Else the labels would depend on which process made which image.
  @Test(arguments: kept.keys.sorted()) func theSameLabelsGiveTheSameBytes(word: String) throws {
    let format = try #require(LabelFormatCatalog.type(named: word))
    let texts = try (0..<2).map { _ in
      let folder = try LabelFolder()
      try FormatTrial(format, .polygons, splitNames: ["train"]).write(to: folder)
      let place = URL(filePath: folder.path)
      return try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted().map { path in
        "\(path): \((try? String(contentsOf: place.appending(path: path), encoding: .utf8)) ?? "")"
      }
    }
    #expect(texts[0] == texts[1] && texts[0].contains { $0.contains("dog ") })
  }
}

/// Random labels that a format writes and reads.
private struct FormatTrial {
  let format: any LabelFormat.Type
  let set: LabelSet
  private(set) var outputs: [OutputLabels] = []
  /// For each output.
  private(set) var memberships: [[WrittenLabels.Membership]] = []

  init(_ format: any LabelFormat.Type, _ content: LabelFormatTests.Content, splitNames: [String]) {
    self.format = format
    var random = SeededGenerator(seed: 3)
    var classes = ["cat", "dog & wolf", "é"].enumerated().map { LabelClass($0.element, number: $0.offset) }
    if content == .keypoints { for index in classes.indices { classes[index].keypointNames = ["eye", "ear", "tail"] } }
    for number in 0..<12 {
      let split = splitNames.isEmpty ? nil : number % splitNames.count
      let folder = format.imageFolder(of: split.map { splitNames[$0] })
      let shape = ImageShape(width: .random(in: 40...900, using: &random), height: 50 + 37 * number, channels: 3)
      // The second image shows nothing.
      let objects = (0..<(number == 1 ? 0 : 1 + number % 5)).map { index in
        LabelledObject(classes[(index + number) % 3].name, .random(content, in: shape, using: &random))
      }
      let path = "\(folder)/a\(number).jpg"
      let source = LabelledImage(file: path, size: shape.size, objects: objects)
      outputs.append(OutputLabels(path: path, shape: shape, objects: objects, source: source))
      memberships.append(split.map { [WrittenLabels.Membership(split: $0, remark: "")] } ?? [])
    }
    var set = LabelSet(outputs.compactMap(\.source), classes: classes)
    set.splits = splitNames.map { LabelSplit($0) }
    self.set = set
  }

  func write(to folder: LabelFolder) throws {
    // A format may look for the images, but not into them.
    for output in outputs { try folder.add(output.path, Data()) }
    try folder.write(
      outputs, memberships: memberships, by: format.writer(LabelWriterPlan(set, LabelOptions())))
  }

  /// What the format recognizes and reads of what it wrote.
  func writtenAndRead() throws -> LabelSet {
    let folder = try LabelFolder()
    try write(to: folder)
    let place = try LabelPlace(folder.path)
    try #require(LabelFormatCatalog.format(of: place)?.word == format.word)
    return try format.read(place, LabelOptions())
  }
}

extension LabelShape {
  /// A shape of at least 2 x 2 pixels, whose box is the smallest around its outline.
  fileprivate static func random(
    _ content: LabelFormatTests.Content, in shape: ImageShape, using random: inout SeededGenerator
  ) -> LabelShape {
    let sides = Vertex(Double(shape.width), Double(shape.height))
    let corner = Vertex.random(in: 0...0.9, using: &random) * (sides - 2)
    let size = pointwiseMin(sides - corner, Vertex.random(in: 0...1, using: &random) * sides / 2 + 2)
    let box = Box(corner, corner + size)
    switch content {
    case .boxes: return LabelShape(box)
    case .polygons:
      let corners = [Vertex(0, 0.25), Vertex(0.5, 0), Vertex(1, 0.5), Vertex(0.75, 1), Vertex(0.25, 0.75)]
      return LabelShape(box, outline: .polygons([corners.map { corner + $0 * size }]))
    case .keypoints:
      let points: [Keypoint] = [
        Keypoint(corner + size / 4), Keypoint(corner + size / 2, .hidden), Keypoint(.zero, .unlabelled),
      ]
      return LabelShape(box, keypoints: points)
    }
  }
}

extension LabelledObject {
  /// Whether outline and points are those of another object, to a hundredth of a pixel.
  fileprivate func hasOutlineAndKeypoints(of other: LabelledObject) -> Bool {
    let (points, others) = (shape.keypoints, other.shape.keypoints)
    let areKeypointsEqual = zip(points, others).allSatisfy { point, other in
      point.visibility == other.visibility
        && (point.visibility == .unlabelled || point.position.isClose(to: other.position))
    }
    let areCornersClose = zip(polygons.joined(), other.polygons.joined()).allSatisfy { $0.isClose(to: $1) }
    return points.count == others.count && areKeypointsEqual
      && polygons.map(\.count) == other.polygons.map(\.count) && areCornersClose
  }
}

extension Box {
  fileprivate func isClose(to other: Box) -> Bool {
    upperLeft.isClose(to: other.upperLeft) && lowerRight.isClose(to: other.lowerRight)
  }
}

extension Vertex {
  fileprivate func isClose(to other: Vertex) -> Bool { abs(x - other.x) < 1e-2 && abs(y - other.y) < 1e-2 }
}
