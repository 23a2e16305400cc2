import Datasets
import Foundation
import Imaging
import augment_cli
import Strategies
import Testing

/// Commands other than `augment`.
struct CommandTests {
  @Test func transformsListsEveryTransform() throws {
    let outcome = try Program.run(["transforms"], in: Workspace())
    #expect(outcome.status == 0 && outcome.errorText.isEmpty)
    let names = TransformCatalog.all.map { $0.name }
    for name in names {
      #expect(outcome.output.split(separator: "\n").contains { $0.hasPrefix("  \(name) ") }, "\(name)")
    }
    let all = try Program.run(["transforms", "--all"], in: Workspace())
    for name in names {
      #expect(all.output.split(separator: "\n").contains { $0.hasPrefix("\(name)  (p ") }, "\(name)")
    }
  }

  @Test func transformsShowsOneWithItsParameters() throws {
    let outcome = try Program.run(["transforms", "Posterize"], in: Workspace())
    #expect(outcome.status == 0 && outcome.output == TransformListing.text(of: [Posterize.self]))
    let unknown = try Program.run(["transforms", "Posterise"], in: Workspace())
    #expect(unknown.status == 64 && unknown.errorText.contains("did you mean Posterize?"))
  }

  @Test func explainDrawsThePipelineStepByStep() throws {
    let workspace = try Workspace(images: 1)
    try workspace.addPipeline("p.json", "VerticalFlip", "Sharpen")
    let outcome = try Program.run(["explain", "p.json", "--preview", "in/image0.jpg", "steps.png"], in: workspace)
    #expect(outcome.status == 0 && outcome.errorText.isEmpty, "\(outcome.errorText)")
    // The image and two steps, each in a cell of 320 columns.
    #expect(try ImageFile.read(workspace.absolute("steps.png")).color.shape.width > 3 * 320)
    let missing = try Program.run(["explain", "--preview", "nothing.jpg", "steps.png"], in: workspace)
    #expect(missing.status == 2 && missing.errorText.hasPrefix("augment-cli: nothing.jpg: "))
  }

  @Test func galleryDrawsEveryFamily() throws {
    let workspace = try Workspace()
    try workspace.addImage("a.png", as: .png, width: 96, height: 72)
    try FileManager.default.createDirectory(atPath: workspace.absolute("gallery"), withIntermediateDirectories: false)
    let outcome = try Program.run(["transforms", "--gallery", "gallery", "--image", "a.png"], in: workspace)
    #expect(outcome.status == 0, "\(outcome.errorText)")
    for family in TransformCatalog.families where !family.transforms.isEmpty {
      let sheet = try ImageFile.read(workspace.absolute("gallery/\(family.name.lowercased()).jpg"))
      #expect(sheet.color.shape.width > 3 * 160)
    }
  }

  @Test func explainShowsTheDefaultPipelineAndAFile() throws {
    let workspace = try Workspace()
    let builtIn = try Program.run(["explain"], in: workspace)
    #expect(builtIn.status == 0 && builtIn.errorText.isEmpty)
    #expect(builtIn.output == PipelineExplanation.text(of: .default))
    try workspace.addPipeline("p.json", "VerticalFlip", "Sharpen")
    let file = try Program.run(["explain", "p.json"], in: workspace)
    #expect(file.status == 0)
    let pipeline = try Pipeline(file: workspace.absolute("p.json"))
    #expect(file.output == PipelineExplanation.text(of: pipeline))
    #expect(file.output.contains("VerticalFlip") && file.output.contains("Sharpen"))
  }

  @Test func explainRefusesABadFileInOneLine() throws {
    let workspace = try Workspace()
    try workspace.addPipeline("bad\nname.json", "VerticalFlip", "Sharpe")
    let outcome = try Program.run(["explain", "bad\nname.json"], in: workspace)
    #expect(outcome.status == 2 && outcome.output.isEmpty)
    #expect(
      outcome.errorText == #"""
        augment-cli: bad\nname.json:1: [1].__class_fullname__: unknown transform "Sharpe"; did you mean "Sharpen"?

        """#)
  }

  @Test(arguments: [["transforms"], ["explain"]])
  func textThatCannotBePrintedIsAnError(arguments: [String]) throws {
    let outcome = try Program.run(
      arguments, in: Workspace(), prefix: ["sh", "-c", "exec \"$@\" > /dev/full", "sh"])
    #expect(outcome.status == 2)
    #expect(outcome.errorText == "augment-cli: cannot write to standard output: No space left on device\n")
  }

  @Test func generateIsDeterministicAndEachImageItsOwn() throws {
    let workspace = try Workspace()
    for pattern in ["checkerboard", "noise", "scene", "thermal"] {
      let options = ["--pattern", pattern, "--size", "60x40", "--images", "6", "--format", "png"]
      for folder in ["a", "b"] {
        let outcome = try Program.run(["generate", "\(folder)/\(pattern)"] + options, in: workspace)
        #expect(outcome.status == 0 && outcome.output.isEmpty && outcome.errorText.isEmpty)
      }
      let image = try ImageFile.read(workspace.absolute("a/\(pattern)/\(pattern)_0003.png"))
      #expect(image.color.shape == ImageShape(width: 60, height: 40, channels: pattern == "thermal" ? 1 : 3))
    }
    #expect(workspace.tree("a") == workspace.tree("b"))
    #expect(workspace.tree("a").files.count == 24)
    #expect(Set(workspace.tree("a").entries.values.filter { $0 != .folder }).count == 24)
    // The seed is the number of the first image.
    _ = try Program.run(
      ["generate", "later", "--size", "60x40", "--images", "1", "--format", "png", "--seed", "3"], in: workspace)
    #expect(workspace.contents("later/scene_0000.png") == workspace.contents("a/scene/scene_0003.png"))
  }

  @Test func generateRefusesAFolderThatIsNotEmpty() throws {
    let workspace = try Workspace()
    try workspace.addFile("folder/mine.txt")
    let before = workspace.tree
    let outcome = try Program.run(["generate", "folder", "--images", "1"], in: workspace)
    #expect(outcome.status == 2)
    #expect(outcome.errorText == "augment-cli: folder is not empty: name another folder\n")
    #expect(workspace.tree == before)
  }

  @Test(arguments: ["--size 0x3", "--size 3", "--images 0", "--format keep", "--quality 0", "--pattern nothing"])
  func generateRefusesWhatItCannotMake(options: String) throws {
    let workspace = try Workspace()
    let outcome = try Program.run(["generate", "out"] + options.split(separator: " ").map(String.init), in: workspace)
    #expect(outcome.status == 64)
    #expect(workspace.tree == Tree())
  }

  @Test(arguments: [("sheet.png", FileKind.png), ("made/for/it/sheet.jpg", FileKind.jpeg)])
  func contactSheetShowsImagesAndTheirCopies(sheet: String, kind: FileKind) throws {
    let workspace = try Workspace(images: 3)
    try Program.augment("in", "out", "--copies", "4", in: workspace)
    let outcome = try Program.run(
      ["contact-sheet", "in", "out", sheet, "--rows", "2", "--copies", "3", "--cell", "50x40"], in: workspace)
    #expect(outcome.status == 0, "\(outcome.errorText)")
    #expect(FileKind([UInt8](workspace.contents(sheet) ?? Data())) == kind)
    let shape = try ImageFile.read(workspace.absolute(sheet)).color.shape
    #expect(shape.width >= 4 * 50 && shape.height >= 2 * 40 && shape.width < 5 * 50 && shape.height < 3 * 40)
  }

  @Test func contactSheetNamesTheCopyThatIsMissing() throws {
    let workspace = try Workspace(images: 1)
    let outcome = try Program.run(["contact-sheet", "in", "out", "sheet.png"], in: workspace)
    #expect(outcome.status == 2)
    #expect(outcome.errorText == "augment-cli: out/image0_aug000000.jpg: cannot open: No such file or directory\n")
    #expect(workspace.contents("sheet.png") == nil)
    let usage = try Program.run(["contact-sheet", "in", "out", "sheet.gif"], in: workspace)
    #expect(usage.status == 64)
  }
}
