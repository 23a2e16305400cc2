import Datasets
import Foundation
import Imaging
import Testing

struct COCOLabelsTests {
  private static func file(_ annotations: String, images: String = #"{"id": 7, "file_name": "sub/a.jpg"}"#) -> String {
    """
    {"info": {"year": 2017}, "images": [\(images)],
    "categories": [{"id": 1, "name": "face"}, {"id": 3, "name": "plate"}],
    "annotations": [\(annotations)]}
    """
  }

  private static func annotation(_ rest: String, image: String = "7", category: String = "1") -> String {
    "{\"id\": 1, \"image_id\": \(image), \"category_id\": \(category), \(rest)}"
  }

  /// The one object of a file with one annotation.
  private static func object(_ rest: String) throws -> LabelledObject {
    let objects = try LabelFolder(["l.json": file(annotation(rest))]).read("l.json").objects("sub/a.jpg")
    #expect(objects.count == 1)
    return try #require(objects.first)
  }

  @Test func boxesAndOutlinesAreRead() throws {
    let outline = #""segmentation": [[0, 0, 9.5, 0, 0, 9], [], [1, 1, 2, 1, 2, 2]]"#
    let folder = try LabelFolder([
      "l.json": Self.file(
        [
          Self.annotation(#""bbox": [1, 2, 3, 4.5], "iscrowd": 0, "segmentation": []"#),
          Self.annotation("\(outline), \"bbox\": [0, 0, 10, 10]", category: "3"),
          Self.annotation("\(outline), \"bbox\": null"),
          Self.annotation(#""segmentation": [1, 2, 3, 4, 5, 1e0]"#),
        ].joined(separator: ","))
    ])
    let polygons = [[Vertex(0, 0), Vertex(9.5, 0), Vertex(0, 9)], [Vertex(1, 1), Vertex(2, 1), Vertex(2, 2)]]
    #expect(
      try folder.read("l.json").objects("sub/a.jpg") == [
        LabelledObject("face", Box(Vertex(1, 2), Vertex(4, 6.5))),
        LabelledObject("plate", Box(Vertex(0, 0), Vertex(10, 10)), polygons: polygons),
        LabelledObject("face", Box(Vertex(0, 0), Vertex(9.5, 9)), polygons: polygons),
        LabelledObject(
          "face", Box(Vertex(1, 1), Vertex(5, 4)), polygons: [[Vertex(1, 2), Vertex(3, 4), Vertex(5, 1)]]),
      ])
  }

  @Test func masksAreReadAsListAndAsText() throws {
    let mask = try #require(RunLengths(width: 7, height: 5, counts: [17, 1, 17]))
    for counts in ["[17, 1, 17]", "\"a01a0\""] {
      let object = try Self.object("\"iscrowd\": 1, \"segmentation\": {\"counts\": \(counts), \"size\": [5, 7]}")
      #expect(object.shape.outline == .mask(mask))
      #expect(object.box == Box(Vertex(3, 2), Vertex(4, 3)))
      #expect(object.isCrowd)
    }
  }

  @Test func keypointsAreReadFromTheCentresOfPixels() throws {
    let object = try Self.object(
      #""bbox": [0, 0, 9, 9], "keypoints": [1, 2.5, 2, 3, 4, 1, 0, 0, 0], "num_keypoints": 2"#)
    #expect(object.shape.keypoints.map(\.visibility) == [.visible, .hidden, .unlabelled])
    #expect(object.shape.keypoints.prefix(2).map(\.position) == [Vertex(1.5, 3), Vertex(3.5, 4.5)])
    #expect(object.fields.isEmpty)
  }

  @Test func whatIsNotUnderstoodIsKeptInOrder() throws {
    let object = try Self.object(
      #""z": [1.50, 2, -3e2, 0.1], "bbox": [0, 0, 1, 1], "a": {"k": [1, "x", null], "l": true}, "area": 1"#)
    #expect(
      object.fields == [
        LabelField("z", .numbers("1.50,2,-3e2,0.1")),
        LabelField(
          "a",
          .object([
            LabelField("k", .list([.number("1"), .text("x"), .null])), LabelField("l", .flag(true)),
          ])),
      ])
    let images = #"{"license": 4, "id": 7, "file_name": "a.jpg", "height": 3, "width": 4, "url": "u\u00e9\u0000"}"#
    let set = try LabelFolder(["l.json": Self.file("", images: images)]).read("l.json")
    #expect(set["a.jpg"]?.fields == [LabelField("license", .number("4")), LabelField("url", .text("ué\0"))])
    #expect(set.fields == [LabelField("info", .object([LabelField("year", .number("2017"))]))])
  }

  @Test func categoriesKeepIdentifiersPointsAndEverythingElse() throws {
    let text = """
      {"images": [], "categories": [{"supercategory": "animal", "id": 5, "name": "dog", "keypoints": ["nose", "tail"],
      "skeleton": [[1, 2]]}, {"id": "c", "name": "cat"}]}
      """
    let classes = try LabelFolder(["l.json": text]).read("l.json").classes
    var (dog, cat) = (LabelClass("dog", number: 5), LabelClass("cat"))
    dog.keypointNames = ["nose", "tail"]
    dog.fields = [
      LabelField("id", .number("5")), LabelField("supercategory", .text("animal")),
      LabelField("skeleton", .list([.list([.number("1"), .number("2")])])),
    ]
    cat.fields = [LabelField("id", .text("c"))]
    #expect(classes == [dog, cat])
  }

  @Test func identifiersAreNumbersOfAnySizeOrTexts() throws {
    let images = """
      {"id": "x", "file_name": "a.jpg", "width": 640, "height": 480}, {"id": 9007199254740993, "file_name": "b.jpg"},
      {"id": 9007199254740992, "file_name": "c.jpg", "width": 0, "height": 0}, {"id": 5, "file_name": ".\\\\d\\\\e.jpg"}
      """
    let boxes = ["\"x\"", "9007199254740993", "5.0"].map { Self.annotation(#""bbox": [0, 0, 1, 1]"#, image: $0) }
    let set = try LabelFolder(["l.json": Self.file(boxes.joined(separator: ","), images: images)]).read("l.json")
    #expect(set.images.map(\.size) == [ImageSize(width: 640, height: 480), nil, nil, nil])
    #expect(set.images.map(\.objects.count) == [1, 1, 0, 1])
    #expect(set["d/e.jpg"] != nil)
  }

  @Test func thePartsOfAFileComeInAnyOrder() throws {
    let text = """
      {"annotations": [{"bbox": [1, 1, 2, 2], "category_id": 2, "image_id": 4}],
      "categories": [{"name": "x", "id": 2}], "images": [{"file_name": "a.png", "id": 4}]}
      """
    let objects = try LabelFolder(["l.json": text]).read("l.json").objects("a.png")
    #expect(objects == [LabelledObject("x", Box(Vertex(1, 1), Vertex(3, 3)))])
  }

  @Test(arguments: [
    ("", "l.json:1: is not JSON: it is empty"), ("[]", "l.json:1: is not an object"),
    ("{\n\"images\": 3}", "l.json:2: images: is not a list"), ("{}", "l.json: has no \"images\""),
    ("{\n\"images\": [\n}", "l.json:3: is not JSON: a value is missing or misspelt"),
    ("{\n\"images\": [\n", "l.json:3: is not JSON: it ends too early"),
    ("{\"images\": []}\n\n}", "l.json:3: is not JSON: there is more behind its end"),
    ("{\"images\": []}\u{0}", "l.json:1: is not JSON: there is more behind its end"),
    ("{\"images\": [],}", "l.json:1: is not JSON: a key is missing, which must be a text"),
    ("{\"images\" []}", "l.json:1: is not JSON: a colon is missing"),
    ("{\"images\": [1 2]}", "l.json:1: is not JSON: a comma or ] is missing"),
    ("{\"images\": [] 1}", "l.json:1: is not JSON: a comma or } is missing"),
    ("{\"a\nb\": []}", "l.json:1: is not JSON: a text has an unknown escape, or a control character without one"),
    ("{\"\\ud800x\": []}", "l.json:1: is not JSON: a text has an unknown escape, or a control character without one"),
    ("{\"a\": 1.}", "l.json:1: is not JSON: a number is not finished"),
    ("{\"a\":\n1e400}", "l.json:2: is not JSON: a number is too large"),
  ])
  func aFileThatCannotBeUsedIsToldWithItsLine(text: String, expected: String) throws {
    let folder = try LabelFolder(["l.json": text])
    #expect(folder.error("l.json") == expected)
    #expect(throws: LabelError.self) { try folder.readWithFaults(COCOLabels.self, "l.json") }
  }

  /// An annotation and its fault.
  private static let brokenAnnotations = [
    (annotation(#""bbox": [1, 2, "3", 4]"#), ".bbox[2]: is not a number"),
    (annotation(#""bbox": [1, 2, 3]"#), ".bbox: must have 4 numbers, not 3"),
    (annotation(#""bbox": [1, 2, [3], 4]"#), ".bbox[2]: is not a number"),
    (annotation(#""bbox": {"x": 1}"#), ".bbox: is not a number"),
    (annotation(#""bbox": "x""#), ".bbox: is not a list"),
    (annotation(#""bbox": [1, 2, -3, 4]"#), ".bbox: a box of the size -3 cannot be"),
    (annotation(#""bbox": [1, 2, 3, 1e300]"#), ".bbox: must lie between -1000000 and 1000000, not 1e+300"),
    (annotation(#""bbox": [1, 2, 3, NaN]"#), ".bbox: must lie between -1000000 and 1000000, not nan"),
    (annotation(#""bbox": [1, -Infinity, 3, 4]"#), ".bbox: must lie between -1000000 and 1000000, not -inf"),
    (annotation(#""bbox": []"#), ": has no bbox and no segmentation that is not empty"),
    (
      annotation(#""segmentation": [[1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5]]"#),
      ".segmentation[1]: must have an x and a y for each of three or more corners, not 5 numbers"
    ),
    (annotation(#""segmentation": [[1, 2, 3, 4, 5, null]]"#), ".segmentation[0][5]: is not a number"),
    (annotation(#""segmentation": [1, [2]]"#), ".segmentation[1]: is not a number"),
    (
      annotation(#""segmentation": 7"#),
      ".segmentation: is neither a list of polygons nor an object with run lengths"
    ),
    (
      annotation(#""segmentation": {"size": [2, 2], "counts": [1, 2]}"#),
      ".segmentation: the runs do not fill the mask of 2 x 2"
    ),
    (
      annotation(#""segmentation": {"size": [2, 2], "counts": [1.5, 2.5]}"#),
      ".segmentation: a run is not a whole number"
    ),
    (
      annotation(#""segmentation": {"size": [2, 2], "counts": [9, -5]}"#),
      ".segmentation: the runs do not fill the mask of 2 x 2"
    ),
    (
      annotation(#""segmentation": {"size": [2, 2], "counts": "zz"}"#),
      ".segmentation: the text of the runs is broken"
    ),
    (
      annotation(#""segmentation": {"size": [2], "counts": [4]}"#),
      ".segmentation: the size of a mask is its height and its width"
    ),
    (annotation(#""segmentation": {"size": [2, 2], "counts": [[4]]}"#), ".segmentation.counts[0]: is not a number"),
    (
      annotation(#""bbox": [1, 2, 3, 4], "keypoints": [1, 2]"#),
      ".keypoints: must have x, y and the visibility of each point, not 2 numbers"
    ),
    (
      annotation(#""bbox": [1, 2, 3, 4], "keypoints": [1, 2, 3]"#),
      ".keypoints: the visibility of a point is 0, 1 or 2, not 3"
    ),
    (annotation(#""bbox": [1, 2, 3, 4]"#, category: "2"), ".category_id: there is no such category"),
    (annotation(#""bbox": [1, 2, 3, 4]"#, category: "null"), ".category_id: is neither a whole number nor a text"),
    (annotation(#""bbox": [1, 2, 3, 4]"#, image: "8"), ".image_id: there is no such image"),
    (annotation(#""bbox": [1, 2, 3, 4]"#, image: "7.5"), ".image_id: is not a whole number"),
    (#"{"category_id": 1, "bbox": [1, 2, 3, 4]}"#, ": has no \"image_id\""), ("[[3], {}]", ": is not an object"),
    ("3", ": is not an object"),
  ]

  @Test func aBrokenAnnotationIsToldWithItsPlaceAndLeavesTheOthers() throws {
    let sound = Self.annotation(#""bbox": [1, 2, 3, 4]"#)
    for (broken, fault) in Self.brokenAnnotations {
      let folder = try LabelFolder(["l.json": Self.file([sound, "\n\(broken)", "\n\(sound)"].joined(separator: ","))])
      let set = try folder.readWithFaults(COCOLabels.self, "l.json")
      #expect(set.objectCount == 2, "\(broken)")
      let faults = (set.faults + set.images.flatMap(\.faults)).map { "\($0.error)" }
      #expect(faults == ["\(folder.path)/l.json:4: annotations[1]\(fault)"])
      #expect(set.faults.isEmpty || !fault.hasPrefix(".bbox"), "a fault of the image is not one of the set")
    }
  }

  @Test(arguments: [
    (#"{"id": 1}"#, "images[0]: has no \"file_name\"", 0),
    (#"{"file_name": 3}"#, "images[0].file_name: is not a name", 0),
    (#"{"file_name": "a"}"#, "images[0]: has no \"id\"", 1),
    (
      #"{"id": 1, "file_name": "a", "width": -3, "height": 5}"#,
      "images[0].width: a side of an image is a whole number of pixels, not -3", 1
    ),
    (#"{"id": 1, "file_name": "a", "width": "3", "height": 5}"#, "images[0].width: is not a number", 1),
    (
      #"{"id": 1, "file_name": "a"}, {"id": 2, "file_name": "a"}"#, "images[1].file_name: the same as of another image",
      1
    ),
  ])
  func aBrokenImageIsToldAndLeavesTheOthers(images: String, fault: String, count: Int) throws {
    let folder = try LabelFolder(["l.json": Self.file("", images: images + #", {"id": "z", "file_name": "z"}"#)])
    let set = try folder.readWithFaults(COCOLabels.self, "l.json")
    #expect(set.images.count == count + 1)
    let faults = (set.faults + set.images.flatMap(\.faults)).map { "\($0.error)" }
    #expect(faults == ["\(folder.path)/l.json:1: \(fault)"])
  }

  @Test func labelsOfAnIdentifierThatTwoImagesHaveAreOfNeither() throws {
    let images = #"{"id": 7, "file_name": "a"}, {"id": 7, "file_name": "b"}, {"id": 8, "file_name": "c"}"#
    let boxes = [7, 8].map { Self.annotation(#""bbox": [0, 0, 1, 1]"#, image: "\($0)") }
    let folder = try LabelFolder(["l.json": Self.file(boxes.joined(separator: ","), images: images)])
    let set = try folder.readWithFaults(COCOLabels.self, "l.json")
    #expect(set.images.map(\.isUnreadable) == [true, true, false])
    #expect(set.images.map(\.objects.count) == [0, 0, 1])
  }

  @Test func anIdentifierThatTwoCategoriesHaveNamesNeither() throws {
    let text = """
      {"images": [{"id": 7, "file_name": "a"}],
      "categories": [{"id": 1, "name": "x"}, {"id": 2, "name": "z"}, {"id": 2, "name": "z"},\n{"id": 1, "name": "y"}],
      "annotations": [\(Self.annotation(#""bbox": [0, 0, 1, 1]"#)),
      \(Self.annotation(#""bbox": [0, 0, 1, 1]"#, category: "2"))]}
      """
    let set = try LabelFolder(["l.json": text]).readWithFaults(COCOLabels.self, "l.json")
    #expect(set.images[0].objects.map(\.className) == ["z"])
    #expect(set.faults.map(\.error.path) == ["categories[3].id"])
    #expect(set.faults.map(\.error.line) == [3])
    #expect(set.images[0].faults.map(\.error.reason) == [.value("several categories have this identifier")])
  }

  @Test func aMaskOfAnotherSizeThanItsImageIsAFault() throws {
    let images = #"{"id": 7, "file_name": "a.jpg", "width": 3, "height": 2}"#
    let mask = Self.annotation(#""segmentation": {"counts": [4, 2], "size": [3, 2]}"#)
    let set = try LabelFolder(["l.json": Self.file(mask, images: images)]).readWithFaults(COCOLabels.self, "l.json")
    #expect(set.objectCount == 0)
    #expect(set.images[0].faults.map(\.error.path) == ["annotations[0].segmentation"])
    #expect(
      set.images[0].faults.map(\.error.reason) == [.value("a mask of 2 x 3 is not one of an image of 3 x 2")])
  }

  @Test func hostileFilesAreRefused() throws {
    let deep = String(repeating: "[", count: 1_000_000)
    #expect(
      try LabelFolder(["l.json": "{\"a\": \(deep)"]).error("l.json") == "l.json:1: is nested more than 512 levels deep")
    let folder = try LabelFolder()
    let text = Self.file("", images: #"{"id": 1, "file_name": "é.jpg"}"#)
    try folder.add("l.json", try #require(text.data(using: .isoLatin1)))
    #expect(folder.error("l.json") == "l.json:1: is not text in UTF-8")
    let long = String(repeating: "x", count: 65 << 20)
    #expect(
      try LabelFolder(["l.json": "{\"a\": \"\(long)\"}"]).error("l.json")
        == "l.json:1: is not JSON: a text has more than 64 MiB")
  }

  @Test func manyFaultsAreCountedInPlaceOfKept() throws {
    let annotations = Array(repeating: "0", count: 100_010).joined(separator: ",")
    let set = try LabelFolder(["l.json": Self.file(annotations)]).readWithFaults(COCOLabels.self, "l.json")
    #expect(set.faults.count <= 100_002)
    #expect(set.faults.contains { $0.error.reason == .value("10 more entries are broken") })
  }

  @Test func aByteOrderMarkAndLongFilesAreRead() throws {
    // Longer than a piece of the reader, with lines across the pieces.
    let boxes = (0..<5000).map { Self.annotation("\"bbox\": [\($0), 0.25, 1, 1],\n \"note\": \"é\($0)\"") }
    let folder = try LabelFolder(["l.json": "\u{FEFF}" + Self.file(boxes.joined(separator: ",\n") + ",\n7")])
    let set = try folder.readWithFaults(COCOLabels.self, "l.json")
    #expect(set.images[0].objects.map(\.box.upperLeft.x) == (0..<5000).map { Double($0) })
    #expect(set.images[0].objects.last?.fields == [LabelField("note", .text("é4999"))])
    #expect(set.faults.map(\.error.line) == [10003])
  }
}
