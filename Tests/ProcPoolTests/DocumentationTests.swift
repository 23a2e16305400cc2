import Foundation
import Testing

/// The code in the articles, the documentation comments and the README runs.
@Suite(.serialized)
struct DocumentationTests {
  @Test(arguments: [
    "theFirstPoolPrintsSquares", "theFirstStreamPrintsOutcomesAsTheyArrive", "thePoolsOfTheReadMeGiveRootsAndOutcomes",
    "aFailureIsCaughtWithItsIndexAndCause",
    "retriesAndEndsOfWorkersAreToldAsTheArticleSays", "aConfinedPoolReadsWhatTheArticleNames",
    "theScalingTaskRunsInTheForkServersWorkers",
    "anImageIsInvertedInItsSlot", "sharedNumbersAndArraysCollectResults", "aMessagePassesThroughTheQueueOfTheArticle",
    "aDeadWorkersSlotComesBackInOnWorkerEnd",
  ])
  func documentedFact(_ name: String) throws { try Probe.expectFact(name) }

  @Test func everySnippetStandsInTheProbe() throws {
    let probe = root.appending(path: "Sources/pool-probe")
    let compiled = try ["DocumentationScenarios.swift", "StartMethodTasks.swift"].flatMap {
      try codeLines(String(contentsOf: probe.appending(path: $0), encoding: .utf8).split(separator: "\n"))
    }
    var count = 0
    for file in try documents() {
      for snippet in snippets(of: try String(contentsOf: file, encoding: .utf8)) {
        #expect(compiled.contains(snippet), "\(file.lastPathComponent):\n\(snippet.joined(separator: "\n"))")
        count += 1
      }
    }
    #expect(count >= 15, "the articles have lost their code, or the test no longer finds it")
  }

  private let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// The README, the articles and the sources with their comments.
  private func documents() throws -> [URL] {
    let folder = root.appending(path: "Sources/ProcPool")
    let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    let all = files?.compactMap { $0 as? URL } ?? []
    return all.filter { ["md", "swift"].contains($0.pathExtension) } + [root.appending(path: "README.md")]
  }

  /// The lines of each block of Swift, in Markdown or in a documentation comment.
  private func snippets(of text: String) -> [[String]] {
    var snippets: [[String]] = []
    var block: [Substring]?
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      let line = line.trimmingPrefix(/\s*\/\/\/ ?/)
      if line == "```swift" {
        block = []
      } else if line == "```" {
        if let block { snippets.append(codeLines(block)) }
        block = nil
      } else {
        block?.append(line)
      }
    }
    return snippets
  }

  /// Without indentation, blank lines and imports, which differ between a page and a scenario.
  private func codeLines(_ lines: [Substring]) -> [String] {
    lines.map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty && !$0.hasPrefix("import ") }
  }
}
