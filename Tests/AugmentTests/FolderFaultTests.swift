import Foundation
import Glibc
import Platform
import SystemPackage
import TestSupport
import Testing

/// Folders that cannot be listed, are deeply nested, or are reached by links.
struct FolderFaultTests {
  private static let mayBecomeNobody = geteuid() == 0

  @Test(.enabled(if: mayBecomeNobody, "only root may become another user"))
  func whatMayNotBeLookedAtIsAFailureByName() throws {
    let workspace = try Workspace(images: 1)
    for folder in ["no-search", "no-list", "closed"] { try workspace.addImage("in/\(folder)/lost.jpg") }
    try workspace.addImage("in/unreadable.jpg")
    try workspace.addFile("in/unreadable.txt", "may be an image")
    try workspace.addFolder("made")
    for (path, mode) in [
      ("", 0o755), ("made", 0o777), ("in/no-search", 0o444), ("in/no-list", 0o111), ("in/closed", 0),
      ("in/unreadable.jpg", 0), ("in/unreadable.txt", 0),
    ] { try workspace.setMode(path, mode) }
    let outcome = try Program.run(
      ["augment", "in", "made/out", "--copies", "1", "--json"], in: workspace,
      prefix: ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"])
    #expect(outcome.status == 1)
    let failures = try Summary(outcome).failures
    #expect(
      Set(failures.map(\.path)) == ["no-search", "no-list", "closed", "unreadable.jpg", "unreadable.txt"])
    #expect(failures.allSatisfy { $0.reason.hasSuffix(": Permission denied") }, "\(failures)")
    #expect(workspace.tree("made/out").files == ["image0_aug000000.jpg"])
  }

  @Test(.enabled(if: Strace.mayTrace, "strace is not installed, or tracing is not permitted"))
  func folderWhoseListingBreaksOffIsAFailureByName() throws {
    let workspace = try Workspace(images: 1)
    try workspace.addImage("in/sub/lost.jpg")
    // Each folder is read twice: for its names, and to see whether there are more.
    let outcome = try Program.run(
      ["augment", "in", "out", "--copies", "1", "--json"], in: workspace,
      prefix: Strace.failing("getdents64", "EIO", when: "4"))
    #expect(outcome.status == 1)
    #expect(try Summary(outcome).failures.map(\.path) == ["sub"])
    #expect(outcome.errorText.contains("augment-cli: sub: cannot list: Input/output error\n"))
  }

  @Test func imagesBehindPathsThatAreTooLongForTheKernelAreMade() throws {
    let workspace = try Workspace(images: 1)
    let top = try Folder(FilePath(workspace.path))
    defer { for name in ["in", "out"] as [FilePath] { try? top.removeTree(name) } }
    let deep = Array(repeating: String(repeating: "d", count: 250), count: 20).joined(separator: "/")
    let image = [UInt8](try #require(workspace.contents("in/image0.jpg")))
    try AtomicFile.write(image.span, to: FilePath("in/\(deep)/image.jpg"), in: top)
    for strategy in StrategyNames.all {
      let outcome = try Program.run(
        ["augment", "in", "out", "--copies", "1", "--ranks", "2", "--strategy", strategy], in: workspace)
      #expect(outcome.status == 0, "\(strategy): \(outcome.errorText)")
      #expect(try top.status(of: FilePath("out/\(deep)/image_aug000000.jpg")).size > 0)
      try top.removeTree("out")
    }
  }

  @Test func linkedFoldersAreFollowedWhereThatIsAskedForAndCountedElsewhere() throws {
    let workspace = try Workspace(images: 1)
    try workspace.addImage("other/inner/b.jpg")
    try workspace.addLink("in/linked", to: "../other")
    try workspace.addLink("in/again", to: "../other/inner")
    try workspace.addLink("other/inner/up", to: "..")
    try workspace.addLink("in/nowhere", to: "missing")
    try workspace.addFile("in/.hidden/c.jpg")
    try workspace.addFile("in/label.txt", "label")
    unsafe mkfifo(workspace.absolute("in/fifo"), 0o600)
    let plain = try Program.augment("in", "out", "--copies", "1", "--json", in: workspace)
    #expect(
      try Summary(plain).passedOver == [
        "brokenLinks": 1, "hidden": 1, "linkedFolders": 2, "notImages": 1, "specialFiles": 1,
      ])
    #expect(try Summary(plain).filesIgnored == 5)
    #expect(workspace.tree("out").files == ["image0_aug000000.jpg"])

    let followed = try Program.run(
      ["augment", "in", "followed", "--copies", "1", "--json", "--follow-links"], in: workspace)
    #expect(followed.status == 1)
    #expect(
      workspace.tree("followed").files == [
        "image0_aug000000.jpg", "linked/inner/b_aug000000.jpg", "again/b_aug000000.jpg",
        "again/up/inner/b_aug000000.jpg",
      ])
    let summary = try Summary(followed)
    #expect(summary.failures.map(\.path).sorted() == ["again/up/inner/up", "linked/inner/up"].sorted())
    #expect(summary.failures.allSatisfy { $0.reason == "leads back to a folder that it lies in" })
    #expect(summary.passedOver["linkedFolders"] == nil)
  }

  @Test(arguments: ["coco", "voc", "yolo"]) func labelsInLinkedFoldersAreFound(format: String) throws {
    let workspace = try Workspace()
    try LabelledDataSet.write(.polygons, to: workspace)
    let make = ["augment", "in", "set", "--copies", "1", "--label-output", format]
    #expect(try Program.run(make, in: workspace).status == 0)
    try workspace.addFolder("linked")
    let names = try FileManager.default.contentsOfDirectory(atPath: workspace.absolute("set"))
    for name in names where name != ".augment" {
      try workspace.addLink("linked/\(name)", to: "../set/\(name)")
    }
    for (input, output) in [("set", "whole"), ("linked", "out")] {
      let outcome = try Program.run(["augment", input, output, "--copies", "2", "--follow-links"], in: workspace)
      #expect(outcome.status == 0 && outcome.errorText.contains("labels: "), "\(outcome.errorText)")
    }
    #expect(workspace.tree("out").entries == workspace.tree("whole").entries)
  }
}
