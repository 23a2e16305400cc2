import Foundation
import Testing

/// What a run does with images that fail: it reports them, keeps them apart, and stops when there are too many.
struct FailureHandlingTests {
  /// Two images, and three files that are cut off.
  private func workspace() throws -> Workspace {
    let workspace = try Workspace(images: 2)
    for index in 0..<3 {
      try workspace.addImage("in/inner/cut\(index).jpg", seed: index)
      try workspace.truncate("in/inner/cut\(index).jpg")
    }
    return workspace
  }

  @Test func failedImagesAreCopiedToTheQuarantine() throws {
    let workspace = try workspace()
    let outcome = try Program.run(["augment", "in", "out", "--quarantine", "apart"], in: workspace)
    #expect(outcome.status == 1)
    #expect(workspace.tree("apart").files.sorted() == (0..<3).map { "inner/cut\($0).jpg" })
    for index in 0..<3 {
      #expect(workspace.contents("apart/inner/cut\(index).jpg") == workspace.contents("in/inner/cut\(index).jpg"))
    }
  }

  @Test(arguments: [(0, 2), (2, 2), (3, 1)])
  func tooManyFailuresStopTheRun(most: Int, status: Int32) throws {
    let outcome = try Program.run(
      ["augment", "in", "out", "--ranks", "1", "--max-errors", String(most)], in: try workspace())
    #expect(outcome.status == status)
    let sentence = "augment-cli: stopped because more than \(most) images have failed (--max-errors)"
    #expect((outcome.errorLines.last == sentence) == (status == 2), "\(outcome.errorText)")
  }

  @Test func reportNamesEachFailureWithItsReason() throws {
    let workspace = try workspace()
    // A spreadsheet would take it for a formula.
    try workspace.addImage("in/=1+2.jpg")
    try workspace.truncate("in/=1+2.jpg")
    #expect(try Program.run(["augment", "in", "out", "--report", "report.csv"], in: workspace).status == 1)
    let lines = String(decoding: workspace.contents("report.csv") ?? Data(), as: UTF8.self).split(separator: "\n")
    let rows = lines.dropFirst().map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    let names = lines[0].split(separator: ",")
    #expect(names.last == "event" && rows.allSatisfy { $0.count == names.count && $0.last == "failed" })
    #expect(rows.count == 4 && lines.contains { $0.contains("'=1+2.jpg") })
    #expect(lines.dropFirst().allSatisfy { $0.contains("truncated") })
  }
}
