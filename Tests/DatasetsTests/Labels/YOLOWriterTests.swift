import Datasets
import Foundation
import Imaging
import TestSupport
import Testing

/// What is written is what is read.
struct YOLOWriterTests {
  private static let shape = ImageShape(width: 10_000, height: 7_001, channels: 3)

  private static func writer(_ set: LabelSet, _ placement: LabelPlacement? = nil) -> any LabelWriter {
    YOLOLabels.writer(LabelWriterPlan(set, LabelOptions(), placement: placement))
  }

  /// Writes a set and reads it again.
  private static func roundTrip(_ set: LabelSet) throws -> LabelSet {
    let folder = try LabelFolder()
    try write(set, to: folder)
    return try folder.readYOLO()
  }

  /// Writes a set of images that are named as the set names them.
  private static func write(_ set: LabelSet, to folder: LabelFolder) throws {
    let writer = writer(set)
    for image in set.images {
      try folder.add(image.path, Data())
      let objects = image.objects.map { $0.inPixels(of: shape) }
      let output = OutputLabels(path: image.path, sourcePath: image.path, shape: shape, objects: objects, source: image)
      let file = try #require(writer.labelFile(of: output))
      try folder.add(file.path, Data(file.bytes))
    }
    let outputs = set.images.indices.map { index in
      let splits = set.splits.indices.filter { set.splits[$0].members.contains { $0.image == index } }
      return WrittenLabels(
        path: set.images[index].path, memberships: splits.map { .init(split: $0, remark: "") }, record: [])
    }
    try writer.writeSetFiles(outputs, to: FolderSink(folder: folder))
  }

  private struct FolderSink: LabelSink {
    let folder: LabelFolder

    func write(_ path: String, _ body: (_ append: ([UInt8]) throws -> Void) throws -> Void) throws {
      var bytes: [UInt8] = []
      try body { bytes += $0 }
      try folder.add(path, Data(bytes))
    }
  }

  private static func image(_ path: String, _ objects: [LabelledObject]) -> LabelledImage {
    LabelledImage(file: path, objects: objects)
  }

  private static func lines(_ object: LabelledObject, in set: LabelSet) throws -> String {
    let output = OutputLabels(
      path: "images/a.jpg", sourcePath: "images/a.jpg", shape: shape, objects: [object], source: image("a.jpg", []))
    return String(decoding: try #require(writer(set).labelFile(of: output)).bytes, as: UTF8.self)
  }

  private static func random(_ random: inout SeededGenerator) -> Vertex {
    Vertex(Double.random(in: 0...10_000, using: &random), Double.random(in: 0...7_001, using: &random))
  }

  @Test func boxesComeBack() throws {
    var random = SeededGenerator(seed: 1)
    let objects = (0..<500).map { index in
      let corners = [Self.random(&random), Self.random(&random)]
      return LabelledObject(["face", "plate"][index % 2], Box(around: corners)!)
    }
    let set = LabelSet([Self.image("images/a.jpg", objects)])
    let back = try Self.roundTrip(set)
    #expect(back.classes.map(\.name) == ["face", "plate"] && back.splits.isEmpty)
    for (object, written) in zip(try back.objects("images/a.jpg"), objects) {
      #expect(object.className == written.className && object.polygons.isEmpty)
      #expect(object.inPixels(of: Self.shape).box.distance(to: written.box) < 1e-4)
    }
  }

  @Test func aBoxIsWrittenInFewDigitsAndInsideTheImage() throws {
    let box = LabelledObject("a", Box(Vertex(-50, 0), Vertex(5000, 7001)))
    let set = LabelSet([Self.image("a.jpg", [box])])
    #expect(try Self.lines(box, in: set) == "0 0.25 0.5 0.5 1\n")
    let wide = LabelledObject("a", Box(Vertex(-.infinity, .nan), Vertex(.infinity, 3500.5)))
    #expect(try Self.lines(wide, in: set) == "0 0.5 0.25 1 0.5\n")
    let thin = LabelledObject("a", Box(Vertex(1.0001, 0), Vertex(1.0002, 7001)))
    #expect(try Self.lines(thin, in: set) == "0 0.000100015 0.5 0.00000001 1\n")
  }

  @Test func outlinesComeBackAndBoxesBecomeOutlinesBesideThem() throws {
    var random = SeededGenerator(seed: 2)
    var objects = (3..<200).map { count in
      let corners = (0..<count).map { _ in Self.random(&random) }
      return LabelledObject("a", Box(around: corners)!, polygons: [corners])
    }
    objects.append(LabelledObject("b", Box(Vertex(10, 20), Vertex(30, 70))))
    let back = try Self.roundTrip(LabelSet([Self.image("images/a.jpg", objects)])).objects("images/a.jpg")
    let last = back.last?.inPixels(of: Self.shape)
    #expect(last?.polygons.first?.count == 4 && last?.box.distance(to: objects.last!.box) ?? 1 < 1e-4)
    for (object, written) in zip(back.dropLast(), objects) {
      let corners = try #require(object.inPixels(of: Self.shape).polygons.first)
      #expect(corners.count == written.polygons[0].count)
      #expect(zip(corners, written.polygons[0]).allSatisfy { Box($0, $1).size.abs().max() < 1e-4 })
    }
  }

  /// An outline of several polygons becomes one, which encloses what they did: here a square with a hole, and a triangle.
  @Test func polygonsOfAnObjectBecomeOneOfTheSameArea() throws {
    let polygons = [
      [Vertex(0, 0), Vertex(1000, 0), Vertex(1000, 1000), Vertex(0, 1000)],
      [Vertex(200, 200), Vertex(400, 200), Vertex(400, 400), Vertex(200, 400)],
      [Vertex(2000, 2000), Vertex(3000, 2000), Vertex(3000, 3000)],
    ]
    let object = LabelledObject("a", Box(around: polygons.joined())!, polygons: polygons)
    let back = try Self.roundTrip(LabelSet([Self.image("images/a.jpg", [object])])).objects("images/a.jpg")
    let joined = try #require(back.first?.inPixels(of: Self.shape).polygons)
    #expect(joined.count == 1 && joined[0].count == 11 + 2 * 2)
    var random = SeededGenerator(seed: 3)
    for _ in 0..<5000 {
      let point = Vertex(
        Double.random(in: 0...3500, using: &random), Double.random(in: 0...3500, using: &random))
      #expect(joined.encloses(point) == polygons.encloses(point), "\(point)")
    }
  }

  /// The border of its pixels, with its hole.
  @Test func aMaskBecomesItsOutline() throws {
    let rows = ["....", ".###", ".#.#", ".###", "...."]
    let inside = (0..<4).flatMap { x in rows.map { Array($0)[x] == "#" } }
    let mask = try #require(RunLengths(width: 4, height: 5, counts: [6, 3, 2, 1, 1, 1, 2, 3, 1]))
    let object = LabelledObject("a", LabelShape(Box(Vertex(1, 1), Vertex(4, 4)), outline: .mask(mask)))
    let writer = Self.writer(LabelSet([Self.image("a.jpg", [object])]))
    let shape = ImageShape(width: 4, height: 5, channels: 3)
    let output = OutputLabels(
      path: "a.jpg", sourcePath: "a.jpg", shape: shape, objects: [object], source: Self.image("a.jpg", []))
    let folder = try LabelFolder()
    try folder.add("a.txt", Data(try #require(writer.labelFile(of: output)).bytes))
    let back = try folder.readYOLO().objects("a.jpg")[0].inPixels(of: shape)
    for (index, isInside) in inside.enumerated() {
      let (x, y) = index.quotientAndRemainder(dividingBy: 5)
      #expect(back.polygons.encloses(Vertex(Double(x) + 0.5, Double(y) + 0.5)) == isInside, "\(x) \(y)")
    }
  }

  @Test func posesComeBack() throws {
    let points = [
      Keypoint(Vertex(100, 0), .visible), Keypoint(.zero, .unlabelled), Keypoint(Vertex(10_000, 7001), .hidden),
    ]
    let person = LabelledObject(
      "person", LabelShape(Box(Vertex(0, 0), Vertex(1000, 7001)), keypoints: points))
    let ball = LabelledObject("ball", Box(Vertex(0, 0), Vertex(500, 7001)))
    var classes = [LabelClass("person", number: 1), LabelClass("ball", number: 2)]
    classes[0].keypointNames = ["left_eye", "nose", "right_eye"]
    classes[0].mirroredKeypoints = [2, 1, 0]
    let set = LabelSet([Self.image("images/a.jpg", [person, ball])], classes: classes)
    let back = try Self.roundTrip(set)
    let objects = try back.objects("images/a.jpg").map { $0.inPixels(of: Self.shape) }
    #expect(objects[0] == person)
    #expect(objects[1].shape.keypoints.map(\.visibility) == [.unlabelled, .unlabelled, .unlabelled])
    #expect(back.classes[0].keypointNames == classes[0].keypointNames)
    #expect(back.classes[0].mirroredKeypoints == [2, 1, 0])
    let outside = LabelledObject(
      "ball", LabelShape(ball.box, keypoints: [Keypoint(Vertex(-1, 5), .visible)]))
    #expect(try Self.lines(outside, in: set) == "1 0.025 0.5 0.05 1 0 0 0 0 0 0 0 0 0\n")
  }

  @Test func pointsWhoseNamesTellTheirSideArePaired() throws {
    var kind = LabelClass("face", number: 7)
    kind.keypointNames = ["nose", "left_eye", "right_eye"]
    let back = try Self.roundTrip(LabelSet([], classes: [kind, LabelClass("plate")]))
    #expect(back.classes.map(\.mirroredKeypoints) == [[0, 2, 1], [0, 2, 1]])
    #expect(back.classes.map(\.keypointNames) == [kind.keypointNames, []])
  }

  @Test func classesOfOneNameBecomeOne() throws {
    let classes = ["a", "b", "a", "c"].enumerated().map { LabelClass($1, number: $0 + 1) }
    let object = LabelledObject("c", Box(Vertex(0, 0), Vertex(10_000, 7001)))
    let set = LabelSet([Self.image("images/a.jpg", [object])], classes: classes)
    let back = try Self.roundTrip(set)
    #expect(back.classes.map(\.name) == ["a", "b", "c"])
    #expect(try back.objects("images/a.jpg").map(\.className) == ["c"])
  }

  @Test func namesAndOtherKeysComeBackWhateverTheyAre() throws {
    let names = [
      "yes", "no", "1", "null", "~", "", "a: b", "# c", "é 🦝", "- d", "'e'", "\"f\"", "g\nh", "2001-01-01", "0x10",
      " i ",
      "traffic light", "true", "*j", "&k", "{l}", String(repeating: "m ", count: 300),
    ].filter { !$0.isEmpty }
    var set = LabelSet([Self.image("images/a.jpg", [])], classes: names.map { LabelClass($0) })
    set.fields = [
      LabelField("licence: [x]", .text("1.0")), LabelField("names", .null), LabelField("train", .text("/elsewhere")),
      LabelField("deep", .object([LabelField("a", .list([.object([LabelField("b", .flag(true))]), .null]))])),
      LabelField("empty", .list([])), LabelField("none", .object([])), LabelField("number", .number("1.50")),
    ]
    let back = try Self.roundTrip(set)
    #expect(back.classes.map(\.name) == names)
    #expect(back.fields == set.fields.filter { !["names", "train"].contains($0.name) })
  }

  @Test func imagesWithoutObjectsHaveAnEmptyFileAndThoseOfUnknownLabelsNone() throws {
    let set = LabelSet([], classes: [LabelClass("a")])
    var source = Self.image("a.jpg", [LabelledObject("a", Box(Vertex(0, 0), Vertex(1, 1)))])
    var output = OutputLabels(
      path: "images/a.jpg", sourcePath: "images/a.jpg", shape: Self.shape, objects: [], source: source)
    #expect(Self.writer(set).labelFile(of: output) == LabelFile(path: "labels/a.txt", bytes: []))
    source.faults = [LabelFault(LabelError(.notText, in: "a.txt"), isOfWholeImage: true)]
    output.source = source
    #expect(Self.writer(set).labelFile(of: output) == nil)
    output.source = nil
    #expect(Self.writer(set).labelFile(of: output) == nil)
  }

  @Test func whatYOLOCannotSayIsLeftOut() throws {
    var crowd = LabelledObject("a", Box(Vertex(0, 0), Vertex(10_000, 7001)))
    let set = LabelSet([Self.image("a.jpg", [crowd])])
    crowd.fields = [LabelField("confidence", .number("0.5"))]
    #expect(try Self.lines(crowd, in: set) == "0 0.5 0.5 1 1\n")
    crowd.isCrowd = true
    #expect(try Self.lines(crowd, in: set).isEmpty)
  }

  @Test func theConfidenceOfADetectorComesBack() throws {
    let folder = try LabelFolder(["labels/a.txt": "0 0.5 0.5 1 1 0.987\n0 0.5 0.5 1 1\n"])
    let set = try folder.readYOLO()
    let output = OutputLabels(
      path: "images/a.jpg", sourcePath: "images/a.jpg", shape: Self.shape,
      objects: set.images[0].objects.map { $0.inPixels(of: Self.shape) },
      source: set.images[0])
    let bytes = try #require(Self.writer(set).labelFile(of: output)).bytes
    #expect(String(decoding: bytes, as: UTF8.self) == "0 0.5 0.5 1 1 0.987\n0 0.5 0.5 1 1\n")
  }

  @Test(arguments: [
    ("images/train/a.jpg", nil, "labels/train/a.txt"), ("train/images/a.jpg", nil, "train/labels/a.txt"),
    ("a.jpg", nil, "a.txt"), ("images/a.jpg", LabelPlacement.beside, "images/a.txt"),
    ("img/a.jpg", .mirrored(images: "img", labels: "boxes"), "boxes/a.txt"),
  ])
  func aLabelLiesWhereReadersLookForIt(image: String, placement: LabelPlacement?, expected: String) {
    let output = OutputLabels(
      path: image, sourcePath: image, shape: Self.shape, objects: [], source: Self.image(image, []))
    #expect(Self.writer(LabelSet([]), placement).labelFile(of: output)?.path == expected)
  }
}

/// Where `data.yaml` says that the parts of a set are.
struct YOLOPartsTests {
  private static func files(_ outputs: [(String, [Int])], splits: [String]) throws -> [String: String] {
    final class Files: LabelSink {
      var texts: [String: String] = [:]

      func write(_ path: String, _ body: (_ append: ([UInt8]) throws -> Void) throws -> Void) throws {
        var bytes: [UInt8] = []
        try body { bytes += $0 }
        texts[path] = String(decoding: bytes, as: UTF8.self)
      }
    }
    var set = LabelSet([], classes: [LabelClass("face")])
    set.splits = splits.map { LabelSplit($0) }
    let files = Files()
    let written = outputs.map { path, splits in
      WrittenLabels(path: path, memberships: splits.map { .init(split: $0, remark: "") }, record: [])
    }
    try YOLOLabels.writer(LabelWriterPlan(set, LabelOptions())).writeSetFiles(written, to: files)
    return files.texts
  }

  private static let classes = "nc: 1\nnames:\n  0: face\n"

  @Test func foldersThatHoldOnePartAreNamed() throws {
    let files = try Self.files(
      [("images/train/x/a.jpg", [0]), ("images/train/y/b.jpg", [0]), ("images/valid/c.jpg", [1])],
      splits: ["train", "valid"])
    #expect(files == ["data.yaml": "train: images/train\nval: images/valid\n\(Self.classes)"])
  }

  @Test func aSetThatIsNotDividedIsNamedForBoth() throws {
    let files = try Self.files([("images/a.jpg", []), ("images/b/c.jpg", [])], splits: [])
    #expect(files == ["data.yaml": "train: images\nval: images\n\(Self.classes)"])
    #expect(try Self.files([("a.jpg", [])], splits: []) == ["data.yaml": "train: '.'\nval: '.'\n\(Self.classes)"])
  }

  @Test func aPartThatReadersDemandIsNeverMissing() throws {
    let files = try Self.files([("images/a.jpg", [1]), ("images/b.jpg", [1])], splits: ["train", "val"])
    #expect(files == ["data.yaml": "train: images\nval: images\n\(Self.classes)"])
  }

  @Test func partsInOneFolderAreLists() throws {
    let files = try Self.files(
      [("images/a.jpg", [0, 2]), ("images/b.jpg", [1, 2]), ("images/c.jpg", [])], splits: ["val", "train", "trainval"])
    #expect(
      files == [
        "data.yaml": "train: train.txt\nval: val.txt\ntrainval: trainval.txt\n\(Self.classes)",
        "train.txt": "./images/b.jpg\n", "val.txt": "./images/a.jpg\n",
        "trainval.txt": "./images/a.jpg\n./images/b.jpg\n",
      ])
  }

  @Test func aListTakesNoNameOfALabel() throws {
    let files = try Self.files([("train.jpg", [0]), ("val.jpg", [1]), ("x.jpg", [1])], splits: ["train", "../val"])
    #expect(Set(files.keys) == ["data.yaml", "train-list.txt", "part1.txt"])
  }

  /// Parts come back as they were.
  @Test(arguments: [
    ["images/train/a.jpg": 0, "images/train/b.jpg": 0, "images/val/c.jpg": 1],
    ["images/a.jpg": 0, "images/b.jpg": 1, "images/c.jpg": 0], ["a/b.jpg": 0, "a/c/d.jpg": 1],
  ])
  func partsComeBack(images: [String: Int]) throws {
    let outputs = images.sorted { $0.key < $1.key }.map { ($0.key, [$0.value]) }
    let folder = try LabelFolder(try Self.files(outputs, splits: ["train", "val"]))
    for (path, _) in outputs { try folder.add(path, Data()) }
    let set = try folder.readYOLO()
    let parts = set.splits.map { $0.members.map { set.images[$0.image].path } }
    #expect(parts == [0, 1].map { part in outputs.filter { $0.1 == [part] }.map(\.0) })
  }
}

extension Box {
  /// The largest distance between corresponding sides.
  fileprivate func distance(to other: Box) -> Double {
    max((upperLeft - other.upperLeft).abs().max(), (lowerRight - other.lowerRight).abs().max())
  }
}

extension Vertex {
  fileprivate func abs() -> Vertex { pointwiseMax(self, -self) }
}

extension [[Vertex]] {
  /// Whether an odd number of lines lies around a point.
  fileprivate func encloses(_ point: Vertex) -> Bool {
    var crossingCount = 0
    for polygon in self {
      for (start, end) in zip(polygon, polygon.dropFirst() + polygon.prefix(1))
      where (start.y > point.y) != (end.y > point.y) {
        let x = start.x + (point.y - start.y) / (end.y - start.y) * (end.x - start.x)
        if x > point.x { crossingCount += 1 }
      }
    }
    return !crossingCount.isMultiple(of: 2)
  }
}
