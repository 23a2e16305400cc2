import Foundation
import Imaging
import Jobs
import Strategies
import Testing

/// Properties of every job.
struct JobTests {
  @Test func everyJobMakesTheSameBytesUnderEveryStrategy() throws {
    let workspace = try Workspace(images: 5)
    try workspace.addImage("in/sub/one.png", as: .png, seed: 20)
    try workspace.addTransparentImage("in/transparent.png")
    try workspace.addFile("in/instances_default.json", Self.labels)
    for job in JobCatalog.all {
      var reference: Tree?
      for strategy in StrategyCatalog.strategies(for: job) {
        for ranks in ["2", "5"] {
          let output = "\(job.name)-\(strategy.name)-\(ranks)"
          let outcome = try Program.run(
            [job.name, "in", output, "--strategy", strategy.name, "--ranks", ranks, "--json"], in: workspace)
          #expect(outcome.status == 0, "\(output): \(outcome.errorText)")
          let tree = workspace.tree(output)
          #expect(!tree.files.isEmpty && tree == reference ?? tree, "\(output)")
          reference = tree
        }
      }
    }
  }

  /// Of all images but one. Their file is written by the main process, from what the workers tell.
  private static let labels = """
    {"images": [\((0..<5).map { "{\"id\": \($0), \"file_name\": \"image\($0).jpg\"}" }.joined(separator: ", ")),
      {"id": 5, "file_name": "sub/one.png"}],
     "categories": [{"id": 1, "name": "a"}],
     "annotations": [\((0..<6).map { id in
        "{\"id\": \(id), \"image_id\": \(id), \"category_id\": 1, \"bbox\": [\(5 * id), 7, 40, 30]}"
      }.joined(separator: ", "))]}
    """

  @Test func everyJobIsMeasuredInEveryWay() throws {
    let workspace = try Workspace()
    for job in WorkloadCatalog.all {
      let copies = job.copies(2) == nil ? [] : ["--copies", "2"]
      let outcome = try Program.run(
        [
          "strong", "--job", job.name, "--ranks", "2", "--size", "64x48", "--images", "3", "--repetitions", "1",
          "--no-wait",
        ]
          + copies + ["--output", job.name], in: workspace)
      #expect(outcome.status == 0, "\(outcome.errorText)")
      let rows = String(decoding: workspace.contents("\(job.name)/runs.csv") ?? Data(), as: UTF8.self)
      for way in job.ways { #expect(rows.contains("\(job.name),\(way.name),"), "\(rows)") }
    }
  }

  @Test func aStudyRefusesCopiesThatItsJobDoesNotMake() throws {
    let workspace = try Workspace()
    let outcome = try Program.run(
      ["weak", "--sizes", "--job", "anonymize", "--copies", "3"], in: workspace)
    #expect(outcome.status == 64 && workspace.tree == Tree())
    #expect(outcome.errorText.contains("--copies: anonymize does not make 3 copies of an image"))
  }
}
