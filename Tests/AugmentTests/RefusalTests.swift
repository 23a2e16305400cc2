import Foundation
import Imaging
import Testing

/// A run that is refused before anything is written.
struct Refusal: CustomTestStringConvertible, Sendable {
  var testDescription: String
  var arguments: [String]
  /// Must occur in the single line on standard error.
  var text: String
  var prepare: @Sendable (Workspace) throws -> Void

  init(
    _ name: String, _ arguments: String..., says text: String,
    after prepare: @escaping @Sendable (Workspace) throws -> Void = { _ in }
  ) {
    (testDescription, self.arguments, self.text, self.prepare) = (name, arguments, text, prepare)
  }

  static let ofFolders = [
    Refusal("OUTPUT is not empty", "in", "out", says: "out is not empty") { try $0.addFile("out/x") },
    Refusal("OUTPUT is the input", "in", "in", "--overwrite", says: "is the input itself"),
    Refusal("OUTPUT is the input by another name", "in", "./in/../in/", "--overwrite", says: "is the input itself"),
    Refusal("OUTPUT is a link to the input", "in", "link", "--overwrite", says: "is the input itself") {
      try $0.addLink("link", to: "in")
    },
    Refusal("OUTPUT lies in the input", "in", "in/new", "--overwrite", says: "lie in one another"),
    Refusal("OUTPUT lies in the input by a link", "in", "link/a/b", says: "lie in one another") {
      try $0.addLink("link", to: "in")
    },
    Refusal("OUTPUT lies in the input behind a missing folder", "in", "missing/../in/new", says: "lie in one another"),
    Refusal("OUTPUT is above the input", "in", ".", "--overwrite", says: "lie in one another"),
    Refusal("OUTPUT is the folder of a single file", "in/image0.jpg", "in", "--overwrite", says: "lie in one another"),
    Refusal("a folder in OUTPUT leads into the input", "in", "out", "--overwrite", says: "leads into the input") {
      try $0.addImage("in/sub/image.jpg")
      try $0.addFolder("out")
      try $0.addLink("out/sub", to: "../in/sub")
    },
    Refusal("OUTPUT is a file", "in", "out", says: "out: ") { try $0.addFile("out", "text") },
    Refusal("OUTPUT lies below a file", "in", "file/out", says: "file/out: ") { try $0.addFile("file", "text") },
    Refusal("OUTPUT is a link to nowhere", "in", "link", says: "link: ") { try $0.addLink("link", to: "nowhere") },
    Refusal("OUTPUT has no name", "in", "", says: "the output folder has no name"),
    Refusal("INPUT is missing", "nowhere", "out", says: "nowhere: cannot open: No such file or directory"),
    Refusal("INPUT has no images", "empty", "out", says: "empty: no images here") { try $0.addFile("empty/notes.txt") },
    Refusal("INPUT is no image", "notes.txt", "out", says: "notes.txt: no images here") { try $0.addFile("notes.txt") },
  ]

  static let ofNames = [
    Refusal("a.jpg and a.png become one", "in", "out", "--format", "jpg", says: "a.jpg and a.png would both be written")
    {
      try $0.addImage("in/a.jpg")
      try $0.addImage("in/a.png", as: .png)
    },
    Refusal("copies of one name", "in", "out", "--name", "{stem}", says: "two copies of image0.jpg would both"),
    Refusal("images of one name", "in", "out", "--name", "{copy}", says: "image0.jpg and image1.jpg would both"),
    Refusal(
      "a copy named like the original", "in", "out", "--keep-original", "--copies", "1", "--name", "{stem}",
      says: "two copies of image0.jpg would both"),
    Refusal("a copy named like a folder", "in", "out", says: "image0_aug000002.jpg, which is the folder of") {
      try $0.addImage("in/image0_aug000002.jpg/deep/x.jpg")
    },
  ]

  static let ofPipelines = [
    Refusal("no such pipeline", "in", "out", "--pipeline", "p.json", says: "p.json: cannot be read: No such file"),
    Refusal("a pipeline that is none", "in", "out", "--pipeline", "p.json", says: "p.json:2: is neither JSON nor YAML")
    {
      try $0.addFile("p.json", "{")
    },
    Refusal(
      "an unknown transform", "in", "out", "--pipeline", "p.json",
      says: #"p.json:1: [1].__class_fullname__: unknown transform "VerticalFlap"; did you mean "VerticalFlip"?"#
    ) {
      try $0.addPipeline("p.json", "HorizontalFlip", "VerticalFlap")
    },
    Refusal("an impossible value", "in", "out", "--pipeline", "p.yaml", says: "p.yaml:2: [0].p: must be") {
      try $0.addFile("p.yaml", "- __class_fullname__: HorizontalFlip\n  p: 2\n")
    },
  ]
}

struct RefusalTests {
  @Test(arguments: Refusal.ofFolders + Refusal.ofNames + Refusal.ofPipelines)
  func impossibleRunSaysWhyInOneLineAndWritesNothing(refusal: Refusal) throws {
    let workspace = try Workspace(images: 2)
    try refusal.prepare(workspace)
    let before = workspace.tree
    let outcome = try Program.run(["augment"] + refusal.arguments, in: workspace)
    #expect(outcome.status == 2)
    #expect(outcome.errorLines.count == 1 && outcome.errorText.hasPrefix("augment-cli: "))
    #expect(outcome.errorText.contains(refusal.text), "\(outcome.errorText)")
    #expect(outcome.output.isEmpty)
    #expect(workspace.tree == before)
  }

  @Test(arguments: [
    "in", "", "in out more", "in out --bogus", "in out --copies 0", "in out --copies -1", "in out --copies 1.5",
    "in out --copies \(Int.max)", "in out --copies 99999999999999999999", "in out --ranks 0", "in out --ranks 1025",
    "in out --ranks x", "in out --chunk-size 0", "in out --seed -1", "in out --seed 18446744073709551616",
    "in out --quality 0", "in out --quality 101", "in out --max-pixels 0", "in out --strategy nobody-reads",
    "in out --format gif", "in out --on-error ignore", "in out --name a/b", "in out --name {bogus}",
    "in out --name {copy", "in out --name copy}", "in out --name {copy:6}", "in out --name {copy:099}",
    "in out --name=", "in out --pipeline", "in out --strategy savers --ranks 1",
    "in out --strategy savers --ranks 4 --savers 4", "in out --strategy savers --ranks 4 --savers 0",
    "in out --savers 1", "in out --placement far", "in out --write-bandwidth 0", "in out --write-bandwidth -1",
    "in out --preset infrared", "in out --preset thermal --pipeline p.json", "in out --write-bandwidth nan",
    "in out --write-bandwidth inf",
  ])
  func wrongUsageSaysWhatIsWrongAndWritesNothing(arguments: String) throws {
    let workspace = try Workspace(images: 1)
    let before = workspace.tree
    let outcome = try Program.run(["augment"] + arguments.split(separator: " ").map(String.init), in: workspace)
    #expect(outcome.status == 64)
    #expect(outcome.errorText.hasPrefix("Error: ") && outcome.output.isEmpty)
    #expect(workspace.tree == before)
  }

  @Test func unknownStrategyIsToldWhichThereAre() throws {
    let workspace = try Workspace(images: 1)
    let outcome = try Program.run(["augment", "in", "out", "--strategy", "nobody-reads"], in: workspace)
    #expect(outcome.errorText.contains("'nobody-reads'"))
    for name in StrategyNames.all { #expect(outcome.errorText.contains("- \(name)\n"), "\(name)") }
  }

  @Test func unknownInstructionSetIsToldWhichThereAre() throws {
    let workspace = try Workspace(images: 1)
    let before = workspace.tree
    let outcome = try Program.run(["augment", "in", "out"], in: workspace, prefix: ["AUGMENT_INSTRUCTIONS=sse5"])
    #expect(outcome.status == 64 && outcome.output.isEmpty)
    #expect(
      outcome.errorLines.first == "Error: AUGMENT_INSTRUCTIONS must be one of plain, sse4, avx2, best, not 'sse5'")
    #expect(workspace.tree == before)
  }
}
