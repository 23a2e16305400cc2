import Datasets
import Foundation
import Imaging
import TestSupport
import Testing

/// Mistakes that programs make with boxes, each known from reports about one.
struct LabelTrapTests {
  private static let formats = ["voc", "coco", "yolo"]

  private static func voc(_ objects: String...) throws -> Workspace {
    let workspace = try Workspace()
    try workspace.addVOC("a", objects.joined(separator: "\n"))
    try workspace.addPipeline("same.json", "NoOp")
    try workspace.addPipeline("mirror.json", "HorizontalFlip")
    return workspace
  }

  // Boxes off by a pixel or two.

  @Test(arguments: formats) func aBoxStaysWhereNothingMoves(format: String) throws {
    let workspace = try Self.voc(Workspace.vocObject([11, 21, 50, 60]), Workspace.vocObject([1, 1, 100, 80]))
    try workspace.run("augment", "in", "out", "--pipeline", "same.json", "--copies", "1", "--label-output", format)
    let boxes = try workspace.onlyObjects("out").map(\.box)
    #expect(boxes.count == 2 && boxes[0].isNear(Box(10, 20, 50, 60)) && boxes[1].isNear(Box(0, 0, 100, 80)), "\(boxes)")
  }

  @Test func wholeNumbersOfVOCStayWhole() throws {
    let object = Workspace.vocObject([11, 21, 50, 60])
    let workspace = try Self.voc(object)
    try workspace.run("augment", "in", "out", "--pipeline", "same.json", "--copies", "1")
    let file = try #require(workspace.tree("out").files.first { $0.hasSuffix(".xml") })
    let text = String(decoding: try #require(workspace.contents("out/\(file)")), as: UTF8.self)
    for number in ["<xmin>11</xmin>", "<ymin>21</ymin>", "<xmax>50</xmax>", "<ymax>60</ymax>"] {
      #expect(text.contains(number), "\(text)")
    }
  }

  @Test(arguments: formats) func aMirrorIsExactToThePixel(format: String) throws {
    let workspace = try Self.voc(Workspace.vocObject([1, 21, 50, 60]))
    try workspace.run("augment", "in", "out", "--pipeline", "mirror.json", "--copies", "1", "--label-output", format)
    let boxes = try workspace.onlyObjects("out").map(\.box)
    #expect(boxes.count == 1 && boxes[0].isNear(Box(50, 20, 100, 60)), "\(boxes)")
  }

  @Test(arguments: [
    "\"ElasticTransform\", \"alpha\": 0, \"sigma\": 5",
    "\"OpticalDistortion\", \"mode\": \"fisheye\", \"distort_limit\": [0, 0]", "\"Affine\", \"rotate\": [0, 0]",
  ]) func aFieldOfNoStrengthMovesNoBox(transform: String) throws {
    let workspace = try Self.voc(Workspace.vocObject([51, 31, 100, 80]), Workspace.vocObject([11, 11, 50, 50]))
    try workspace.addFile("still.json", "[{\"__class_fullname__\": \(transform), \"p\": 1.0}]")
    try workspace.run("augment", "in", "out", "--pipeline", "still.json", "--copies", "1")
    let boxes = try workspace.onlyObjects("out").map(\.box)
    #expect(
      boxes.count == 2 && boxes[0].isNear(Box(50, 30, 100, 80), 0.01) && boxes[1].isNear(Box(10, 10, 50, 50), 0.01),
      "\(boxes)")
  }

  @Test func theFirstPixelOfVOCIsOneUnlessSaid() throws {
    let workspace = try Self.voc(Workspace.vocObject([1, 1, 100, 80]))
    try workspace.run("convert", "in", "one", "--label-output", "yolo")
    #expect(try workspace.onlyObjects("one")[0].box.isNear(Box(0, 0, 100, 80)))
    try workspace.run("convert", "in", "zero", "--label-output", "yolo", "--voc-origin", "0")
    #expect(try workspace.onlyObjects("zero")[0].box.isNear(Box(1, 1, 100, 80)))
    try workspace.run("convert", "zero", "back", "--label-output", "voc", "--voc-origin", "0")
    var options = LabelOptions()
    options.vocOrigin = 0
    #expect(try workspace.onlyObjects("back", options)[0].box.isNear(Box(1, 1, 100, 80)))
    #expect(try workspace.onlyObjects("back")[0].box.isNear(Box(0, 0, 100, 80)))
  }

  // Boxes that vanish.

  @Test func whatLeavesTheImageHasNoLabel() throws {
    let workspace = try Self.voc(
      Workspace.vocObject([1, 1, 20, 20], className: "corner"),
      Workspace.vocObject([41, 31, 60, 50], className: "middle"),
      Workspace.vocObject([21, 31, 40, 50], className: "cut"))
    try workspace.addFile(
      "crop.json", "[{\"__class_fullname__\": \"CenterCrop\", \"height\": 40, \"width\": 40, \"p\": 1.0}]")
    let outcome = try workspace.run(
      "augment", "in", "out", "--pipeline", "crop.json", "--copies", "3", "--json", "--report", "lost.json")
    for objects in try workspace.objects("out").values {
      #expect(objects.map(\.className) == ["middle", "cut"])
      #expect(objects[0].box.isNear(Box(10, 10, 30, 30)) && objects[1].box.isNear(Box(0, 10, 10, 30)))
    }
    let summary = try LabelSummary(outcome)
    #expect(summary.labels.objects == 6 && summary.labels.objectsDropped == 3)
    let report = try JSONSerialization.jsonObject(with: try #require(workspace.contents("lost.json")))
    let lost = try #require(report as? [[String: Any]])
    #expect(
      lost.count == 3 && lost.allSatisfy { $0["class"] as? String == "corner" && $0["visibility"] as? Double == 0 })
    #expect(lost.allSatisfy { ($0["reason"] as? String)?.isEmpty == false && $0["object"] as? Int == 1 })
  }

  /// Both crops show more than half of what was there before, together three eighths.
  @Test func visibilityIsThatOfTheOriginalBox() throws {
    let workspace = try Workspace()
    try workspace.addVOC("a", Workspace.vocObject([71, 101, 230, 200]), width: 300, height: 300)
    let crops = [100, 60].map {
      "{\"__class_fullname__\": \"CenterCrop\", \"height\": 300, \"width\": \($0), \"p\": 1}"
    }
    try workspace.addFile("crops.json", "[\(crops.joined(separator: ", "))]")
    let arguments = ["--pipeline", "crops.json", "--copies", "1", "--min-visibility"]
    for (folder, options, count) in [
      ("strict", ["0.5"], 0), ("mild", ["0.37"], 1), ("steps", ["0.5", "--compatible-visibility"], 1),
      ("strictSteps", ["0.61", "--compatible-visibility"], 0),
    ] {
      let outcome = try Program.run(["augment", "in", folder] + arguments + options, in: workspace)
      #expect(outcome.status == 0, "\(outcome.errorText)")
      #expect(try workspace.onlyObjects(folder).count == count, "\(options)")
    }
  }

  // Frames and digits.

  /// Labels are for the upright image, as viewers show it; the copy is upright and has no tag.
  @Test(arguments: formats) func labelsAreForTheUprightImage(format: String) throws {
    let workspace = try Workspace()
    try workspace.addVOC("a", Workspace.vocObject([11, 21, 50, 60]), width: 80, height: 100)
    try FileManager.default.removeItem(atPath: workspace.absolute("in/JPEGImages/a.png"))
    try workspace.addTurnedImage("in/JPEGImages/a.jpg", width: 100, height: 80)
    try workspace.addPipeline("mirror.json", "HorizontalFlip")
    for (folder, command) in [
      ("mirrored", ["augment", "--pipeline", "mirror.json", "--copies", "1"]), ("same", ["convert"]),
    ] {
      let outcome = try Program.run(
        [command[0], "in", folder] + command.dropFirst() + ["--label-output", format], in: workspace)
      try #require(outcome.status == 0, "\(outcome.errorText)")
      #expect(try workspace.imageSizes(folder).values.first == [80, 100])
      let expected = folder == "same" ? Box(10, 20, 50, 60) : Box(30, 20, 70, 60)
      #expect(try workspace.onlyObjects(folder)[0].box.isNear(expected))
    }
  }

  /// A label for the image as it is stored would lie elsewhere.
  @Test func labelsForTheStoredImageAreRefused() throws {
    let workspace = try Self.voc(Workspace.vocObject([11, 21, 50, 60]))
    try FileManager.default.removeItem(atPath: workspace.absolute("in/JPEGImages/a.png"))
    try workspace.addTurnedImage("in/JPEGImages/a.jpg", width: 100, height: 80)
    let outcome = try Program.run(["augment", "in", "out", "--copies", "1"], in: workspace)
    #expect(outcome.status == 1 && outcome.errorText.contains("100x80"), "\(outcome.errorText)")
  }

  /// Six decimals of centre and size can be off by a millionth at the edges.
  @Test func aBoxAtTheEdgeMayBeOffInItsLastDigit() throws {
    var random = SeededGenerator(seed: 9)
    let lines = (0..<200).map { _ in
      let side = (Double.random(in: 0.01...0.99, using: &random) * 1e6).rounded() / 1e6
      let isFirst = Bool.random(using: &random)
      // Rounded away from the image, as half of all programs do.
      let centre = isFirst ? (side / 2 * 1e6).rounded(.down) / 1e6 : 1 - (side / 2 * 1e6).rounded(.down) / 1e6
      return String(format: "0 %.6f 0.5 %.6f 1.0", centre, side)
    }
    let workspace = try Workspace()
    try workspace.addYOLO("a", lines.joined(separator: "\n") + "\n")
    try workspace.run("convert", "in", "out", "--invalid-boxes", "fail")
    let objects = try workspace.onlyObjects("out")
    #expect(objects.count == 200)
    #expect(objects.allSatisfy { $0.box.upperLeft.x >= -1e-3 && $0.box.lowerRight.x <= 100.001 })
  }

  @Test func aBoxThatReachesBeyondTheImageIsClippedDroppedOrRefused() throws {
    let workspace = try Workspace()
    try workspace.addYOLO("a", "0 0.1 0.5 0.4 0.5\n1 0.5 0.5 0.2 0.2\n")
    try workspace.addYOLO("b", "1 0.5 0.5 0.2 0.2\n")
    for (policy, classes, status) in [("clip", ["cat", "dog"], Int32(0)), ("drop", ["dog"], 0), ("fail", nil, 1)] {
      let outcome = try Program.run(["convert", "in", policy, "--invalid-boxes", policy], in: workspace)
      #expect(outcome.status == status, "\(outcome.errorText)")
      let objects = try workspace.objects(policy)
      #expect(objects["images/b.png"]?.count == 1)
      #expect(objects["images/a.png"]?.map(\.className) == classes, "\(policy)")
    }
    let clipped = try #require(try workspace.objects("clip")["images/a.png"]?.first)
    #expect(clipped.box.isNear(Box(0, 20, 30, 60)))
  }
}

extension Workspace {
  /// A JPEG whose EXIF segment asks for a quarter turn: it is stored with the given size, and shown with its sides swapped.
  func addTurnedImage(_ path: String, width: Int, height: Int) throws {
    try addImage(path, width: width, height: height)
    let file = [UInt8](try #require(contents(path)))
    let tag: [UInt8] = [0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0]
    let content = [UInt8]("Exif\0\0MM".utf8) + [0, 42, 0, 0, 0, 8] + tag
    let turned = file[..<2] + [0xFF, 0xE1, 0, UInt8(content.count + 2)] + content + file[2...]
    try Data(turned).write(to: URL(filePath: absolute(path)))
  }
}
