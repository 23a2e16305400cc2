import Datasets
import Foundation
import Imaging
import Testing

/// Which labels belong to which image, and where labels are found.
struct LabelledRegionsTests {
  private static let box = Box(Vertex(0, 0), Vertex(1, 1))

  /// Labels whose class is their own path.
  private static func labels(files: [String] = [], stems: [String] = []) -> LabelSet {
    LabelSet(
      files.map { LabelledImage(file: $0, objects: [LabelledObject($0, box)]) }
        + stems.map { LabelledImage(stemPath: $0, objects: [LabelledObject($0, box)]) })
  }

  @Test(arguments: [
    ("a.jpg", "a"), ("sub/a.jpg", "sub/a"), ("sub/a.png", "sub/a"), ("photo.v1.jpg", "photo.v1"), ("noext", "noext"),
    ("b.jpg", "b.jpg"), ("deep/c.jpg", "x/deep/c"), ("x/deep/c.jpg", "x/deep/c"), ("d.jpg", "only/d"),
    ("any/where/e.jpg", "e"), ("images/train/f.jpg", "labels/train/f"), ("train/images/g.jpg", "train/labels/g"),
    ("JPEGImages/h.jpg", "h"),
  ])
  func anImageIsFoundByWhatFitsBest(image: String, stem: String) throws {
    let labels = Self.labels(stems: [
      "a", "sub/a", "photo.v1", "noext", "b.jpg", "x/deep/c", "only/d", "e", "labels/train/f", "labels/val/f",
      "train/labels/g", "val/labels/g", "h",
    ])
    #expect(try labels.objects(image).map(\.className) == [stem])
  }

  @Test(arguments: ["other/deep/a.jpg", "b/1.jpg", "nothing.jpg", "aa.jpg", "val/2.jpg"])
  func anImageThatIsAnotherIsNotFound(image: String) {
    let labels = Self.labels(stems: ["sub/deep/a", "a/1", "x/c", "y/c", "train/labels/2"])
    #expect(labels.match(InputImage(path: image, format: .jpeg)) == .none)
  }

  @Test func anImageThatSeveralLabelsMayMeanHasNoneOfThem() {
    let labels = Self.labels(stems: ["x/c", "y/c", "c/d"])
    #expect(labels.match(InputImage(path: "c.jpg", format: .jpeg)) == .several(["x/c", "y/c"]))
  }

  @Test func aNamedFileIsFoundByItsNameBeforeItsStem() throws {
    let labels = Self.labels(files: ["a.png", "a.jpg", #"sub\b.jpg"#, "train/c.jpg"])
    #expect(try labels.objects("a.jpg").map(\.className) == ["a.jpg"])
    #expect(try labels.objects("a.png").map(\.className) == ["a.png"])
    #expect(try labels.objects("sub/b.jpg").map(\.className) == [#"sub\b.jpg"#])
    #expect(try labels.objects("c.jpeg").map(\.className) == ["train/c.jpg"])
  }

  @Test func bothEncodingsOfALetterNameAnImage() throws {
    #expect(try Self.labels(stems: ["e\u{301}"]).objects("\u{E9}.jpg").count == 1)
  }

  @Test func onlyRegionsOfSomeClassesAreKeptAndEveryImage() throws {
    let labels = Self.labels(files: ["a.jpg", "b.jpg"]).keeping(["a.jpg"])
    #expect(labels.classNames == ["a.jpg"] && labels.images.count == 2)
    #expect(try labels.objects("b.jpg").isEmpty)
  }

  @Test func labelsComeBackFromTheirStoredForm() throws {
    let labels = Self.labels(files: ["a.jpg"], stems: ["b/c"])
    let stored = try JSONEncoder().encode(labels)
    let back = try JSONDecoder().decode(LabelSet.self, from: stored)
    #expect(back == labels && back.hashValue == labels.hashValue)
    #expect(try back.objects("b/c.jpg").map(\.className) == ["b/c"])
  }

  @Test func aFormatIsRecognizedByWhatLiesThere() throws {
    let voc = "<annotation/>", yolo = "0 .5 .5 .1 .1"
    let coco = #"{"images": [{"id": 1, "file_name": "a.jpg"}], "categories": [], "annotations": []}"#
    let sets: [([String: String], path: String)] = [
      (["l.json": coco], "l.json"), (["x/a.xml": voc], "x"), (["a.xml": voc], "a.xml"), (["a.xml": voc], ""),
      (["Annotations/a.xml": voc, "ImageSets/train.txt": "a", "other.xml": "<x/>"], ""), (["a.txt": yolo], "a.txt"),
      (["l/a.txt": yolo], "l"), (["labels/a.txt": yolo, "README.txt": "words"], ""),
    ]
    for (files, path) in sets {
      let labels = try LabelFolder(files).read(path)
      #expect(labels.images.count == 1 && labels["a.jpg"] != nil, "\(files)")
    }
  }

  @Test func aPlaceWithoutLabelsIsTold() throws {
    let folder = try LabelFolder(["a.jpg": "", "l.json": "", ".hidden.txt": ""])
    #expect(folder.error("nothing") == "nothing: cannot open: No such file or directory")
    for path in ["", "a.jpg"] {
      let error = try #require(folder.error(path))
      #expect(error.contains(": no labels here: neither a .json file (COCO), nor a folder of"), "\(error)")
    }
  }
}
