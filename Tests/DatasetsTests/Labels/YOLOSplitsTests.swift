import Datasets
import Foundation
import Testing

/// Which files are YOLO's, and which images belong to which part of a set.
struct YOLOSplitsTests {
  private static let label = "0 .5 .5 .1 .1"

  /// The stem paths of the images of each part.
  private static func parts(_ files: [String: String], _ path: String = "") throws -> [String: [String]] {
    let folder = try LabelFolder(files)
    let set = try YOLOLabels.read(try LabelPlace(folder.absolute(path)), LabelOptions())
    #expect(set.faults.isEmpty)
    return Dictionary(
      set.splits.map { ($0.name, $0.members.map { set.images[$0.image].stemPath }) }, uniquingKeysWith: +)
  }

  private static let mirrored = [
    "labels/train/a.txt": label, "labels/train/b.txt": label, "labels/val/c.txt": label, "images/train/a.jpg": "",
    "images/train/b.jpg": "", "images/val/c.jpg": "", "images/val/nothing.jpg": "",
  ]

  @Test(arguments: [
    "train: images/train\nval: images/val", "train: ./images/train/\nval: [images/val]",
    "path: ../elsewhere\ntrain: images/train\nvalidation: images/val",
    "train: ../images/train\nval: ../images/val", "train: /content/set/images/train\nval: /content/set/images/val",
    "train: images/train\nval: images/val\ntest: images/test", "train: images/train\nval: images/val\ntest: ''",
    "nc: 1", "train: nowhere\nval: nowhere",
  ])
  func foldersAreParts(yaml: String) throws {
    var files = Self.mirrored
    files["data.yaml"] = "names: [a]\n\(yaml)\n"
    let expected = ["train": ["labels/train/a", "labels/train/b"], "val": ["labels/val/c", "images/val/nothing"]]
    #expect(try Self.parts(files) == expected)
    #expect(try Self.parts(files, "labels") == ["train": ["train/a", "train/b"], "val": ["val/c"]])
  }

  @Test func partsOfExportsAreFolders() throws {
    let files = [
      "train/labels/a.txt": Self.label, "train/images/a.jpg": "", "valid/labels/b.txt": "", "valid/images/b.jpg": "",
      "data.yaml": "names: [a]\ntrain: ../train/images\nval: ../valid/images\ntest: ../test/images\n",
    ]
    #expect(try Self.parts(files) == ["train": ["train/labels/a"], "val": ["valid/labels/b"]])
  }

  @Test func aSetWhoseNamesAreAbove() throws {
    let files = [
      "data.yaml": "names: [a]\npath: set\ntrain: images/x\nval: images/y", "set/labels/x/a.txt": Self.label,
      "set/labels/y/b.txt": Self.label,
    ]
    #expect(try Self.parts(files, "set") == ["train": ["labels/x/a"], "val": ["labels/y/b"]])
  }

  @Test(arguments: [
    ("train.txt", "./images/a.jpg\n./images/b.jpg\n\n"), ("train.txt", "/home/me/set/images/a.jpg\r\nimages/b.jpg"),
    ("lists/train.txt", "./../images/a.jpg\nimages/b.jpg\n"),
  ])
  func listsAreParts(file: String, text: String) throws {
    let files = [
      "data.yaml": "names: [a]\ntrain: \(file)\nval: val.txt\n", file: text, "val.txt": "images/c.jpg\nimages/d.png\n",
      "labels/a.txt": Self.label, "labels/b.txt": Self.label, "labels/c.txt": Self.label, "images/d.png": "",
    ]
    let folder = try LabelFolder(files)
    let set = try folder.readYOLO()
    #expect(set.splits.map(\.name) == ["train", "val"] && set.splits.map(\.file) == [file, "val.txt"])
    let stems = set.splits.map { $0.members.map { set.images[$0.image].stemPath } }
    #expect(stems == [["labels/a", "labels/b"], ["labels/c", "images/d"]])
    #expect(set.images.last?.path == "images/d.png")
  }

  @Test func listsBesideImagesInDarknetsStyle() throws {
    let files = [
      "obj.names": "a\n", "train.txt": "data/obj/a.jpg\ndata/obj/b.jpg\n", "valid.txt": "data/obj/c.jpg\n",
      "obj/a.txt": Self.label, "obj/b.txt": "", "obj/c.txt": Self.label, "obj/a.jpg": "", "obj/b.jpg": "",
      "obj/c.jpg": "",
    ]
    #expect(try Self.parts(files) == ["train": ["obj/a", "obj/b"], "val": ["obj/c"]])
  }

  /// A set that is not divided names its only folder for both.
  @Test(arguments: ["train: images\nval: images\n", "train: .\nval: .\n", ""])
  func aSetThatIsNotDividedHasNoParts(yaml: String) throws {
    let files = [
      "data.yaml": "names: [a]\n\(yaml)", "labels/a.txt": Self.label, "images/a.jpg": "", "images/b.jpg": "",
    ]
    #expect(try Self.parts(files).isEmpty)
  }

  @Test func anUnreadableListIsAFaultOfTheSet() throws {
    let folder = try LabelFolder([
      "data.yaml": "names: [a]\ntrain: l.txt\nval: images", "labels/a.txt": Self.label, "images/a.jpg": "",
    ])
    try folder.add("l.txt", .init([0xFF]))
    let set = try folder.readYOLO()
    #expect(set.faults.map(\.error.reason) == [.notText] && set.splits.map(\.name) == ["val"])
  }

  @Test(arguments: [
    (["labels/a.txt": label], true), (["labels/a.txt": "", "labels/b.txt": "\n\n0 .5 .5 .1 .1"], true),
    (["a.jpg": "", "a.txt": label], true), (["a.jpg": "", "b.txt": label], false), (["x/a.txt": label], true),
    (["README.txt": "A data set.", "a.jpg": ""], false), (["a.jpg": "", "a.txt": "A caption."], false),
    (["a.txt": "320 240 10 10 0"], false), (["labels/a.txt": "word"], false), (["labels/a.txt": ""], true),
    (["x/a.txt": ""], false),
    (["a.jpg": "", "classes.txt": "a"], false),
    (["data.yaml": "names: [a]\ntrain: images", "images/a.jpg": ""], true),
    (["data.yaml": "names: [a]", "images/a.jpg": ""], false), (["data.yaml": "[", "images/a.jpg": ""], false),
    (["data.yaml": "[", "labels/a.txt": label], true), ([:], false),
  ])
  func onlyWhatLooksLikeLabelsIsRecognized(files: [String: String], isRecognized: Bool) throws {
    let folder = try LabelFolder(files)
    #expect(YOLOLabels.recognizes(try LabelPlace(folder.path)) == isRecognized)
  }

  /// Somebody has pointed at it, and wants to be told what is wrong with it.
  @Test func aFolderCalledLabelsIsRecognizedWhateverItHolds() throws {
    let folder = try LabelFolder(["labels/a.txt": "0 nan 0 0 0", "empty/labels/a.jpg": ""])
    #expect(YOLOLabels.recognizes(try LabelPlace(folder.absolute("labels"))))
    #expect(!YOLOLabels.recognizes(try LabelPlace(folder.absolute("empty/labels"))))
  }
}
