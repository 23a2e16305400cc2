import Datasets
import Foundation
import Imaging
import Testing

struct VOCListsTests {
  private static let annotation = "<annotation><filename>x</filename></annotation>"

  /// Names of lists with their lines: the path of each image and what stands behind it.
  private func lists(_ files: [String: String], of path: String = "") throws -> [String: [String]] {
    let set = try LabelFolder(files).readWithFaults(VOCLabels.self, path)
    return Dictionary(
      uniqueKeysWithValues: set.splits.map { split in
        (
          split.name,
          split.members.map { member in
            set.images[member.image].stemPath + (member.remark.isEmpty ? "" : " | \(member.remark)")
          }
        )
      })
  }

  @Test func listsAreSplitsInTheirOrder() throws {
    let files = [
      "Annotations/a.xml": Self.annotation, "Annotations/b.xml": Self.annotation, "ImageSets/Main/train.txt": "b\na\n",
      "ImageSets/Main/val.txt": "\r\n", "ImageSets/Main/cat_train.txt": "a -1\nb  1\n",
      "ImageSets/Layout/train.txt": "a 2",
      "ImageSets/Segmentation/other.txt": "a", "ImageSets/README.txt": "Lists of images.", "notes.txt": "a",
    ]
    #expect(
      try lists(files) == [
        "train": ["Annotations/b", "Annotations/a"], "val": [],
        "cat_train": ["Annotations/a | -1", "Annotations/b | 1"],
        "Layout/train": ["Annotations/a | 2"], "other": ["Annotations/a"],
      ])
  }

  @Test func listsLieBesideAFolderOfAnnotations() throws {
    let files = ["Annotations/a.xml": Self.annotation, "ImageSets/Main/train.txt": "a"]
    #expect(try lists(files, of: "Annotations") == ["train": ["a"]])
    #expect(try lists(files, of: "Annotations/a.xml").isEmpty)
  }

  @Test func everyDataSetOfAFolderHasItsOwnLists() throws {
    var files: [String: String] = [:]
    for base in ["VOC2007", "VOC2012"] {
      files["\(base)/Annotations/a.xml"] = Self.annotation
      files["\(base)/ImageSets/Main/\(base).txt"] = "a\nz"
    }
    files["VOC2007/Annotations/z.xml"] = Self.annotation
    #expect(
      try lists(files) == [
        "VOC2007": ["VOC2007/Annotations/a", "VOC2007/Annotations/z"],
        "VOC2012": ["VOC2012/Annotations/a", "VOC2012/JPEGImages/z"],
      ])
  }

  @Test(arguments: [
    ("a", "Annotations/a"), ("a.jpg", "Annotations/a"), ("JPEGImages/a.png", "Annotations/a"),
    (#"D:\voc\JPEGImages\a.jpg"#, "Annotations/a"), ("a.v1", "Annotations/a.v1"), ("c", "Annotations/x/c"),
    ("x/c", "Annotations/x/c"), ("y/d", "Annotations/y/d"), ("two words", "Annotations/two words"),
    ("two words 1", "Annotations/two words | 1"), ("a 1 2", "Annotations/a | 1 2"), ("d", "JPEGImages/d"),
    ("a.v2", "JPEGImages/a.v2"), ("unknown 1", "JPEGImages/unknown | 1"),
  ])
  func aNameIsFoundAsToolsWriteIt(line: String, expected: String) throws {
    var files = ["ImageSets/Main/train.txt": line]
    for stem in ["a", "a.v1", "x/c", "x/d", "y/d", "two words"] { files["Annotations/\(stem).xml"] = Self.annotation }
    #expect(try lists(files) == ["train": [expected]])
  }

  /// Nobody has told what it shows, which is something else than that it shows nothing.
  @Test func anImageThatOnlyAListNamesHasNoLabels() throws {
    let folder = try LabelFolder(["Annotations/a.xml": Self.annotation, "ImageSets/Main/test.txt": "b\nb\n"])
    let set = try folder.read()
    #expect(set.images.map(\.isListedOnly) == [false, true] && set.images[1].labelFile == nil)
    #expect(set.match(InputImage(path: "JPEGImages/b.jpg", format: .jpeg)) == .none)
    #expect(set.indices(of: "JPEGImages/b.jpg") == [1] && set.splits[0].members.map(\.image) == [1, 1])
  }

  @Test func aListThatIsNoTextIsAFaultAndTheOthersAreRead() throws {
    let folder = try LabelFolder(["Annotations/a.xml": Self.annotation, "ImageSets/Main/val.txt": "a"])
    try folder.add("ImageSets/Main/train.txt", Data([0xFF, 0xFE]))
    #expect(try folder.readWithFaults().splits.map(\.name) == ["val"])
    #expect(try folder.faults() == ["ImageSets/Main/train.txt: is not text in UTF-8"])
  }

  @Test func listsAreWrittenAnewWithTheirRemarks() throws {
    var splits = ["Main/train", "Main/cat_train", "Main/val"].map { name in
      LabelSplit(String(name.dropFirst(5)), file: "ImageSets/\(name).txt")
    }
    splits += [LabelSplit("test"), LabelSplit("../..//x"), LabelSplit("test", file: "images/test")]
    splits += [LabelSplit("outside", file: "../ImageSets/Main/outside.txt")]
    var plan = LabelWriterPlan(LabelSet([]), LabelOptions())
    plan.splits = splits
    let shape = ImageShape(width: 4, height: 4, channels: 3)
    let outputs = ["JPEGImages/a-1.jpg", "JPEGImages/s/b.c.jpg"].map {
      OutputLabels(path: $0, shape: shape, objects: [], source: LabelledImage(file: $0))
    }
    let memberships: [[WrittenLabels.Membership]] = [
      [
        .init(split: 0, remark: ""), .init(split: 1, remark: "-1"), .init(split: 1, remark: "1"),
        .init(split: 4, remark: ""),
      ],
      [
        .init(split: 0, remark: ""), .init(split: 3, remark: ""), .init(split: 5, remark: ""),
        .init(split: 6, remark: ""),
      ],
    ]
    let folder = try LabelFolder()
    try folder.write(outputs, memberships: memberships, by: VOCLabels.writer(plan))
    #expect(try folder.text("ImageSets/Main/train.txt") == "a-1\ns/b.c\n")
    #expect(try folder.text("ImageSets/Main/cat_train.txt") == "a-1 -1\na-1 1\n")
    #expect(
      try folder.text("ImageSets/Main/x.txt") == "a-1\n" && folder.text("ImageSets/Main/outside.txt") == "s/b.c\n")
    #expect(try folder.text("ImageSets/Main/test.txt") == "s/b.c\ns/b.c\n")
    #expect(throws: (any Error).self) { try folder.text("ImageSets/Main/val.txt") }
    let set = try folder.read()
    #expect(set.splits.first { $0.name == "train" }?.members.map(\.image) == [0, 1] && set.images.count == 2)
  }
}
