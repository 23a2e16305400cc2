import Glibc
import Platform
import SystemPackage
import Testing

/// Files that are replaced, and files that grow.
struct WritingTests {
  @Test(arguments: [false, true])
  func fileIsReplacedWholeAndNothingElseIsLeft(isDurable: Bool) throws {
    let scratch = try Scratch()
    let options = AtomicFile.Options(isDurable: isDurable)
    try AtomicFile.write("first", to: "new/folder/a", in: scratch.folder, options)
    try AtomicFile.write("second", to: "new/folder/a", in: scratch.folder, options)
    #expect(try scratch.text("new/folder/a") == "second")
    #expect(try Folder("new/folder", in: scratch.folder).names().count == 1)
  }

  @Test func failedAttemptLeavesTheOldFileAndNothingElse() throws {
    let scratch = try Scratch()
    try scratch.folder.makeFolder("a/b")
    #expect(throws: FileError(.rename, "a", .system(.isDirectory))) {
      try AtomicFile.write("text", to: "a", in: scratch.folder)
    }
    try scratch.write("text", to: "file")
    #expect(throws: FileError.self) { try AtomicFile.write("text", to: "file/below", in: scratch.folder) }
    #expect(try scratch.names() == ["a", "file"])
    #expect(try scratch.text("file") == "text")
  }

  @Test func nothingIsWrittenThroughWhatLiesUnderTheTemporaryName() throws {
    let scratch = try Scratch()
    try scratch.write("precious", to: "other")
    let options = AtomicFile.Options(temporaryName: ".augment-7.tmp")
    scratch.link(".augment-7.tmp", to: "other")
    try AtomicFile.write("text", to: "a", in: scratch.folder, options)
    scratch.makeFIFO(".augment-7.tmp")
    try AtomicFile.write("text", to: "b", in: scratch.folder, options)
    #expect(try scratch.text("other") == "precious")
    #expect(try scratch.names() == ["a", "b", "other"])
  }

  @Test func linesAreAppendedAndAPartialOneIsCutOff() throws {
    let scratch = try Scratch()
    let path = scratch.path.appending("rows")
    for text in ["", "part", "one\n", "one\npart", "one\n" + String(repeating: "x", count: 200_000)] {
      try scratch.write(text, to: "rows")
      var file = try AppendOnlyFile(path)
      #expect(file.byteCount == (text.hasPrefix("one") ? 4 : 0))
      try file.append("two")
      #expect(try scratch.text("rows") == (text.hasPrefix("one") ? "one\ntwo\n" : "two\n"))
    }
  }

  @Test func fileHasOneWriterAtATime() throws {
    let scratch = try Scratch()
    let path = scratch.path.appending("rows")
    var first = try AppendOnlyFile(path)
    try first.append("one")
    #expect(throws: FileError(.lock, path, .locked)) { _ = try AppendOnlyFile(path) }
    try first.append("two")
    #expect(try scratch.text("rows") == "one\ntwo\n")
  }

  @Test func lineThatDoesNotFitLeavesTheFileAsItWas() throws {
    // Every write to /dev/full fails. It cannot be truncated, and that error must not hide the first one.
    var file = try AppendOnlyFile("/dev/full")
    #expect(throws: FileError(.write, "/dev/full", .system(.noSpace))) { try file.append("one") }
    #expect(file.byteCount == 0)
  }

  @Test func treesAreMadeAndRemovedAndLinksAreNotFollowed() throws {
    let scratch = try Scratch()
    try scratch.folder.makeFolder("tree/a/b")
    try scratch.folder.makeFolder("tree/a/b")
    try scratch.write("precious", to: "file")
    scratch.link("tree/a/link", to: "../../file")
    scratch.link("tree/up", to: "..")
    #expect(throws: FileError(.makeFolder, "file/below", .system(.notDirectory))) {
      try scratch.folder.makeFolder("file/below")
    }
    try scratch.folder.removeTree("tree")
    try scratch.folder.removeTree("tree")
    #expect(try scratch.names() == ["file"])
  }

  /// In /proc, a folder that cannot be made is reported like one whose parent is missing.
  @Test func folderThatCannotBeMadeIsAnError() {
    for path in ["/proc/none", "/proc/none/below"] as [FilePath] {
      #expect(throws: FileError.self) { try Folder.working.makeFolder(path) }
    }
  }

  @Test func folderThatWasMovedIsStillTheSame() throws {
    let scratch = try Scratch()
    try scratch.folder.makeFolder("before")
    let folder = try Folder("before", in: scratch.folder)
    try scratch.folder.makeFolder("other")
    let moved = unsafe rename("\(scratch.path)/before", "\(scratch.path)/after")
    #expect(moved == 0)
    scratch.link("before", to: "other")
    try AtomicFile.write("text", to: "a", in: folder)
    #expect(try scratch.text("after/a") == "text" && scratch.names() == ["after", "before", "other"])
  }
}
