internal import FoundationEssentials

/// What became of the images of a tar: a part of its line in a manifest.
package struct TarOutcome: Codable, Hashable, Sendable {
  package var images = 0
  /// Copies that were made, that failed, and that were left out with a reason.
  package var copies = 0
  package var failed = 0
  package var leftOut = 0
  /// Files of the tar that failed, each once, sorted by their paths in the tar.
  package var failures: [FileProblem] = []

  package init(failures: [FileProblem] = []) {
    self.failures = failures.sorted { $0.path.precedes($1.path) }
  }

  var json: [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let bytes = try? encoder.encode(self) else { preconditionFailure("numbers and texts are JSON") }
    return Array(bytes)
  }

  /// What the shards of a run from tar to tar have made of tars.
  package struct Counts: Codable, Hashable, Sendable {
    package var made = 0
    package var failed = 0
    /// Files of all tars that failed.
    package var imagesFailed = 0

    package init() {}

    package static func + (left: Counts, right: Counts) -> Counts {
      var sum = left
      sum.made += right.made
      sum.failed += right.failed
      sum.imagesFailed += right.imagesFailed
      return sum
    }
  }
}
