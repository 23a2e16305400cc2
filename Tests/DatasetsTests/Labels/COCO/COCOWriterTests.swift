import Datasets
import Foundation
import Imaging
import Testing

struct COCOWriterTests {
  private static let shape = ImageShape(width: 40, height: 30, channels: 3)

  /// Writes what was read, each image where it was.
  private static func rewrite(_ set: LabelSet, to folder: LabelFolder) throws {
    var memberships = set.images.map { _ in [WrittenLabels.Membership]() }
    for (index, split) in set.splits.enumerated() {
      for member in split.members { memberships[member.image].append(.init(split: index, remark: member.remark)) }
    }
    let outputs = set.images.map { image in
      let size = image.size ?? ImageSize(width: shape.width, height: shape.height)
      let shape = ImageShape(width: size.width, height: size.height, channels: 3)
      var output = OutputLabels(
        path: image.path, sourcePath: image.path, shape: shape, objects: image.objects.map { $0.inPixels(of: shape) },
        source: image)
      output.isUnmoved = true
      return output
    }
    let writer = COCOLabels.writer(LabelWriterPlan(set, LabelOptions()))
    try folder.write(outputs, memberships: set.splits.isEmpty ? [] : memberships, by: writer)
  }

  private static let whole = """
    {"info": {"year": 2017, "note": "a \\"b\\" \\\\ \\u0001 \\n é"}, "licenses": [{"id": 4, "name": "x"}],
    "categories": [
    {"id": 5, "name": "dog", "keypoints": ["nose", "tail"], "supercategory": "animal", "skeleton": [[1, 2]]},
    {"id": "c", "name": "cat", "supercategory": ""}],
    "images": [
    {"id": 1, "file_name": "a.jpg", "width": 40, "height": 30, "license": 4, "tags": [1.50, 2, 3, 4e1]},
    {"id": 2, "file_name": "sub/b.jpg", "width": 4, "height": 3}],
    "annotations": [
    {"id": 1, "image_id": 1, "category_id": 5, "bbox": [1.25, 2, 10.3333, 20], "area": 206.666, "segmentation": [], \
    "iscrowd": 0, "keypoints": [1, 2.5, 2, 3, 4, 1, 0, 0, 0], "num_keypoints": 2, "difficult": 1, "truncated": 0, \
    "parts": [{"name": "head", "bbox": [1, 2, 3, 4]}], "score": 0.50, "attributes": {"x": 1}},
    {"id": 2, "image_id": 1, "category_id": "c", "bbox": [0, 0, 10, 10], "area": 50, \
    "segmentation": [[0, 0, 10, 0, 10, 10]], "iscrowd": 0},
    {"id": 3, "image_id": 2, "category_id": 5, "bbox": [0, 0, 4, 3], "area": 12, \
    "segmentation": {"size": [3, 4], "counts": [0, 12]}, "iscrowd": 1},
    {"id": 4, "image_id": 2, "category_id": 5, "bbox": [0, 1, 4, 2], "area": 2, \
    "segmentation": {"size": [3, 4], "counts": "129"}, "iscrowd": 0}]}

    """

  @Test func everythingComesBack() throws {
    let again = try LabelFolder()
    try Self.rewrite(try LabelFolder(["labels.json": Self.whole]).read(), to: again)
    #expect(try again.text("labels.json") == Self.whole)
  }

  @Test func imagesAreNamedAsInTheSource() throws {
    let (text, again) = (Self.whole.replacing("\"a.jpg\"", with: "\"images/a.jpg\""), try LabelFolder())
    let folder = try LabelFolder(["labels.json": text])
    try folder.add("images/a.jpg", Data())
    try Self.rewrite(try folder.read(), to: again)
    #expect(try again.text("labels.json") == text)
  }

  @Test func identifiersAreFreshAndWhatDependsOnPixelsIsMadeAnew() throws {
    let text = """
      {"images": [{"id": 70, "file_name": "a.jpg", "width": 9, "height": 9}],
      "categories": [{"id": 1, "name": "x"}],
      "annotations": [{"id": 3, "image_id": 70, "category_id": 1, "bbox": [0, 0, 1, 1], "area": 77, "truncated": 0,
      "id": 4, "corner": {"x": 1, "y": 2}}]}
      """
    let folder = try LabelFolder(["l.json": text])
    let source = try folder.readWithFaults(COCOLabels.self, "l.json")
    let objects = [
      LabelledObject("x", Box(Vertex(1.00004, 2), Vertex(3, 5.99996))),
      LabelledObject(
        "x", Box(Vertex(0, 0), Vertex(4, 4)), polygons: [[Vertex(0, 0), Vertex(4, 0), Vertex(4, 4), Vertex(0, 4)]]),
    ].map { object in
      var object = object
      object.fields = source.images[0].objects[0].fields
      object.isTruncated = false
      return object
    }
    let outputs = ["images/1.png", "2.png"].map {
      OutputLabels(path: $0, sourcePath: "a.jpg", shape: Self.shape, objects: objects, source: source.images[0])
    }
    var plan = LabelWriterPlan(source, LabelOptions())
    plan.whole = nil  // as of another format
    try folder.write(outputs, by: COCOLabels.writer(plan))
    #expect(
      try folder.text("annotations/instances_default.json") == """
        {"info": {}, "licenses": [],
        "categories": [
        {"id": 1, "name": "x", "supercategory": ""}],
        "images": [
        {"id": 1, "file_name": "1.png", "width": 40, "height": 30},
        {"id": 2, "file_name": "2.png", "width": 40, "height": 30}],
        "annotations": [
        {"id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 2, 2, 4], "area": 7.9998, "segmentation": [], "iscrowd": 0},
        {"id": 2, "image_id": 1, "category_id": 1, "bbox": [0, 0, 4, 4], "area": 16, \
        "segmentation": [[0, 0, 4, 0, 4, 4, 0, 4]], "iscrowd": 0},
        {"id": 3, "image_id": 2, "category_id": 1, "bbox": [1, 2, 2, 4], "area": 7.9998, "segmentation": [], "iscrowd": 0},
        {"id": 4, "image_id": 2, "category_id": 1, "bbox": [0, 0, 4, 4], "area": 16, \
        "segmentation": [[0, 0, 4, 0, 4, 4, 0, 4]], "iscrowd": 0}]}

        """)
  }

  @Test func eachPartHasItsFileAsInTheSource() throws {
    let files = ["train2017", "val2017"].map { name in
      (
        "annotations/instances_\(name).json",
        """
        {"info": {"part": "\(name)"}, "licenses": [],
        "categories": [
        {"id": 1, "name": "x", "supercategory": ""}],
        "images": [
        {"id": 1, "file_name": "\(name).jpg", "width": 40, "height": 30}],
        "annotations": [
        {"id": 1, "image_id": 1, "category_id": 1, "bbox": [0, 0, 1, 1], "area": 1, "segmentation": [], "iscrowd": 0}]}

        """
      )
    }
    let folder = try LabelFolder(Dictionary(uniqueKeysWithValues: files))
    for name in ["train2017", "val2017"] { try folder.add("\(name)/\(name).jpg", Data()) }
    let again = try LabelFolder()
    try Self.rewrite(try folder.read(), to: again)
    for (path, text) in files { #expect(try again.text(path) == text) }
  }

  @Test func partsOfOtherFormatsGetCOCOsNames() throws {
    var set = LabelSet([LabelledImage(file: "images/train/a.jpg"), LabelledImage(file: "images/val/b.jpg")])
    set.splits = [LabelSplit("train"), LabelSplit("val", file: "ImageSets/Main/val.txt"), LabelSplit("test")]
    set.splits[0].members = [.init(0)]
    set.splits[1].members = [.init(1)]
    let folder = try LabelFolder()
    try Self.rewrite(set, to: folder)
    #expect(try folder.text("annotations/instances_train.json").contains("\"file_name\": \"a.jpg\""))
    #expect(try folder.text("annotations/instances_val.json").contains("\"file_name\": \"b.jpg\""))
    #expect(throws: (any Error).self) { try folder.text("annotations/instances_test.json") }
    for path in set.images.map(\.path) { try folder.add(path, Data()) }
    let back = try folder.read()
    #expect(back.images.map(\.path) == set.images.map(\.path))
    #expect(back.splits.map(\.name) == ["train", "val"])
  }

  @Test func valuesOfOtherFormatsBecomeJSON() throws {
    var image = LabelledImage(stemPath: "a")
    image.labelFile = "Annotations/a.xml"
    let texts = ["1", "-0.5e+3", "01", ".5", "1_000", "NaN", "-", "1.", "1e", "+1", ""]
    image.fields =
      texts.map { LabelField("n", .number($0)) } + [
        LabelField("\"\u{1F}\u{7}\t", .text("\r\n")), LabelField("path", .text("/home/a.jpg")),
      ]
    let folder = try LabelFolder()
    try Self.rewrite(LabelSet([image]), to: folder)
    let line = try folder.text("annotations/instances_default.json").split(separator: "\n")[3]
    #expect(
      line == #"""
        {"id": 1, "file_name": "a", "width": 40, "height": 30, "n": [1, -0.5e+3, "01", ".5", "1_000", null, "-", \#
        "1.", "1e", "+1", ""], "\"\u001f\u0007\t": "\r\n"}],
        """#)
  }

  @Test func anEmptySetIsAFileThatIsRead() throws {
    let folder = try LabelFolder()
    try Self.rewrite(LabelSet([]), to: folder)
    #expect(try folder.read("annotations/instances_default.json").images.isEmpty)
  }
}
