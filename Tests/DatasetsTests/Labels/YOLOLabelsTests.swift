import Datasets
import Foundation
import Imaging
import Testing

struct YOLOLabelsTests {
  @Test func boxesConfidencesAndOutlinesAreRead() throws {
    let folder = try LabelFolder([
      "a.txt": "0 0.5 0.5 0.5 0.25\r\n\r\n2 .25 .5 .5 1 0.987\n1 0 0 1 0 1 0.75\n", "empty.txt": "",
    ])
    let labels = try folder.read()
    let triangle = [Vertex(0, 0), Vertex(1, 0), Vertex(1, 0.75)]
    #expect(
      try labels.objects("a.jpg") == [
        LabelledObject("0", Box(Vertex(0.25, 0.375), Vertex(0.75, 0.625)), unit: .shares),
        LabelledObject("2", Box(Vertex(0, 0), Vertex(0.5, 1)), unit: .shares),
        LabelledObject("1", Box(Vertex(0, 0), Vertex(1, 0.75)), polygons: [triangle], unit: .shares),
      ])
    #expect(try labels.objects("empty.jpg").isEmpty)
  }

  @Test func sharesBecomePixels() {
    let region = LabelledObject("0", Box(Vertex(0.25, 0), Vertex(0.75, 0.5)), polygons: [[Vertex(1, 1)]], unit: .shares)
    let pixels = region.inPixels(of: ImageShape(width: 200, height: 100, channels: 3))
    #expect(pixels == LabelledObject("0", Box(Vertex(50, 0), Vertex(150, 50)), polygons: [[Vertex(200, 100)]]))
    #expect(pixels.scaled(by: 2).box == Box(Vertex(0, -25), Vertex(200, 75)))
  }

  @Test(arguments: [
    ["classes.txt": "face\nplate\n"], ["data.yaml": "nc: 2\nnames: [face, plate]\n"],
    ["data.yaml": "path: .\nnames:\n  0: face\n  1: plate\n"], ["data.yaml": "nc: 2\n", "classes.txt": "face\nplate"],
  ])
  func namesOfClassesAreFoundBesideTheLabelsAndAbove(files: [String: String]) throws {
    for folder in ["", "labels/", "labels/train/"] {
      var all = files
      all["\(folder)a.txt"] = "1 0.5 0.5 0.1 0.1"
      let labels = try LabelFolder(all)
      #expect(try labels.read().classNames == ["plate"], "\(folder)")
      #expect(try labels.read(folder).classNames == ["plate"], "\(folder)")
    }
  }

  @Test func otherTextsOfADataSetAreNoLabels() throws {
    let folder = try LabelFolder([
      "README.dataset.txt": "A data set.", "data.yaml": "names: [face]", "train/labels/a.txt": "0 .5 .5 .1 .1",
      "train/images/a.jpg": "",
    ])
    let labels = try folder.read()
    #expect(labels.images.count == 1 && labels.classNames == ["face"])
    #expect(try labels.objects("train/images/a.jpg").count == 1)
  }

  /// Points behind the box, which would else be taken for an outline.
  @Test func posesAreReadByTheirBox() throws {
    let folder = try LabelFolder([
      "a.txt": "0 .5 .5 .5 .5 .1 .1 .2 .2", "data.yaml": "kpt_shape: [2, 2]\nnames: [face]\n",
    ])
    #expect(
      try folder.read().objects("a.jpg") == [
        LabelledObject("face", Box(Vertex(0.25, 0.25), Vertex(0.75, 0.75)), unit: .shares)
      ])
  }

  @Test(arguments: [
    ("0 0.5 0.5 0.1", "a.txt:2: must have 4 numbers behind the class, not 3"),
    ("0", "a.txt:2: must have 4 numbers behind the class, not 0"),
    ("0 .1 .1 .2 .2 .3 .3 .4", "a.txt:2: must have an x and a y for each of three or more corners, not 7 numbers"),
    ("0 nan 0.5 0.1 0.1", "a.txt:2: must be a number, not \"nan\""),
    ("0 inf 0.5 0.1 0.1", "a.txt:2: must be a number, not \"inf\""),
    ("0 1e400 0.5 0.1 0.1", "a.txt:2: must lie between -1 and 2, not inf"),
    ("0 320 240 10 10", "a.txt:2: must lie between -1 and 2, not 320"),
    ("0 0.5 0.5 -0.1 0.1", "a.txt:2: a box of the size -0.1 cannot be"),
    ("-1 0.5 0.5 0.1 0.1", "a.txt:2: a class must be a whole number, not \"-1\""),
    ("face 0.5 0.5 0.1 0.1", "a.txt:2: a class must be a whole number, not \"face\""),
    (
      "99999999999999999999 0.5 0.5 0.1 0.1", "a.txt:2: a class must be a whole number, not \"99999999999999999999\""
    ),
  ])
  func aBrokenLineIsTold(line: String, expected: String) throws {
    #expect(try LabelFolder(["a.txt": "0 0.5 0.5 0.1 0.1\n\(line)\n"]).error() == expected)
  }

  @Test func aClassOutOfRangeIsTold() throws {
    let folder = try LabelFolder(["a.txt": "2 0.5 0.5 0.1 0.1", "classes.txt": "face\nplate"])
    #expect(folder.error() == "a.txt:1: the class 2 is none of the 2 in classes.txt")
  }

  @Test(arguments: [
    ("names: 3", "data.yaml:1: names: must be a list or an object, not 3"),
    ("names:\n- a\n- [b]", "data.yaml:3: names: must be a name, not a list of 1"),
    ("names:\n  x: a", "data.yaml:2: names: the class \"x\" has no number"),
    ("names: [a\n", "data.yaml:2: is neither JSON nor YAML: did not find expected ',' or ']'"),
    ("a: &b [1]\nnames: *b", "data.yaml:2: references to other parts of the file (*name) are not supported"),
  ])
  func brokenNamesAreTold(text: String, expected: String) throws {
    #expect(try LabelFolder(["a.txt": "0 0.5 0.5 0.1 0.1", "data.yaml": text]).error() == expected)
  }

  @Test func binaryFilesAreRefused() throws {
    let folder = try LabelFolder()
    try folder.add("a.txt", Data([0x30, 0xFF, 0xFE]))
    #expect(folder.error() == "a.txt: is not text in UTF-8")
  }
}
