import Datasets
import Foundation
import Imaging
import Testing

struct YOLOLabelsTests {
  @Test func boxesAndOutlinesAreRead() throws {
    let folder = try LabelFolder([
      "a.txt": "\u{FEFF}0 0.5 0.5 0.5 0.25\r\n\r\n2 .25 .5 .5 1\n \t\n1\t0 0  1 0 1 0.75 0 0 \n3.000 0 0 1 0 1 1 0 1",
      "empty.txt": "",
    ])
    let labels = try folder.read()
    let triangle = [Vertex(0, 0), Vertex(1, 0), Vertex(1, 0.75)]
    let turned = [Vertex(0, 0), Vertex(1, 0), Vertex(1, 1), Vertex(0, 1)]
    #expect(
      try labels.objects("a.jpg") == [
        LabelledObject("0", Box(Vertex(0.25, 0.375), Vertex(0.75, 0.625)), unit: .shares),
        LabelledObject("2", Box(Vertex(0, 0), Vertex(0.5, 1)), unit: .shares),
        LabelledObject("1", Box(Vertex(0, 0), Vertex(1, 0.75)), polygons: [triangle], unit: .shares),
        LabelledObject("3", Box(Vertex(0, 0), Vertex(1, 1)), polygons: [turned], unit: .shares),
      ])
    #expect(try labels.objects("empty.jpg").isEmpty)
    #expect(labels["a.jpg"]?.labelFile == "a.txt")
  }

  @Test func theConfidenceOfADetectorIsKept() throws {
    let labels = try LabelFolder(["a.txt": "0 .5 .5 .1 .1 0.9870\n0 .5 .5 .1 .1 .5"]).read()
    let fields = try labels.objects("a.jpg").map(\.fields)
    #expect(
      fields == [[LabelField("confidence", .number("0.9870"))], [LabelField("confidence", .number("0.5"))]])
  }

  @Test func classesHaveTheIndexThatIsTheirNumber() throws {
    let unnamed = try LabelFolder(["a.txt": "3 .5 .5 .1 .1"]).read()
    #expect(unnamed.classes.map(\.name) == ["0", "1", "2", "3"] && unnamed.classes.map(\.number) == [0, 1, 2, 3])
    let named = try LabelFolder(["a.txt": "2 .5 .5 .1 .1", "data.yaml": "names: {2: plate, 0: face}"]).read()
    #expect(named.classes.map(\.name) == ["face", "1", "plate"])
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
    ["obj.names": "face\r\nplate\r\n"], ["_darknet.labels": "face\nplate\n"],
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

  @Test func posesAreABoxAndItsPoints() throws {
    let yaml = """
      kpt_names: {0: [left_eye, right_eye]}
      names: [face]
      kpt_shape: [2, 3]
      flip_idx: [1, 0]

      """
    let folder = try LabelFolder([
      "a.txt": "0 .5 .5 .5 .5 .1 .2 2 0 0 0\n0 .5 .5 .5 .5 .1 .2 1.0 .3 .4 2 .25\n0 .5 .5 .5 .5", "data.yaml": yaml,
    ])
    let labels = try folder.read()
    let first = Keypoint(Vertex(0.1, 0.2), .visible), missing = Keypoint(Vertex(0, 0), .unlabelled)
    let hidden = Keypoint(Vertex(0.1, 0.2), .hidden), second = Keypoint(Vertex(0.3, 0.4), .visible)
    let objects = try labels.objects("a.jpg")
    #expect(objects.map(\.shape.keypoints) == [[first, missing], [hidden, second], []])
    #expect(objects.map(\.fields.count) == [0, 1, 0])
    #expect(objects.allSatisfy { $0.box == Box(Vertex(0.25, 0.25), Vertex(0.75, 0.75)) && $0.polygons.isEmpty })
    #expect(labels.classes[0].keypointNames == ["left_eye", "right_eye"])
    #expect(labels.classes[0].mirroredKeypoints == [1, 0])
    #expect(labels.fields.isEmpty)
  }

  /// Labels that do not tell the visibility put a point that is missing into the corner or outside.
  @Test func pointsWithoutVisibilityAreVisibleOrMissing() throws {
    let folder = try LabelFolder([
      "a.txt": "0 .5 .5 .5 .5 .1 .1 0 0 -1 -1", "data.yaml": "kpt_shape: [3, 2]\nnames: [face]\n",
    ])
    let points = try folder.read().objects("a.jpg")[0].shape.keypoints
    #expect(points.map(\.visibility) == [.visible, .unlabelled, .unlabelled])
  }

  @Test func otherKeysAreKeptAsTheyAreWritten() throws {
    let yaml = "version: 1.10\nnames: [a]\nroboflow:\n  license: CC BY 4.0\n  url: null\n  big: [.5, 1e3, 007, yes]\n"
    let labels = try LabelFolder(["a.txt": "0 .5 .5 .1 .1", "data.yaml": yaml]).read("a.txt")
    #expect(
      labels.fields == [
        LabelField("version", .number("1.10")),
        LabelField(
          "roboflow",
          .object([
            LabelField("license", .text("CC BY 4.0")), LabelField("url", .null),
            LabelField("big", .list([.number("0.5"), .number("1e3"), .number("7"), .flag(true)])),
          ])),
      ])
  }
}
