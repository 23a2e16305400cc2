import Datasets
import Foundation
import Testing

struct COCOLayoutTests {
  private static func file(_ name: String) -> String {
    """
    {"images": [{"id": 1, "file_name": "\(name)"}], "categories": [{"id": 1, "name": "x"}],
    "annotations": [{"image_id": 1, "category_id": 1, "bbox": [0, 0, 1, 1]}]}
    """
  }

  private static func folder(_ files: [String: String], images: [String]) throws -> LabelFolder {
    let folder = try LabelFolder(files)
    for image in images { try folder.add(image, Data()) }
    return folder
  }

  private static func isTakenForCOCO(_ folder: LabelFolder) throws -> Bool {
    LabelFormatCatalog.format(of: try LabelPlace(folder.path)) == COCOLabels.self
  }

  @Test func theLayoutOfCOCOItselfIsRead() throws {
    for root in ["", "images/"] {
      let folder = try Self.folder(
        [
          "annotations/instances_train2017.json": Self.file("a.jpg"),
          "annotations/instances_val2017.json": Self.file("b.jpg"), "annotations/captions_val2017.json": Self.file("c"),
          "annotations/person_keypoints_val2017.json": Self.file("d.jpg"),
        ], images: ["\(root)train2017/a.jpg", "\(root)val2017/b.jpg"])
      #expect(try Self.isTakenForCOCO(folder))
      let set = try folder.read()
      #expect(set.images.map(\.path) == ["\(root)train2017/a.jpg", "\(root)val2017/b.jpg"])
      #expect(set.splits.map(\.name) == ["train", "val"])
      #expect(
        set.splits.map(\.file) == ["annotations/instances_train2017.json", "annotations/instances_val2017.json"])
      #expect(set.splits.map { $0.members.map(\.image) } == [[0], [1]])
    }
  }

  @Test func labelsBesideTheirImagesAreRead() throws {
    let names = ["train", "valid", "test"]
    let files = names.map { ("\($0)/_annotations.coco.json", Self.file("a.jpg")) }
    for images in [names.map { "\($0)/a.jpg" }, []] {
      let folder = try Self.folder(Dictionary(uniqueKeysWithValues: files), images: images)
      let set = try folder.read()
      #expect(set.images.map(\.path) == ["test/a.jpg", "train/a.jpg", "valid/a.jpg"])
      #expect(set.splits.map(\.name) == ["test", "train", "val"])
    }
  }

  @Test func theLayoutOfCVATIsReadAsAWhole() throws {
    let folder = try Self.folder(
      ["annotations/instances_default.json": Self.file("sub/a.png")], images: ["images/sub/a.png"])
    let set = try folder.read()
    #expect(set.images.map(\.path) == ["images/sub/a.png"])
    #expect(set.splits.isEmpty)
  }

  @Test func aFileBesideAFolderOfImagesIsRead() throws {
    let folder = try Self.folder(["labels.json": Self.file("a.jpg"), "package.json": "{\"name\": \"x\"}"], images: [])
    try folder.add("photos/a.jpg", Data())
    #expect(try Self.isTakenForCOCO(folder))
    #expect(try folder.read().images.map(\.path) == ["a.jpg"])
    #expect(try folder.read()["photos/a.jpg"] != nil)
    #expect(try folder.read("labels.json").images.map(\.path) == ["a.jpg"])
  }

  @Test func oneOfTwoPartsIsEnough() throws {
    let folder = try LabelFolder(["annotations/instances_train.json": Self.file("a.jpg")])
    #expect(try folder.read().splits.map(\.name) == ["train"])
  }

  @Test func partsWithoutAKnownNameAreNamedAsTheirFiles() throws {
    let folder = try LabelFolder([
      "cows.json": Self.file("a.jpg"), "dogs.json": Self.file("b.jpg"), "train_1.json": Self.file("c.jpg"),
      "train_2.json": Self.file("d.jpg"),
    ])
    #expect(try folder.read().splits.map(\.name) == ["cows", "dogs", "train", "train_2"])
  }

  @Test func anImageOfTwoFilesHasTheLabelsOfBothOnce() throws {
    let more = Self.file("a.jpg").replacing(
      "[0, 0, 1, 1]}", with: "[0, 0, 1, 1]}, {\"image_id\": 1, \"category_id\": 1, \"bbox\": [5, 5, 1, 1]}")
    let set = try LabelFolder(["cows.json": Self.file("a.jpg"), "dogs.json": more]).read()
    #expect(set.images.map(\.objects.count) == [2])
    #expect(set.splits.map { $0.members.map(\.image) } == [[0], [0]])
  }

  @Test func aBrokenFileWithCOCOsNameIsTold() throws {
    let folder = try LabelFolder(["annotations/instances_train.json": "{\n"])
    #expect(folder.error() == "annotations/instances_train.json:2: is not JSON: it ends too early")
  }

  @Test func otherFilesAreNotTakenForCOCO() throws {
    let others = [
      "{\"name\": \"x\", \"images\": [\"a\"]}", "{\"images\": [{\"src\": \"a.jpg\"}]}", "[]", "", "x",
      "{\"shapes\": [{\"label\": \"x\"}], \"imagePath\": \"a.jpg\"}", "{\"a\": {\"images\": [{\"file_name\": \"x\"}]}}",
    ]
    for text in others {
      #expect(try !Self.isTakenForCOCO(LabelFolder(["annotations/labels.json": text])), "\(text)")
    }
    // Beside a file for each image, which another format may have, only COCO's names count.
    let many = (0..<101).map { ("\($0).json", Self.file("a.jpg")) }
    let folder = try LabelFolder(Dictionary(uniqueKeysWithValues: many))
    #expect(try !Self.isTakenForCOCO(folder))
    try folder.add("_annotations.coco.json", Data(Self.file("b.jpg").utf8))
    #expect(try folder.read().images.map(\.path) == ["b.jpg"])
  }
}
