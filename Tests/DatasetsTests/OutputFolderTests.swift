import Datasets
import Platform
import SystemPackage
import TestSupport
import Testing

struct OutputFolderTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func path(_ name: String) -> FilePath { FilePath(folder.path).pushing(FilePath(name)) }

  private func open(_ name: String, for folders: Set<String> = [""]) throws -> OutputFolder {
    try OutputFolder(path(name).string, for: folders, apartFrom: path("in").string, mayReplace: true)
  }

  private func isThere(_ name: String) -> Bool { Folder.working.holds(path(name)) }

  @Test func remainsAreRemovedUnlessARunIsAtWorkThereOrAbove() throws {
    let remains = "out/sub/deep/.augment-abc-1.tmp"
    for name in [remains, "out/.augment-abc-2.tmp", "out/.augment-keep", "out/sub/deep/mine"] {
      try AtomicFile.write("text", to: path(name))
    }
    for place in ["out", "out/sub", "out/sub/deep"] {
      let other = try OutputFolder(path(place).string)
      let run = try open("out", for: ["sub/deep"])
      #expect(isThere(remains), "a run is at work in \(place)")
      withExtendedLifetime((other, run)) {}
    }
    let inner = try open("out/sub/deep")
    #expect(!isThere(remains))
    withExtendedLifetime(inner) {}
    // Removed only where the run writes.
    #expect(isThere("out/.augment-abc-2.tmp"))
    let outer = try open("out")
    #expect(!isThere("out/.augment-abc-2.tmp") && isThere("out/.augment-keep") && isThere("out/sub/deep/mine"))
    withExtendedLifetime(outer) {}
  }

  @Test func fileIsReplacedOnlyByItself() throws {
    let folder = try OutputFolder(path("out").string)
    let (bytes, others) = (Array("bytes".utf8), Array("other".utf8))
    try folder.write(bytes.span, to: "a/b.jpg", task: 1)
    // Its worker died after the rename, and the task runs again.
    try folder.write(bytes.span, to: "a/b.jpg", task: 1)
    for wrong in [others, Array("longer".utf8), []] {
      #expect(throws: FileError(.rename, "a/b.jpg", .nameTaken)) {
        try folder.write(wrong.span, to: "a/b.jpg", task: 2)
      }
    }
    #expect(try File.text(path("out/a/b.jpg")) == "bytes")
    let replacing = try OutputFolder(path("out").string, mayReplace: true)
    try replacing.write(others.span, to: "a/b.jpg", task: 2)
    #expect(try File.text(path("out/a/b.jpg")) == "other")
    #expect(try Folder(path("out/a")).names().count == 1)
  }

  /// As in a folder that folds case: the file of another name answers to this one.
  @Test func nameThatAnotherFileAnswersToIsTaken() throws {
    let folder = try OutputFolder(path("out").string)
    try AtomicFile.write("bytes", to: path("elsewhere"))
    let bytes = Array("bytes".utf8)
    try folder.write(bytes.span, to: "a.jpg", task: 1)
    let isItself = folder.holds("a.jpg", bytes.span, among: ["a.jpg", "b.jpg"])
    let isOther = folder.holds("a.jpg", bytes.span, among: ["A.JPG", "b.jpg"])
    #expect(isItself && !isOther)
  }

  @Test func unfinishedFilesOfARunAreKnownByItsOwnNames() throws {
    let (one, other) = (try OutputFolder(path("out").string), try OutputFolder(path("out").string))
    #expect(one.temporaryName(1) != other.temporaryName(1) && one.temporaryName(1) != one.temporaryName(2))
    let name = path("out").appending(one.temporaryName(1))
    try AtomicFile.write("half", to: name)
    other.removeUnfinished(1, of: "a.jpg")
    #expect(Folder.working.holds(name))
    one.removeUnfinished(1, of: "a.jpg")
    #expect(!Folder.working.holds(name))
  }
}
