import Foundation
import Imaging
import TestSupport
import Testing

/// Images that get the same draws: `--group-by`.
struct GroupRunTests {
  /// The same pictures in two folders, so that equal draws give equal copies.
  private static func pairs() throws -> Workspace {
    let workspace = try Workspace()
    for index in 0..<3 {
      for side in ["left", "right"] {
        try workspace.addImage("in/\(side)/\(index).png", as: .png, seed: index, width: 50, height: 40)
      }
    }
    return workspace
  }

  private static func bytes(_ folder: String, _ path: String, in workspace: Workspace) -> Data? {
    workspace.contents("\(folder)/\(path)")
  }

  @Test func imagesOfOneStemGetTheSameDraws() throws {
    let workspace = try Self.pairs()
    try Program.augment("in", "alone", "--copies", "2", in: workspace)
    for (number, strategy) in (["sequential"] + StrategyNames.parallel.prefix(3)).enumerated() {
      let ranks = number == 0 ? "1" : "3"
      let outcome = try Program.run(
        ["augment", "in", strategy, "--copies", "2", "--group-by", "stem", "--strategy", strategy, "--ranks", ranks],
        in: workspace)
      #expect(outcome.status == 0, "\(outcome.errorText)")
      for name in ["0_aug000000.png", "1_aug000001.png", "2_aug000000.png"] {
        let left = Self.bytes(strategy, "left/\(name)", in: workspace)
        #expect(left != nil && left == Self.bytes(strategy, "right/\(name)", in: workspace), "\(strategy) \(name)")
      }
    }
    #expect(workspace.tree("alone")["left/0_aug000000.png"] != workspace.tree("alone")["right/0_aug000000.png"])
  }

  @Test func aTableAndFoldersGroupAsWell() throws {
    let workspace = try Self.pairs()
    try workspace.addFile("groups.tsv", "left/0.png\ta\nright/0.png\ta\n")
    try Program.augment("in", "table", "--copies", "1", "--group-by", "groups.tsv", in: workspace)
    let table = workspace.tree("table")
    #expect(table["left/0_aug000000.png"] == table["right/0_aug000000.png"])
    #expect(table["left/1_aug000000.png"] != table["right/1_aug000000.png"])
    try workspace.addImage("clip/a/1.png", as: .png, seed: 1, width: 50, height: 40)
    try workspace.addImage("clip/a/2.png", as: .png, seed: 1, width: 50, height: 40)
    try Program.augment("clip", "frames", "--copies", "1", "--group-by", "folder", in: workspace)
    #expect(workspace.tree("frames")["a/1_aug000000.png"] == workspace.tree("frames")["a/2_aug000000.png"])
  }

  @Test func groupsOfSeveralSizesAndUnknownImagesAreRefused() throws {
    let workspace = try Self.pairs()
    try workspace.addFile("groups.csv", "left/9.png,a\n")
    let unknown = try Program.run(["augment", "in", "out", "--group-by", "groups.csv"], in: workspace)
    #expect(unknown.status == 64 && unknown.errorText.contains("there is no image \"left/9.png\""))
    try workspace.addImage("in/depth/0.png", as: .png, seed: 1, width: 51, height: 40)
    let sizes = try Program.run(["augment", "in", "out", "--group-by", "stem"], in: workspace)
    #expect(sizes.status == 64 && sizes.errorText.contains("must have one size"), "\(sizes.errorText)")
    let empty = try Program.run(["augment", "in", "out", "--group-by", ""], in: workspace)
    #expect(empty.status == 64)
  }
}
