import Foundation
import Glibc
import Imaging
import Platform
import SystemPackage
import Testing

/// Entries of folders that are not valid images.
struct HostileFilesTests {
  @Test func whatIsNoSoundImageFailsByNameAndTheRestIsDone() throws {
    let workspace = try Workspace(images: 1)
    try workspace.addFile("in/empty.jpg")
    try workspace.addFile("in/text.jpeg", "not an image")
    try workspace.addFile("in/labels.txt", "image0 1 2 3 4")
    try workspace.addLink("in/dangling.jpg", to: "nowhere")
    try workspace.addLink("in/self.png", to: "self.png")
    try workspace.addLink("in/folder-link.jpg", to: ".")
    try workspace.addLink("in/loop", to: "..")
    try workspace.addLink("in/linked.jpg", to: "image0.jpg")
    try workspace.addImage("in/folder.jpg/inner.jpg")
    try workspace.addLink("in/folder.jpg/up", to: "../folder.jpg")
    try workspace.addImage("in/misnamed.png", as: .jpeg)
    try workspace.addImage("in/.hidden.jpg")
    try workspace.addImage("in/cut.jpg")
    try workspace.truncate("in/cut.jpg")
    unsafe mkfifo(workspace.absolute("in/fifo.jpg"), 0o600)
    let before = workspace.tree("in")

    let outcome = try Program.run(["augment", "in", "out", "--copies", "1", "--json"], in: workspace)
    #expect(outcome.status == 1)
    #expect(
      Set(outcome.errorLines) == [
        "augment-cli: cut.jpg: truncated: Premature end of input file",
        "augment-cli: dangling.jpg: cannot open: No such file or directory",
        "augment-cli: empty.jpg: the file is empty",
        "augment-cli: fifo.jpg: not a regular file",
        "augment-cli: folder-link.jpg: not a regular file",
        "augment-cli: self.png: cannot open: Too many levels of symbolic links",
        "augment-cli: text.jpeg: unsupported: text file",
      ])
    #expect(outcome.errorLines.count == 7)
    #expect(
      workspace.tree("out").entries.keys.sorted() == [
        "folder.jpg", "folder.jpg/inner_aug000000.jpg", "image0_aug000000.jpg", "linked_aug000000.jpg",
        "misnamed.png_aug000000.jpg",
      ])
    let summary = try Summary(outcome)
    #expect(summary.images == 11 && summary.imagesFailed == 7 && summary.copies == 4)
    #expect(workspace.tree("in") == before)
  }

  @Test func hostileNamesAreShownEscapedAndTheirImagesMade() throws {
    let workspace = try Workspace()
    let names = ["two\nlines", "red\u{1B}[31m", "bell\u{7}", "right\u{202E}left", "-rf", "%s%n", " ", "é", "e\u{301}"]
    for name in names {
      try workspace.addImage("in/\(name).jpg")
      try workspace.addFile("in/\(name).gif", "GIF89a\u{1}\0\u{1}\0")
    }
    let outcome = try Program.run(["augment", "in", "out", "--copies", "1"], in: workspace)
    #expect(outcome.status == 1)
    let made = try FileManager.default.contentsOfDirectory(atPath: workspace.absolute("out")).filter {
      $0 != ".augment"
    }
    #expect(Set(made.map { Array($0.utf8) }) == Set(names.map { Array("\($0)_aug000000.jpg".utf8) }))
    let errors = outcome.errorLines.filter { $0.hasSuffix(": truncated: the GIF file ends inside its header") }
    #expect(errors.count == names.count)
    #expect(errors.contains { $0.hasPrefix(#"augment-cli: two\nlines.gif: "#) })
    #expect(errors.contains { $0.hasPrefix(#"augment-cli: red\u{1B}[31m.gif: "#) })
    let shown = outcome.errorText.unicodeScalars.filter { $0 != "\n" }
    #expect(!shown.contains { [.control, .format].contains($0.properties.generalCategory) })
  }

  @Test func namesThatAreNotTextAreCarriedAsBytes() throws {
    let workspace = try Workspace(images: 1)
    let image = try #require(workspace.contents("in/image0.jpg"))
    let scratch = try Folder(FilePath(workspace.path))
    func path(_ text: String) -> FilePath { FilePath(text: text) }
    try AtomicFile.write([UInt8](image).span, to: path(#"in/sub\xFF/x\xE9.jpg"#), in: scratch)
    try AtomicFile.write([UInt8](image).span, to: path(#"in/x\x5Cx41.jpg"#), in: scratch)
    try AtomicFile.write("GIF89a\u{1}\0\u{1}\0\0\0\0;", to: path(#"in/\xE9.gif"#), in: scratch)
    try AtomicFile.write("label", to: path(#"in/label\xE9.txt"#), in: scratch)
    try AtomicFile.write("", to: path(#"in/.hid\xE9"#), in: scratch)
    // The shell makes the byte of the argument, because a Swift string holds only UTF-8.
    let outcome = try Program.run(
      ["--copies", "1", "--json"], in: workspace,
      prefix: ["sh", "-c", #"p=$1; shift; exec "$p" augment in "$(printf 'out\351')" "$@""#, "sh"])
    #expect(outcome.status == 1)
    #expect(outcome.errorLines == [#"augment-cli: \xE9.gif: damaged: a GIF file without a frame"#])
    let summary = try Summary(outcome)
    #expect(summary.failures.map(\.path) == [#"\xE9.gif"#] && summary.passedOver == ["hidden": 1, "notImages": 1])
    for name in ["image0", #"sub\xFF/x\xE9"#, #"x\x5Cx41"#] {
      #expect(try scratch.status(of: path(#"out\xE9/"# + name + "_aug000000.jpg")).size > 0, "\(name)")
    }
    #expect(try scratch.names().count == 2)
  }

  @Test func namesTooLongForACopyFailByName() throws {
    let workspace = try Workspace(images: 1)
    let name = String(repeating: "n", count: 250)
    try workspace.addLink("in/\(name).jpg", to: "image0.jpg")
    let outcome = try Program.run(["augment", "in", "out", "--quiet"], in: workspace)
    #expect(outcome.status == 1)
    #expect(outcome.errorLines == ["augment-cli: \(name).jpg: cannot rename: File name too long"])
    #expect(workspace.tree("out").entries.count == 5)
  }

  /// Root can read everything unless these capabilities are dropped.
  private static let withoutPrivilege: [String]? = {
    if geteuid() != 0 { return [] }
    let prefix = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"]
    guard let workspace = try? Workspace(), (try? workspace.addFile("file")) != nil else { return nil }
    guard (try? workspace.setMode("file", 0)) != nil else { return nil }
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = prefix + ["sh", "-c", "true && ! cat \"$0\" 2>/dev/null", workspace.absolute("file")]
    guard (try? process.run()) != nil else { return nil }
    process.waitUntilExit()
    return process.terminationStatus == 0 ? prefix : nil
  }()

  @Test(.enabled(if: withoutPrivilege != nil, "root may read every file here"))
  func whatMayNotBeReadFailsByName() throws {
    let workspace = try Workspace(images: 2)
    try workspace.addImage("in/closed/inner.jpg")
    try workspace.setMode("in/image1.jpg", 0)
    try workspace.setMode("in/closed", 0)
    defer { try? workspace.setMode("in/closed", 0o700) }
    let prefix = try #require(Self.withoutPrivilege)
    let outcome = try Program.run(["augment", "in", "out", "--quiet"], in: workspace, prefix: prefix)
    #expect(outcome.status == 1)
    #expect(
      outcome.errorLines == [
        "augment-cli: closed: cannot open: Permission denied",
        "augment-cli: image1.jpg: cannot open: Permission denied",
      ])
    #expect(workspace.tree("out").files.count == 5)

    try workspace.addFolder("readonly")
    try workspace.setMode("readonly", 0o500)
    let refused = try Program.run(["augment", "in/image0.jpg", "readonly"], in: workspace, prefix: prefix)
    #expect(refused.status == 2)
    #expect(refused.errorText == "augment-cli: readonly: cannot write: Permission denied\n")
  }
}
