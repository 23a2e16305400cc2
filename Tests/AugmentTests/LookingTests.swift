import Datasets
import Foundation
import Imaging
import Testing

/// `preview` and `stats`.
struct LookingTests {
  /// Three images with boxes in VOC, of which one is not inside, an image without a label, and a broken file.
  private static func workspace() throws -> Workspace {
    let workspace = try Workspace()
    for index in 0..<4 { try workspace.addImage("set/JPEGImages/\(index).jpg", seed: index) }
    for index in 0..<3 {
      let last = index == 2 ? 120 : 90
      try workspace.addFile(
        "set/Annotations/\(index).xml",
        """
        <annotation><size><width>96</width><height>72</height></size><object><name>\(index == 0 ? "dog" : "cat")</name>
        <bndbox><xmin>11</xmin><ymin>21</ymin><xmax>\(last)</xmax><ymax>60</ymax></bndbox></object></annotation>
        """)
    }
    try workspace.addFile("set/ImageSets/Main/train.txt", "0\n1\n")
    try workspace.addFile("set/ImageSets/Main/val.txt", "2\n")
    return workspace
  }

  private static func addBrokenImage(to workspace: Workspace) throws {
    try workspace.addFile("set/JPEGImages/broken.jpg", "no image")
  }

  private static func json(_ arguments: [String], in workspace: Workspace, status: Int32 = 0) throws -> [String: Any] {
    let outcome = try Program.run(["stats"] + arguments + ["--json"], in: workspace)
    #expect(outcome.status == status && outcome.errorText.isEmpty, "\(outcome.errorText)")
    #expect(outcome.output.split(separator: "\n").count == 1)
    return try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
  }

  // MARK: Preview

  @Test func previewDrawsEachImageAndTheSameSheetEachTime() throws {
    let workspace = try Self.workspace()
    for sheet in ["a.png", "b.png", "c.jpg"] {
      let outcome = try Program.run(
        ["preview", "set", "--output", sheet, "--size", "120x90", "--columns", "4"], in: workspace)
      #expect(outcome.status == 0 && outcome.output.isEmpty && outcome.errorText.isEmpty, "\(outcome.errorText)")
    }
    #expect(workspace.contents("a.png") == workspace.contents("b.png"))
    let image = try Pixels("a.png", in: workspace)
    #expect(image.shape.width == 6 + 4 * 126)
    // In the box of the first image, which is drawn 1.25 times as large: its left side.
    let (x, y) = (6 + Int(12.5), 6 + 60)
    let side = image.range(x, y)
    let inside = image.range(x + 20, y)
    #expect(image.color[side] != image.color[inside])
    #expect(try Pixels("c.jpg", in: workspace).shape == image.shape)
  }

  @Test func aBrokenImageIsAnEmptyCellAndGivesStatus1() throws {
    let workspace = try Self.workspace()
    try Self.addBrokenImage(to: workspace)
    let outcome = try Program.run(["preview", "set", "--output", "a.png", "--size", "120x90"], in: workspace)
    #expect(outcome.status == 1 && outcome.errorText.isEmpty, "\(outcome.errorText)")
    // The fifth of three columns.
    let pixels = try Pixels("a.png", in: workspace)
    let corner = (x: 6 + 126 + 2, y: 6 + (90 + 16 + 6) + 2)
    #expect(Array(pixels.color[pixels.range(corner.x, corner.y)]) == [232, 232, 234])
  }

  @Test func aSeedPicksOtherImagesAndASplitItsOwn() throws {
    let workspace = try Workspace(images: 40, width: 40, height: 30)
    var sheets: Set<Data> = []
    for (index, options) in [[], ["--seed", "1"], ["--seed", "2"], ["--seed", "1"]].enumerated() {
      let arguments = ["preview", "in", "--output", "\(index).png", "--count", "4", "--size", "80x60"] + options
      #expect(try Program.run(arguments, in: workspace).status == 0)
      sheets.insert(try #require(workspace.contents("\(index).png")))
    }
    #expect(sheets.count == 3)
    let labelled = try Self.workspace()
    let split = try Program.run(
      ["preview", "set", "--output", "a.png", "--split", "val", "--size", "120x90"], in: labelled)
    #expect(split.status == 0)
    #expect(try Pixels("a.png", in: labelled).shape.width == 6 + 126)
  }

  @Test func aSplitThatIsNotThereIsAnErrorWithTheOthers() throws {
    let outcome = try Program.run(["preview", "set", "--output", "a.png", "--split", "test"], in: Self.workspace())
    #expect(outcome.status == 2)
    #expect(outcome.errorLines == [#"augment-cli: set: there is no split "test"; the parts are train, val"#])
  }

  @Test(arguments: [
    "--output a.gif", "--output a.png --count 0", "--output a.png --columns 0", "--output a.png --size 3x3",
    "--output a.png --count 1000 --size 4000x4000", "--output a.png --voc-origin 2",
    "--output a.png --label-format voc",
    "",
  ])
  func previewRefusesWhatCannotBe(options: String) throws {
    let workspace = try Self.workspace()
    let outcome = try Program.run(["preview", "set"] + options.split(separator: " ").map(String.init), in: workspace)
    #expect(outcome.status == 64 && workspace.contents("a.png") == nil)
  }

  @Test func aFolderWithoutImagesIsAnError() throws {
    let workspace = try Workspace()
    try workspace.addFile("empty/readme.txt")
    for arguments in [["preview", "empty", "--output", "a.png"], ["stats", "empty"]] {
      let outcome = try Program.run(arguments, in: workspace)
      #expect(outcome.status == 2 && outcome.errorLines == ["augment-cli: empty: no images here"])
    }
  }

  // MARK: Stats

  @Test func statsTellsEverythingAsJSON() throws {
    let workspace = try Self.workspace()
    let found = try Self.json(["set"], in: workspace)
    let images = try #require(found["images"] as? [String: Any])
    #expect(images["count"] as? Int == 4 && images["formats"] as? [String: Int] == ["jpeg": 4])
    let labels = try #require(found["labels"] as? [String: Any])
    #expect(labels["format"] as? String == "Pascal VOC" && labels["objects"] as? Int == 3)
    let classes = try #require(labels["classes"] as? [[String: Any]])
    #expect(classes.map { $0["name"] as? String } == ["cat", "dog"])
    #expect(classes.map { $0["objects"] as? Int } == [2, 1])
    let width = try #require(labels["width"] as? [String: Any])
    #expect(width["minimum"] as? Double == 80 && width["maximum"] as? Double == 110)
    let stray = try #require(labels["strayBoxes"] as? [[String: Any]])
    #expect(stray.count == 1 && stray[0]["image"] as? String == "JPEGImages/2.jpg")
    #expect(found["imagesWithoutLabels"] as? [String] == ["JPEGImages/3.jpg"])
    let splits = try #require(found["splits"] as? [[String: Any]])
    #expect(splits.map { $0["images"] as? Int } == [2, 1])
    #expect((found["duplicates"] as? [[String]])?.isEmpty == true)
  }

  @Test func brokenFilesGiveStatus1AndAreNamed() throws {
    let workspace = try Self.workspace()
    try Self.addBrokenImage(to: workspace)
    try workspace.addFile("set/Annotations/3.xml", "<annotation>")
    let found = try Self.json(["set"], in: workspace, status: 1)
    let files = try #require(found["brokenFiles"] as? [[String: String]])
    #expect(files == [["path": "JPEGImages/broken.jpg", "reason": "unsupported: text file"]])
    let labels = try #require(found["brokenLabels"] as? [[String: Any]])
    #expect(labels.map { $0["file"] as? String } == ["set/Annotations/3.xml"])
    let text = try Program.run(["stats", "set", "--quiet"], in: workspace)
    #expect(text.status == 1 && text.errorText.isEmpty)
    #expect(text.output.contains("JPEGImages/broken.jpg: unsupported: text file"))
  }

  @Test func statsIsATextForPeople() throws {
    let workspace = try Self.workspace()
    try FileManager.default.copyItem(
      atPath: workspace.absolute("set/JPEGImages/0.jpg"), toPath: workspace.absolute("set/JPEGImages/copy.jpg"))
    let outcome = try Program.run(["stats", "set", "--quiet"], in: workspace)
    #expect(outcome.status == 0 && outcome.errorText.isEmpty)
    for part in [
      "5 images: 5 JPEG", "Pascal VOC labels: 3 objects on 3 images", "Images without labels: 2",
      "Box that is not inside its image: 1", "JPEGImages/0.jpg = JPEGImages/copy.jpg",
    ] { #expect(outcome.output.contains(part), "\(part)") }
    #expect(outcome.output.split(separator: "\n").allSatisfy { $0.count < 120 })
  }

  @Test func imagesAloneHaveStatisticsToo() throws {
    let workspace = try Workspace(images: 2)
    #expect(try Self.json(["in"], in: workspace)["labels"] == nil)
    let text = try Program.run(["stats", "in", "--quiet"], in: workspace)
    #expect(text.status == 0 && text.output.contains("No labels found."))
  }

  @Test func chartsNeedGnuplotAndAPNGFile() throws {
    let workspace = try Self.workspace()
    #expect(try Program.run(["stats", "set", "--charts", "a.svg"], in: workspace).status == 64)
    let outcome = try Program.run(
      ["stats", "set", "--charts", "a.png"], in: workspace, prefix: ["env", "PATH=/nowhere"])
    #expect(outcome.status == 2 && outcome.output.isEmpty && workspace.contents("a.png") == nil)
    #expect(outcome.errorText.hasPrefix("augment-cli: gnuplot is not installed: "))
  }
}
