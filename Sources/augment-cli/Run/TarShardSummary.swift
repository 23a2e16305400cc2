internal import Datasets
internal import Studies

/// The summary of shards from tar to tar: what they hold, and what this process has made of it.
struct TarShardSummary: Encodable {
  private let tars: TarOutcome.Counts
  /// Tars that were there already.
  private let tarsSkipped: Int
  private let images: Int
  private let imagesFailed: Int
  /// Copies that this process has made.
  private let copies: Int
  private let copiesFailed: Int
  private let copiesLeftOut: Int
  /// Copies that were there already.
  private let skipped: Int
  private let writtenBytes: Int
  private let complete: Bool
  private let wallSeconds: Double
  private let imagesPerSecond: Double
  private let failures: [FileProblem]

  /// - Parameters:
  ///   - index: of all shards that are done.
  ///   - found: those of them that were done already.
  init(_ index: ShardIndex, found: [ShardManifest.Head], isComplete: Bool, wallSeconds: Double) {
    (tars, failures) = (index.tars ?? TarOutcome.Counts(), index.failures)
    (images, imagesFailed) = (index.images, tars.imagesFailed)
    tarsSkipped = found.reduce(0) { $0 + ($1.tars?.made ?? 0) }
    skipped = found.reduce(0) { $0 + $1.copies }
    (copies, copiesFailed, copiesLeftOut) = (index.copies - skipped, index.failed, index.leftOut)
    writtenBytes = index.byteCount - found.reduce(0) { $0 + $1.byteCount }
    (complete, self.wallSeconds) = (isComplete, wallSeconds)
    imagesPerSecond = wallSeconds > 0 ? Double(copies) / wallSeconds : 0
  }

  /// Prints it as the flags say.
  func tell(_ flags: RunFlags) throws(Failure) {
    if flags.json {
      try Terminal.print("\(JSONText.line(self))\n")
    } else if !flags.quiet {
      Terminal.write(text)
    }
  }

  private var text: String {
    let made = tars.made - tarsSkipped
    let isNothingToDo = complete && made == 0 && tarsSkipped > 0 && failures.isEmpty
    if isNothingToDo {
      return "Nothing to do: \(NumberText.counted(tarsSkipped, "tar")) \(tarsSkipped == 1 ? "is" : "are") there\n"
    }
    let (seconds, rate) = (NumberText.fixed(wallSeconds, 2), NumberText.fixed(imagesPerSecond, 1))
    var parts = ["Wrote \(NumberText.counted(made, "tar")) with \(copies) copies in \(seconds) s: \(rate) a second"]
    if tarsSkipped > 0 { parts.append("tars that were there: \(tarsSkipped)") }
    if tars.failed > 0 { parts.append("\(NumberText.counted(tars.failed, "tar")) failed") }
    if imagesFailed > 0 { parts.append("\(NumberText.counted(imagesFailed, "image")) failed") }
    if copiesLeftOut > 0 { parts.append("copies left out: \(copiesLeftOut)") }
    return parts.joined(separator: ", ") + "\n"
  }
}
