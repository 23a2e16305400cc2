import Foundation
import Testing

/// Files beside the images that begin like images but are not.
struct ForeignFileTests {
  /// Labels and tables that begin with "BM", and numbers that begin like an icon.
  private func workspace() throws -> Workspace {
    let workspace = try Workspace(images: 2)
    try workspace.addFile("in/image0.txt", "BMW 0.48 0.63 0.69 0.71\n")
    try workspace.addFile("in/meta.csv", "BMI,age,file\n21.3,44,image0.jpg\n")
    try workspace.addFile("in/boxes.bin", "\0\0\u{1}\0\u{2}\0\0\0\u{3}\0\0\0\u{4}\0\0\0")
    return workspace
  }

  @Test func labelsThatBeginLikeABitmapOrAnIconArePassedOver() throws {
    let workspace = try workspace()
    let outcome = try Program.augment("in", "out", "--copies", "1", "--on-error", "fail", "--json", in: workspace)
    let summary = try Summary(outcome)
    #expect(summary.images == 2 && summary.imagesFailed == 0 && summary.filesIgnored == 3)
  }

  @Test func studyRunsOnAFolderWithThem() throws {
    let outcome = try Program.run(
      [
        "strong", "--input", "in", "--ranks", "1", "--copies", "1", "--repetitions", "1", "--output", "study",
        "--no-wait",
      ],
      in: try workspace())
    #expect(outcome.status == 0, "\(outcome.errorText)")
  }

  @Test func oneThatIsNamedLikeAnImageIsAProblem() throws {
    let workspace = try Workspace(images: 1)
    try workspace.addFile("in/label.bmp", "BMW 0.48 0.63\n")
    let outcome = try Program.run(["augment", "in", "out", "--copies", "1"], in: workspace)
    #expect(outcome.status == 1)
    #expect(outcome.errorText.contains("label.bmp: unsupported: text file"))
  }
}
