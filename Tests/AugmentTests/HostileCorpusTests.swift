import Foundation
import Glibc
import Strategies
import TestSupport
import Testing

/// Whole runs over the images of INDEX.md: what no decoder should be asked to read.
@Suite(.enabled(if: SharedData.hostile != nil, "no hostile images beside the package"))
struct HostileCorpusTests {
  /// A run over all of them. No worker may take more memory than a bomb is allowed, so that what ends as its class says
  /// has not taken it.
  private func run(_ options: [String], in workspace: Workspace) throws -> (outcome: Program.Outcome, summary: Summary)
  {
    let folder = try #require(SharedData.hostile)
    let outcome = try Program.run(
      ["augment", folder, "out", "--copies", "1", "--json", "--max-memory", "512", "--ranks", "2"] + options,
      in: workspace)
    return (outcome, try Summary(outcome))
  }

  @Test(arguments: StrategyNames.withWorkers)
  func everyImageEndsAsItsIndexSays(strategy: String) throws {
    let workspace = try Workspace()
    let (outcome, summary) = try run(["--strategy", strategy], in: workspace)
    #expect(outcome.status == 1)
    #expect(summary.workersReplaced == 0 && summary.complete)
    for image in HostileImage.all { check(image, summary) }
    let files = workspace.tree("out")
    #expect(files.files.count == summary.copies && files.temporaries.isEmpty)
    #expect(outcome.errorLines.count { $0.hasPrefix("augment-cli: ") } >= summary.failures.count)
  }

  private func check(_ image: HostileImage, _ summary: Summary) {
    let reason = summary.failures.first { $0.path == image.name }?.reason
    let isDamaged = summary.damaged.contains { $0.path == image.name }
    let isNamed = [".doc", ".crash"].allSatisfy { !image.name.hasSuffix($0) }
    switch image.outcome {
    case .decodes: #expect(reason.map { $0.hasPrefix("unsupported") } ?? !isDamaged, "\(image.name): \(reason ?? "")")
    case .damaged: #expect(reason.map { $0.hasPrefix("truncated") } ?? isDamaged, "\(image.name): \(reason ?? "")")
    case .refused: #expect(reason != nil || !isNamed, "\(image.name) is made")
    case .bomb:
      let isRefused = ["too large", "unsupported", "damaged"].contains { reason?.hasPrefix($0) ?? false }
      #expect(isRefused, "\(image.name): \(reason ?? "is made")")
    case .either: break
    }
  }

  @Test func damageIsRejectedToldOrListedAsAskedFor() throws {
    let workspace = try Workspace()
    let told = try run([], in: workspace).summary
    #expect(told.damaged.count > 5)
    for image in told.damaged { #expect(told.warnings.contains { $0.hasPrefix("\(image.path): damaged") }) }
    let accepted = try run(["--on-damaged", "accept", "--overwrite"], in: workspace).summary
    #expect(Set(accepted.damaged.map(\.path)) == Set(told.damaged.map(\.path)))
    #expect(!accepted.warnings.contains { $0.contains("damaged") })
    #expect(accepted.copies == told.copies)
    let rejected = try run(["--on-damaged", "reject", "--overwrite"], in: workspace).summary
    #expect(rejected.damaged.isEmpty && rejected.copies == told.copies - told.damaged.count)
    for image in told.damaged {
      let reason = rejected.failures.first { $0.path == image.path }?.reason
      #expect(reason?.hasPrefix("damaged: ") == true, "\(image.path)")
    }
  }
}
