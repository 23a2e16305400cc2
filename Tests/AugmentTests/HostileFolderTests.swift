import Foundation
import Imaging
import TestSupport
import Testing

/// Each file of the folder of hostile images ends as INDEX.md beside them says.
@Suite(.enabled(if: SharedData.hostile != nil, "no hostile images beside the package"))
struct HostileFolderTests {
  private enum Outcome: String { case decodes = "D", damaged = "W", refused = "R", bomb = "B", either = "F" }

  private static let copies = 2

  /// Rows are `| class | \`file\` | …`.
  private func index(_ folder: String) -> [String: Outcome] {
    let text = String(decoding: FileManager.default.contents(atPath: "\(folder)/INDEX.md") ?? Data(), as: UTF8.self)
    return text.split(separator: "\n").reduce(into: [:]) { rows, line in
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      guard cells.count > 2, let outcome = Outcome(rawValue: cells[0]), cells[1].hasPrefix("`") else { return }
      rows[String(cells[1].dropFirst().dropLast())] = outcome
    }
  }

  @Test func everyFileEndsAsItsIndexSays() throws {
    let folder = try #require(SharedData.hostile)
    let before = Tree(of: folder)
    let workspace = try Workspace()
    let outcome = try Program.run(
      ["augment", folder, "out", "--copies", "\(Self.copies)", "--json"], in: workspace)
    #expect(outcome.status == 1)
    let summary = try Summary(outcome)
    let reasons = Dictionary(summary.failures.map { ($0.path, $0.reason) }, uniquingKeysWith: { first, _ in first })
    let rows = index(folder)
    #expect(rows.count > 90)
    for (name, expected) in rows {
      let bytes = [UInt8]((FileManager.default.contents(atPath: "\(folder)/\(name)") ?? Data()).prefix(64))
      let warnings = summary.warnings.filter { $0.hasPrefix("\(name): damaged") }
      check(name, expected, isReadable: FileKind(bytes).format != nil, reason: reasons[name], warnings: warnings)
      #expect(copies(of: name, in: workspace.tree("out")) == (reasons[name] == nil ? made(name, bytes) : 0), "\(name)")
    }
    expectOneLine(for: summary.failures, in: outcome)
    #expect(summary.failures.count == summary.imagesFailed && reasons.count == summary.imagesFailed)
    #expect(summary.complete && summary.workersReplaced == 0)
    #expect(workspace.tree("out").files.count == summary.copies && workspace.tree("out").temporaries.isEmpty)
    #expect(Tree(of: folder) == before)
    try expectDecodable(in: workspace, count: summary.copies)
  }

  private func check(_ name: String, _ expected: Outcome, isReadable: Bool, reason: String?, warnings: [String]) {
    switch expected {
    case .decodes:
      #expect(warnings.isEmpty, "\(name)")
      if isReadable && reason?.contains("--depth 8") != true {
        #expect(reason == nil, "\(name)")
      } else {
        #expect(reason?.hasPrefix("unsupported: ") == true, "\(name)")
      }
    case .damaged:
      if let reason { #expect(reason.hasPrefix("truncated"), "\(name): \(reason)") }
      #expect((reason == nil) == (warnings.count == 1), "\(name)")
    // A file that neither begins like an image nor is named like one is skipped.
    case .refused: #expect(reason?.isEmpty == false || name.hasSuffix(".doc"), "\(name)")
    case .bomb:
      #expect(reason?.hasPrefix("too large") == true || reason?.hasPrefix("unsupported: ") == true, "\(name)")
    case .either: break
    }
  }

  /// Files that neither begin like an image nor are named like one give neither copies nor an error.
  private func made(_ name: String, _ head: [UInt8]) -> Int { FileKind(head).format == nil ? 0 : Self.copies }

  private func copies(of name: String, in tree: Tree) -> Int {
    let stem = name[..<(name.lastIndex(of: ".") ?? name.endIndex)]
    return tree.files.count { $0.hasPrefix("\(stem)_aug") || $0.hasPrefix("\(name)_aug") }
  }

  private func expectOneLine(for failures: [Summary.Failure], in outcome: Program.Outcome) {
    for failure in failures {
      let lines = outcome.errorLines.filter { $0.hasPrefix("augment-cli: \(failure.path): ") }
      #expect(lines == ["augment-cli: \(failure.path): \(failure.reason)"])
    }
  }

  /// Decodes every copy again.
  private func expectDecodable(in workspace: Workspace, count: Int) throws {
    try workspace.addPipeline("flip.json", "HorizontalFlip")
    let outcome = try Program.augment(
      "out", "--no-saving", "--copies", "1", "--pipeline", "flip.json", "--json", in: workspace)
    let summary = try Summary(outcome)
    #expect(summary.images == count && summary.copies == count && summary.warnings.isEmpty)
  }
}
