internal import Datasets

/// Holds back that images of shards have failed as long as nothing has answered at all. A machine without a network fails
/// fast: it would soon have all shards, and nobody would try them again.
struct UnansweredImages {
  private var held: [ManifestEntry] = []
  private var hasAnswer: Bool

  /// Fewer may well lie on servers that are gone.
  private static let leastCount = 8

  /// - Parameter isActive: whether others could do better, as with shards.
  init(isActive: Bool) { hasAnswer = !isActive }

  /// - Returns: the entries to be written now.
  mutating func release(_ entry: ManifestEntry, of download: Download) -> [ManifestEntry] {
    hasAnswer = hasAnswer || download.status != nil || download.outcome == .downloaded && !download.wasThere
    held.append(entry)
    guard hasAnswer || download.outcome == .downloaded else { return [] }
    guard hasAnswer else { return [held.removeLast()] }
    defer { held = [] }
    return held
  }

  /// The entries that are left in the end.
  /// - Throws: a failure that another machine should try.
  func rest() throws(Failure) -> [ManifestEntry] {
    guard held.count >= Self.leastCount else { return held }
    throw Failure(
      "none of \(held.count) images could be reached from this machine, the last \(held[held.count - 1].source)",
      .tryAgain)
  }
}
