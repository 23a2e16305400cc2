import Datasets
import Foundation
import Imaging
import Jobs
import Strategies
import TestSupport
import Testing

/// `anonymize --regions`.
struct AnonymizeRegionsTests {
  @Test(arguments: Anonymize.Method.allCases, Anonymize.Shape.allCases)
  func whatIsInsideIsHiddenAndWhatIsOutsideStays(method: Anonymize.Method, shape: Anonymize.Shape) throws {
    let scene = try LabelledScene()
    let options = ["--regions", "labels.json", "--method", method.rawValue, "--shape", shape.rawValue]
    let outcome = try Program.run(["anonymize", "in", "out"] + options, in: scene.workspace)
    #expect(outcome.status == 0, "\(outcome.errorText)")
    for image in scene.images {
      let source = try Pixels("in/\(image.path)", in: scene.workspace)
      let product = try Pixels("out/\(image.path)", in: scene.workspace)
      let whole = try source.blurred(size: 61, sigma: 10)
      let hidden = scene.hidden(in: image, shape)
      #expect(hidden.count > 20 && product.color != source.color, "\(image.path)")
      for y in 0..<image.shape.height {
        for x in 0..<image.shape.width {
          let range = product.range(x, y)
          let isSame = product.color[range] == source.color[range]
          let isAsItShould =
            switch method {
            case _ where !hidden.contains([x, y]): isSame
            case .blur: product.color[range] == whole[range]
            case .solid: product.isBlack(x, y)
            case .pixelate: true  // its pixels have a test of their own
            }
          try #require(isAsItShould, "\(image.path): row \(y), column \(x)")
        }
      }
    }
  }

  @Test func regionsGrowAboutTheirCentresAndEndAtTheEdge() throws {
    let workspace = try Workspace()
    try workspace.addImage("in/a.png", as: .png, width: 40, height: 40)
    try workspace.addFile("labels/a.txt", "0 0.5 0.5 0.1 0.2\n0 1 1 0.1 0.1\n")
    let outcome = try Program.run(
      ["anonymize", "in", "out", "--regions", "labels", "--method", "solid", "--expand", "2"], in: workspace)
    #expect(outcome.status == 0, "\(outcome.errorText)")
    let isBlack = try Pixels("out/a.png", in: workspace).isBlack
    // 20 ± 4 and 20 ± 8; from 40 - 4 on.
    #expect(isBlack(16, 12) && isBlack(23, 27) && isBlack(36, 36) && isBlack(39, 39))
    #expect(!isBlack(15, 20) && !isBlack(24, 20) && !isBlack(20, 11) && !isBlack(20, 28) && !isBlack(35, 39))
  }

  @Test func theBlurOfARegionGrowsWithItsShorterSide() throws {
    let workspace = try Workspace()
    try workspace.addImage("in/a.png", as: .png, width: 100, height: 100)
    try workspace.addFile("labels/a.txt", "0 0.5 0.5 0.2 0.4\n")
    for (folder, options) in [("grown", ["--sigma", "0.2x"]), ("fixed", ["--sigma", "4", "--kernel", "25"])] {
      let outcome = try Program.run(["anonymize", "in", folder, "--regions", "labels"] + options, in: workspace)
      #expect(outcome.status == 0, "\(outcome.errorText)")
    }
    #expect(workspace.tree("grown") == workspace.tree("fixed"))
  }

  @Test func onlyTheNamedClassesAreHidden() throws {
    let workspace = try Workspace()
    try workspace.addImage("in/a.png", as: .png, width: 40, height: 40)
    try workspace.addFile("labels/classes.txt", "face\nplate\nraccoon\n")
    let lines = ["0 0.25 0.25 0.2 0.2", "1 0.75 0.75 0.2 0.2", "2 0.25 0.75 0.2 0.2"]
    try workspace.addFile("labels/a.txt", lines.joined(separator: "\n"))
    let options = ["--regions", "labels", "--method", "solid", "--classes"]
    let outcome = try Program.run(["anonymize", "in", "out"] + options + ["face, plate"], in: workspace)
    #expect(outcome.status == 0, "\(outcome.errorText)")
    let product = try Pixels("out/a.png", in: workspace)
    #expect(product.isBlack(10, 10) && product.isBlack(30, 30) && !product.isBlack(10, 30))
    let refusal = try Program.run(["anonymize", "in", "none"] + options + ["face,horse"], in: workspace)
    #expect(refusal.status == 64 && !workspace.tree.files.contains { $0.hasPrefix("none") })
    #expect(
      refusal.errorText == """
        augment-cli: labels: no region is of the class "horse"; the classes are "face", "plate", "raccoon"

        """)
  }

  @Test func regionsGiveTheSameBytesUnderEveryStrategyAndTransparencyStays() throws {
    let scene = try LabelledScene()
    let workspace = scene.workspace
    try workspace.addTransparentImage("in/transparent.png")
    try workspace.addImage("in/photo.jpg")
    let options = ["--regions", "labels.json", "--sigma", "0.1x", "--expand", "1.3", "--shape", "ellipse"]
    var reference: Tree?
    for strategy in StrategyNames.withFewestRanks + StrategyNames.parallel.map({ [$0, "--ranks", "5"] }) {
      let output = strategy.joined()
      let outcome = try Program.run(["anonymize", "in", output, "--strategy"] + strategy + options, in: workspace)
      #expect(outcome.status == 0, "\(outcome.errorText)")
      let tree = workspace.tree(output)
      #expect(tree.files.count == 5 && tree == reference ?? tree, "\(strategy)")
      reference = tree
      #expect(
        try Pixels("\(output)/transparent.png", in: workspace) == Pixels("in/transparent.png", in: workspace))
    }
  }

  @Test func anImageThatNoLabelNamesIsCopiedAndReported() throws {
    let workspace = try Workspace(images: 3)
    try workspace.addFile("labels/image1.txt", "")
    let outcome = try Program.run(
      ["anonymize", "in", "out", "--regions", "labels", "--format", "png", "--json"], in: workspace)
    let summary = try Summary(outcome)
    #expect(outcome.status == 0 && summary.copies == 3)
    let warnings = ["image0.jpg", "image2.jpg"].map { "\($0): no label names it: nothing is hidden" }
    #expect(summary.warnings.sorted() == warnings)
    for warning in warnings { #expect(outcome.errorLines.count { $0.contains(warning) } == 1) }
    for index in 0..<3 {
      #expect(try Pixels("out/image\(index).png", in: workspace) == Pixels("in/image\(index).jpg", in: workspace))
    }
  }

  @Test func labelsOfOtherImagesAreRefused() throws {
    let workspace = try Workspace(images: 2)
    try workspace.addFile("labels/photo.txt", "")
    let outcome = try Program.run(["anonymize", "in", "out", "--regions", "labels"], in: workspace)
    #expect(outcome.status == 64 && outcome.errorText == "augment-cli: the labels name no image of the input\n")
    #expect(!workspace.tree.files.contains { $0.hasPrefix("out") })
  }

  @Test func regionsOutsideTheImageAreReported() throws {
    let workspace = try Workspace(images: 1)
    let box = { (x: Int) in "{\"image_id\": 0, \"category_id\": 0, \"bbox\": [\(x), 10, 5, 5]}" }
    try workspace.addFile(
      "labels.json",
      """
      {"images": [{"id": 0, "file_name": "image0.jpg"}], "categories": [{"id": 0, "name": "face"}],
      "annotations": [\([-5, -4, 95, 96].map(box).joined(separator: ","))]}
      """)
    let outcome = try Program.run(["anonymize", "in", "out", "--regions", "labels.json", "--json"], in: workspace)
    #expect(outcome.status == 0)
    #expect(try Summary(outcome).warnings == ["image0.jpg: regions that lie outside it: 2 of 4"])
  }

  /// Its regions would hide something else.
  @Test func anImageThatTwoLabelsMayMeanIsNotWritten() throws {
    let workspace = try Workspace(images: 2)
    for name in ["train/image0.txt", "val/image0.txt", "image1.txt"] { try workspace.addFile("labels/\(name)", "") }
    let outcome = try Program.run(["anonymize", "in", "out", "--regions", "labels"], in: workspace)
    #expect(outcome.status == 1 && workspace.tree("out").files == ["image1.jpg"])
    let text = "image0.jpg: the labels of train/image0 and of val/image0 may both be meant for it"
    #expect(outcome.errorText.contains(text), "\(outcome.errorText)")
  }

  @Test func anImageOfAnotherSizeThanItsLabelStatesIsNotWritten() throws {
    let workspace = try Workspace(images: 2)
    let size = { (width: Int) in "<size><width>\(width)</width><height>72</height></size>" }
    try workspace.addFile("labels/image0.xml", "<annotation>\(size(96))</annotation>")
    try workspace.addFile("labels/image1.xml", "<annotation>\(size(97))</annotation>")
    let outcome = try Program.run(["anonymize", "in", "out", "--regions", "labels", "--quiet"], in: workspace)
    #expect(outcome.status == 1 && workspace.tree("out").files == ["image0.jpg"])
    #expect(outcome.errorLines.count == 1)
    #expect(outcome.errorText.contains("image1.jpg: its label is for 97x72 pixels, but upright it has 96x72"))
  }

  @Test(arguments: [
    ("nowhere", "nowhere: cannot open: No such file or directory"), ("in", "in: no labels here: neither a .json file"),
    ("labels.json", "labels.json:1: is not JSON: it ends too early"),
    ("labels", "labels/b.txt:1: must be a number, not \"nan\""),
  ])
  func labelsThatCannotBeReadAreRefusedInALine(path: String, text: String) throws {
    let workspace = try Workspace(images: 1)
    try workspace.addFile("labels.json", "{")
    try workspace.addFile("labels/b.txt", "0 nan 0 0 0")
    let before = workspace.tree
    let outcome = try Program.run(["anonymize", "in", "out", "--regions", path], in: workspace)
    #expect(outcome.status == 2 && outcome.errorLines.count == 1 && workspace.tree == before)
    #expect(outcome.errorText.hasPrefix("augment-cli: \(text)"), "\(outcome.errorText)")
  }

  @Test(.enabled(if: SharedData.annotations != nil, "no annotated photographs beside the package"))
  func everyRaccoonOfThePhotographsIsBlack() throws {
    let (photographs, annotations) = (try #require(SharedData.photographs), try #require(SharedData.annotations))
    let workspace = try Workspace()
    let outcome = try Program.run(
      ["anonymize", photographs, "out", "--regions", annotations, "--method", "solid", "--format", "png", "--json"],
      in: workspace)
    let summary = try Summary(outcome)
    #expect(outcome.status == 0 && summary.copies == 200 && summary.warnings.isEmpty)
    let labels = try LabelSet(reading: annotations)
    for name in SharedData.files(in: photographs).prefix(20) {
      let product = try Pixels("out/\(name.split(separator: ".")[0]).png", in: workspace)
      guard case .one(let labelled) = labels.match(InputImage(path: name, format: .jpeg)) else {
        Issue.record("\(name) has no label")
        continue
      }
      for region in labelled.objects {
        let center = region.box.center
        #expect(product.isBlack(Int(center.x), Int(center.y)), "\(name)")
      }
    }
  }
}
