import Datasets
import Foundation
import Imaging
import TestSupport
import Testing

/// Mistakes that programs make with label files: what is lost on the way, and what stops a run.
struct LabelFileTrapTests {
  private static let formats = ["voc", "coco", "yolo"]

  @Test(arguments: formats) func theOrderOfObjectsIsKept(format: String) throws {
    let workspace = try Workspace()
    let lines = (0..<12).map { "\($0 % 2) 0.\(30 + 4 * ($0 * 5 % 12)) 0.5 0.1 0.2" }
    try workspace.addYOLO("a", lines.joined(separator: "\n"))
    try workspace.addPipeline("same.json", "NoOp")
    try workspace.run("augment", "in", "out", "--pipeline", "same.json", "--copies", "2", "--label-output", format)
    let before = try workspace.onlyObjects("in")
    for objects in try workspace.objects("out").values {
      #expect(objects.map(\.className) == before.map(\.className))
      #expect(zip(objects, before).allSatisfy { $0.box.isNear($1.box) })
    }
  }

  @Test func fieldsOfVOCAreKept() throws {
    let workspace = try Workspace()
    try workspace.addVOC(
      "a", Workspace.vocObject([11, 21, 50, 60], "<pose>Left</pose><difficult>1</difficult><wind>3.50</wind>"))
    try workspace.run("augment", "in", "out", "--copies", "1")
    let file = try #require(workspace.tree("out").files.first { $0.hasSuffix(".xml") })
    let text = String(decoding: try #require(workspace.contents("out/\(file)")), as: UTF8.self)
    for element in ["<pose>Left</pose>", "<difficult>1</difficult>", "<wind>3.50</wind>"] {
      #expect(text.contains(element), "\(text)")
    }
  }

  @Test func fieldsOfCOCOAreKeptAndIdentifiersAreFresh() throws {
    let workspace = try Workspace()
    try LabelledDataSet.write(.polygons, to: workspace)
    let text = String(decoding: try #require(workspace.contents("in/annotations/instances.json")), as: UTF8.self)
    // Of every annotation and every image, and of the whole.
    let more = text.replacing("\"area\":", with: "\"score\":0.250,\"area\":")
      .replacing("\"file_name\":", with: "\"license\":7,\"file_name\":")
      .replacing("{\"annotations\":", with: "{\"licenses\":[{\"id\":7,\"name\":\"free\"}],\"annotations\":")
    try workspace.addFile("in/annotations/instances.json", more)
    try workspace.run("augment", "in", "out", "--copies", "3")
    let json = try workspace.json(in: "out")
    let images = try #require(json["images"] as? [[String: Any]])
    let annotations = try #require(json["annotations"] as? [[String: Any]])
    #expect(images.count == 3 * LabelledDataSet.imageCount && !annotations.isEmpty)
    #expect(
      images.allSatisfy { $0["license"] as? Int == 7 } && annotations.allSatisfy { $0["score"] as? Double == 0.25 })
    #expect((json["licenses"] as? [[String: Any]])?.first?["name"] as? String == "free")
    let identifiers = images.compactMap { $0["id"] as? Int }
    #expect(Set(identifiers).count == images.count)
    #expect(Set(annotations.compactMap { $0["id"] as? Int }).count == annotations.count)
    #expect(Set(annotations.compactMap { $0["image_id"] as? Int }).isSubset(of: identifiers))
  }

  /// After a quarter turn, sizes, areas and outlines are those of the copy.
  @Test func whatCOCOCountsIsCountedAnew() throws {
    let workspace = try Workspace()
    try LabelledDataSet.write(.polygons, to: workspace)
    try workspace.addFile(
      "crop.json", "[{\"__class_fullname__\": \"CenterCrop\", \"height\": 60, \"width\": 50, \"p\": 1.0}]")
    try workspace.run("augment", "in", "out", "--copies", "1", "--pipeline", "crop.json")
    let json = try workspace.json(in: "out")
    let images = try #require(json["images"] as? [[String: Any]])
    #expect(images.allSatisfy { $0["width"] as? Int == 50 && $0["height"] as? Int == 60 })
    for annotation in try #require(json["annotations"] as? [[String: Any]]) {
      let outlines = try #require(annotation["segmentation"] as? [[Double]])
      let area = try #require(annotation["area"] as? Double)
      #expect(outlines.allSatisfy { $0.allSatisfy { (0...60).contains($0) } })
      #expect(abs(area - outlines.reduce(0) { $0 + Self.area($1) }) <= 0.2, "\(annotation)")
    }
  }

  /// Of a polygon that does not cross itself, by the shoelace formula.
  private static func area(_ numbers: [Double]) -> Double {
    let count = numbers.count / 2
    let sum = (0..<count).reduce(0.0) { sum, corner in
      let next = (corner + 1) % count
      return sum + numbers[2 * corner] * numbers[2 * next + 1] - numbers[2 * next] * numbers[2 * corner + 1]
    }
    return abs(sum) / 2
  }

  /// The ear that the image shows on the right is the left one of a mirrored animal. Turned about, it stays left.
  @Test(arguments: [(["HorizontalFlip"], true), (["HorizontalFlip", "VerticalFlip"], false)])
  func aMirrorSwapsLeftAndRightPoints(transforms: [String], isMirrored: Bool) throws {
    let workspace = try Workspace()
    try LabelledDataSet.write(.keypoints, to: workspace)
    let nodes = transforms.map { "{\"__class_fullname__\": \"\($0)\", \"p\": 1.0}" }
    try workspace.addFile("turn.json", "[\(nodes.joined(separator: ", "))]")
    try workspace.run("augment", "in", "out", "--copies", "1", "--pipeline", "turn.json")
    try workspace.run("augment", "in", "unpaired", "--copies", "1", "--pipeline", "turn.json", "--flip-pairs", "none")
    // The nose is visible, the left ear hidden, and nobody has marked the right one.
    let kept = [Keypoint.Visibility.visible, .hidden, .unlabelled]
    for (folder, expected) in [("out", isMirrored ? [kept[0], kept[2], kept[1]] : kept), ("unpaired", kept)] {
      let objects = try workspace.objects(folder).values.flatMap { $0 }
      #expect(!objects.isEmpty && objects.allSatisfy { $0.shape.keypoints.map(\.visibility) == expected }, "\(folder)")
    }
  }

  /// An image that shows nothing is a sample, too.
  @Test(arguments: formats) func imagesWithoutObjectsStayLabelled(format: String) throws {
    let workspace = try Workspace()
    try workspace.addYOLO("empty", "")
    try workspace.addYOLO("full", "0 0.5 0.5 0.5 0.5\n")
    try workspace.run("augment", "in", "out", "--copies", "2", "--label-output", format)
    let objects = try workspace.objects("out")
    #expect(objects.count == 4 && objects.filter { $0.key.contains("empty") }.values.allSatisfy(\.isEmpty))
    #expect(objects.filter { $0.key.contains("full") }.values.allSatisfy { $0.count == 1 })
  }

  @Test(arguments: formats) func imagesOfTheSameNameKeepTheirOwnLabels(format: String) throws {
    let workspace = try Workspace()
    try workspace.addYOLO("left/a", "0 0.25 0.5 0.5 1\n")
    try workspace.addYOLO("right/a", "1 0.75 0.5 0.5 1\n")
    try workspace.addPipeline("same.json", "NoOp")
    try workspace.run("augment", "in", "out", "--pipeline", "same.json", "--copies", "1", "--label-output", format)
    let objects = try workspace.objects("out")
    #expect(objects.count == 2)
    for (path, objects) in objects {
      let isLeft = path.contains("left")
      try #require(objects.count == 1, "\(path)")
      #expect(objects[0].className == (isLeft ? "cat" : "dog"), "\(path)")
      #expect(objects[0].box.isNear(isLeft ? Box(0, 0, 50, 80) : Box(50, 0, 100, 80)), "\(path)")
    }
  }

  /// Where a folder of labels does not say which of two images it means, none gets them by chance.
  @Test func labelsThatFitTwoImagesAreNotGuessed() throws {
    let workspace = try Workspace()
    try workspace.addImage("in/a.png", as: .png)
    try workspace.addFile("labels/one/a.txt", "0 0.5 0.5 0.5 0.5\n")
    try workspace.addFile("labels/two/a.txt", "0 0.5 0.5 0.2 0.2\n")
    let outcome = try Program.run(
      ["augment", "in", "out", "--labels", "labels", "--label-format", "yolo", "--copies", "1"], in: workspace)
    #expect(outcome.status == 1 && outcome.errorText.contains("one/a"), "\(outcome.errorText)")
  }

  @Test func aBrokenLabelIsNamedAndStopsNothing() throws {
    let workspace = try Workspace()
    try workspace.addYOLO("good", "0 0.5 0.5 0.5 0.5\n")
    try workspace.addYOLO("half", "0 0.5 0.5 0.5 0.5\n1 0.5 nan 0.5 0.5\n1 0.4 0.4 0.2 0.2\n")
    let outcome = try workspace.run("convert", "in", "out", "--json")
    #expect(outcome.errorText.contains("labels/half.txt:2"), "\(outcome.errorText)")
    let objects = try workspace.objects("out")
    #expect(objects["images/good.png"]?.count == 1 && objects["images/half.png"]?.count == 2)
    #expect(try LabelSummary(outcome).labels.brokenObjects == 1)
  }

  @Test(arguments: formats) func labelsAreTheSameForAnyRanksAndStrategy(format: String) throws {
    let workspace = try Workspace()
    try LabelledDataSet.write(.polygons, to: workspace)
    let arguments = ["--copies", "4", "--label-output", format]
    try Program.augment("in", "reference", "--copies", "4", "--label-output", format, in: workspace)
    let reference = workspace.tree("reference")
    for (index, options) in StrategyNames.withFewestRanks.map({ ["--strategy"] + $0 }).enumerated() {
      let outcome = try Program.run(["augment", "in", "out\(index)"] + arguments + options, in: workspace)
      #expect(outcome.status == 0, "\(options): \(outcome.errorText)")
      #expect(workspace.tree("out\(index)") == reference, "\(options)")
    }
  }
}
