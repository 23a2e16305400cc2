import Datasets
import Foundation
import Imaging
import TestSupport
import Testing

/// What becomes of a copy that would lose an object: `--on-lost-boxes`.
struct LostBoxTests {
  private static let copies = 40

  /// A small object at the edge, which most rotations move out of the image.
  private static func workspace() throws -> Workspace {
    let workspace = try Workspace()
    try workspace.addYOLO("a", "0 0.5 0.5 0.3 0.3\n1 0.03 0.06 0.05 0.08\n")
    try workspace.addFile(
      "turn.json", "[{\"__class_fullname__\": \"Affine\", \"rotate\": [-60, 60], \"p\": 1.0}]")
    return workspace
  }

  private static func augment(
    _ policy: String, _ folder: String, _ options: [String] = [], in workspace: Workspace
  ) throws -> LabelSummary {
    let outcome = try Program.run(
      [
        "augment", "in", folder, "--pipeline", "turn.json", "--copies", "\(copies)", "--json", "--on-lost-boxes",
        policy,
      ]
        + options, in: workspace)
    try #require(outcome.status == 0, "\(outcome.errorText)")
    return try LabelSummary(outcome)
  }

  @Test func aCopyIsKeptWithoutTheObject() throws {
    let workspace = try Self.workspace()
    let summary = try Self.augment("keep", "out", in: workspace)
    let objects = try workspace.objects("out")
    #expect(objects.count == Self.copies && objects.values.allSatisfy { $0.first?.className == "cat" })
    let lostCount = objects.values.count { $0.count == 1 }
    #expect(lostCount > Self.copies / 4 && lostCount < Self.copies)
    #expect(summary.labels.objectsDropped == lostCount && summary.labels.objects == 2 * Self.copies - lostCount)
  }

  @Test func aCopyThatLosesAnObjectIsLeftOut() throws {
    let workspace = try Self.workspace()
    let kept = try Self.augment("keep", "all", in: workspace)
    let summary = try Self.augment("skip", "out", in: workspace)
    let objects = try workspace.objects("out")
    #expect(objects.values.allSatisfy { $0.count == 2 })
    #expect(objects.count == Self.copies - kept.labels.objectsDropped)
    #expect(summary.labels.copiesLeftOut == kept.labels.objectsDropped && summary.labels.objectsDropped == 0)
    // The copies that are made are the same.
    let (some, all) = (workspace.tree("out"), workspace.tree("all"))
    let images = some.files.filter { $0.hasSuffix(".png") }
    #expect(images.count == objects.count && images.allSatisfy { some[$0] == all[$0] })
  }

  @Test func aCopyIsDrawnAgainUntilNothingIsLost() throws {
    let workspace = try Self.workspace()
    let summary = try Self.augment("retry", "out", in: workspace)
    let objects = try workspace.objects("out")
    #expect(objects.count == Self.copies && objects.values.allSatisfy { $0.count == 2 })
    #expect(summary.labels.objectsDropped == 0 && summary.labels.copiesLeftOut == 0)
    // A copy that loses nothing is not drawn again.
    _ = try Self.augment("keep", "all", in: workspace)
    let kept = try workspace.objects("all").filter { $0.value.count == 2 }
    #expect(kept.keys.allSatisfy { workspace.tree("out")[$0] == workspace.tree("all")[$0] })
  }

  /// The second draw depends on nothing but the copy, either.
  @Test func repeatedDrawsAreTheSameForAnyRanks() throws {
    let workspace = try Self.workspace()
    _ = try Self.augment("retry", "one", ["--ranks", "1"], in: workspace)
    _ = try Self.augment("retry", "three", ["--ranks", "3"], in: workspace)
    #expect(workspace.tree("one") == workspace.tree("three"))
  }

  /// An object that no draw keeps does not hold up the run.
  @Test func retryingEnds() throws {
    let workspace = try Self.workspace()
    try workspace.addFile(
      "turn.json", "[{\"__class_fullname__\": \"CenterCrop\", \"height\": 20, \"width\": 20, \"p\": 1.0}]")
    let summary = try Self.augment("retry", "out", in: workspace)
    #expect(summary.labels.objectsDropped == Self.copies && summary.copies == Self.copies)
  }
}
