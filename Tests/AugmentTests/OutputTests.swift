import Datasets
import Foundation
import Imaging
import Strategies
import Testing

/// The contents of OUTPUT after a run, by option.
struct OutputTests {
  private func workspace() throws -> Workspace {
    let workspace = try Workspace(images: 2)
    try workspace.addImage("in/sub/deep/drawing.png", as: .png, width: 40, height: 30)
    try workspace.addFile("in/sub/labels.txt", "image0 1 2 3 4")
    return workspace
  }

  @Test func treeIsMirrored() throws {
    let workspace = try workspace()
    let before = workspace.tree("in")
    try Program.augment("in", "new/folder/out", "--copies", "1", in: workspace)
    #expect(
      workspace.tree("new/folder/out").entries.keys.sorted() == [
        "image0_aug000000.jpg", "image1_aug000000.jpg", "sub", "sub/deep", "sub/deep/drawing_aug000000.png",
      ])
    #expect(workspace.tree("in") == before)
  }

  @Test func overwriteReplacesCopiesRemovesRemainsAndLeavesTheRest() throws {
    let workspace = try workspace()
    try Program.augment("in", "reference", in: workspace)
    let before = workspace.tree("in")
    for path in ["out/image0_aug000001.jpg", "out/mine.txt", "out/sub/deep/drawing_aug000000.png", "out/.augment-keep"]
    {
      try workspace.addFile(path, "mine")
    }
    for path in ["out/.augment-7.tmp", "out/.augment-99999.tmp", "out/sub/deep/.augment-3.tmp"] {
      try workspace.addFile(path, "remains of a killed run")
    }
    // Neither a symbolic link nor a hard link to an input file may be written through.
    try workspace.addLink("out/image0_aug000000.jpg", to: "../in/image0.jpg")
    try workspace.addSecondName("out/image1_aug000000.jpg", of: "in/image1.jpg")
    try workspace.addSecondName("out/.augment-5.tmp", of: "in/image1.jpg")
    try workspace.addLink("out/.augment-0.tmp", to: "../in/image0.jpg")

    try Program.augment("in", "out", "--overwrite", in: workspace)
    let output = workspace.tree("out")
    #expect(workspace.tree("reference").isPart(of: output))
    #expect(output.files.subtracting(workspace.tree("reference").files) == ["mine.txt", ".augment-keep"])
    #expect(output.temporaries == [".augment-keep"])
    #expect(workspace.tree("in") == before)
  }

  @Test func copyWhoseNameIsAFolderFailsByName() throws {
    let workspace = try workspace()
    try workspace.addFile("out/image1_aug000003.jpg/mine.txt")
    let outcome = try Program.run(["augment", "in", "out", "--overwrite", "--quiet"], in: workspace)
    #expect(outcome.status == 1)
    #expect(outcome.errorText == "augment-cli: image1.jpg: cannot rename: Is a directory\n")
    #expect(workspace.tree("out").files.count == 3 * 5 - 1 + 1)
    #expect(workspace.tree("out").temporaries.isEmpty)
  }

  @Test func originalIsKeptByteForByte() throws {
    let workspace = try workspace()
    let outcome = try Program.augment("in", "out", "--keep-original", "--copies", "2", "--json", in: workspace)
    let (input, output) = (workspace.tree("in"), workspace.tree("out"))
    let names = ["image0.jpg", "image1.jpg", "sub/deep/drawing.png"]
    for name in names { #expect(output[name] == input[name]) }
    #expect(output.files.count == 3 * 3)
    #expect(try Summary(outcome).copiesPlanned == 3 * 3)
    // The copies equal those made without the option.
    try Program.augment("in", "plain", "--copies", "2", in: workspace)
    #expect(workspace.tree("plain").isPart(of: output))
  }

  @Test(arguments: [("jpg", FileKind.jpeg), ("png", FileKind.png)])
  func formatIsThatOfContentAndName(format: String, kind: FileKind) throws {
    let workspace = try workspace()
    try Program.augment("in", "out", "--format", format, in: workspace)
    let files = workspace.tree("out").files
    #expect(files.count == 3 * 5)
    for file in files {
      #expect(file.hasSuffix(".\(format)"))
      #expect(FileKind([UInt8](workspace.contents("out/\(file)") ?? Data())) == kind)
    }
  }

  @Test func pixelsOfPNGCopiesAreThoseBeforeJPEG() throws {
    let workspace = try workspace()
    try Program.augment("in/sub/deep/drawing.png", "png", "--copies", "1", in: workspace)
    let copy = try ImageFile.read(workspace.absolute("png/drawing_aug000000.png"))
    try ImageFile.write(copy, to: workspace.absolute("expected.jpg"), as: .jpeg, quality: 60)
    try Program.augment(
      "in/sub/deep/drawing.png", "jpg", "--copies", "1", "--format", "jpg", "--quality", "60", in: workspace)
    #expect(workspace.contents("jpg/drawing_aug000000.jpg") == workspace.contents("expected.jpg"))
  }

  @Test func qualityDecidesTheSize() throws {
    let workspace = try workspace()
    let sizes = try ["10", "60", "100"].map { quality in
      try Summary(
        Program.augment("in", "out\(quality)", "--format", "jpg", "--quality", quality, "--json", in: workspace)
      ).writtenBytes
    }
    #expect(sizes[0] < sizes[1] && sizes[1] < sizes[2])
  }

  @Test(arguments: [
    ("{stem}_aug{copy:06}", "image0_aug000001.jpg"), ("{copy}-{stem}", "1-image0.jpg"),
    ("{stem}.{copy:02}.{ext}.bak", "image0.01.jpg.bak"), ("{copy:018}{stem}", "000000000000000001image0.jpg"),
    ("{stem}{stem} {copy}", "image0image0 1.jpg"),
  ])
  func nameIsMadeOfItsFields(template: String, expected: String) throws {
    let workspace = try workspace()
    try Program.augment("in/image0.jpg", "out", "--copies", "2", "--name", template, in: workspace)
    #expect(workspace.tree("out").files.contains(expected))
    #expect(workspace.tree("out").files.count == 2)
  }

  @Test(arguments: [["in"], ["in", "out"]])
  func nothingIsWrittenWithoutSaving(folders: [String]) throws {
    let workspace = try workspace()
    let before = workspace.tree
    let outcome = try Program.run(["augment"] + folders + ["--no-saving", "--json"], in: workspace)
    #expect(outcome.status == 0)
    let summary = try Summary(outcome)
    #expect(summary.copies == 3 * 5 && !summary.saving && summary.writtenBytes == 0)
    #expect(workspace.tree == before)
  }

  @Test func imagesAboveTheLimitOfPixelsFailByName() throws {
    let workspace = try workspace()
    try workspace.addImage("in/large.jpg", width: 100, height: 100)
    let outcome = try Program.run(["augment", "in", "out", "--quiet", "--max-pixels", "9999"], in: workspace)
    #expect(outcome.status == 1)
    #expect(
      outcome.errorText
        == "augment-cli: large.jpg: too large: 100 x 100 is more than the limit of 9999 pixels (--max-pixels)\n")
    let largest = try Program.run(["augment", "in", "out2", "--quiet", "--max-pixels", "\(Int.max)"], in: workspace)
    #expect(largest.status == 0)
  }
}
