internal import Foundation

/// The outcome that INDEX.md demands of one hostile image.
package struct HostileImage: Sendable {
  package enum Outcome: String, Sendable { case decodes = "D", damaged = "W", refused = "R", bomb = "B", either = "F" }

  package var outcome: Outcome
  package var name: String
  package var width: Int?
  package var height: Int?

  /// Rows are `| class | \`file\` | bytes | what | width x height | …`; none if the images are absent.
  package static let all: [HostileImage] = {
    guard let folder = SharedData.hostile else { return [] }
    let index = String(decoding: SharedData.bytes("INDEX.md", in: folder), as: UTF8.self)
    return index.split(separator: "\n").compactMap { line in
      let cells = line.split(separator: "|", omittingEmptySubsequences: false).map {
        $0.trimmingCharacters(in: .whitespaces)
      }
      guard cells.count > 6, let outcome = Outcome(rawValue: cells[1]), cells[2].hasPrefix("`") else { return nil }
      let size = cells[5].split(separator: "x").compactMap { Int($0) }
      return HostileImage(
        outcome: outcome, name: String(cells[2].dropFirst().dropLast()), width: size.first, height: size.last)
    }
  }()
}
