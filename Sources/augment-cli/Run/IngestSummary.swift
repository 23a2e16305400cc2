internal import Datasets
internal import Imaging
internal import Strategies
internal import Studies

/// The summary of `ingest`: what arrived, and what stands in for the rest.
struct IngestSummary: Encodable {
  private let job = "ingest"
  private let complete: Bool
  private let images: Int
  private let downloaded: Int
  /// Images that earlier processes had left.
  private let found: Int
  private let synthetic: Int
  private let skipped: Int
  private let attempts: Int
  private let downloadedBytes: Int
  private let writtenBytes: Int
  private let wallSeconds: Double
  private let imagesPerSecond: Double
  private let ranks: Int
  private let seed: UInt64
  private let fallback: String
  private let workersReplaced: Int
  /// Seconds per stage, summed over all ranks; `read` is the download.
  private let stageSeconds: [String: Double]
  private let failures: [Download]
  /// `downloaded` and all failures, as other jobs call them, for those who gather shards.
  private let copies: Int
  private let imagesFailed: Int

  /// Names that the text lists before it only counts them.
  private static let mostNames = 5

  init(_ tally: IngestTally, _ options: IngestOptions, ranks: Int, isComplete: Bool) {
    let downloads = tally.downloads
    func count(_ outcome: Download.Outcome) -> Int { downloads.count { $0.outcome == outcome } }
    (complete, images, self.ranks) = (isComplete, options.count, ranks)
    (synthetic, skipped) = (count(.synthetic), count(.skipped))
    (found, downloaded) = (tally.foundCount, downloads.count { $0.outcome == .downloaded && !$0.wasThere })
    (copies, imagesFailed) = (downloaded, tally.failureCount)
    attempts = downloads.reduce(0) { $0 + $1.attempts }
    downloadedBytes = downloads.reduce(0) { $0 + $1.byteCount }
    (writtenBytes, wallSeconds) = (tally.writtenByteCount, tally.wallSeconds)
    imagesPerSecond = wallSeconds > 0 ? Double(downloaded) / wallSeconds : 0
    (seed, fallback) = (options.policy.seed, options.fallback.rawValue)
    workersReplaced = tally.replacedWorkerCount
    var times = tally.times
    times[.wait] += max(0, wallSeconds * Double(ranks) - times.total)
    stageSeconds = Dictionary(uniqueKeysWithValues: Stage.allCases.map { ($0.rawValue, times[$0]) })
    failures = tally.failures
  }

  /// The summary as a few lines of text.
  var text: String {
    ([headline, noise].compactMap { $0 } + [remarks].filter { !$0.isEmpty }).joined(separator: "\n") + "\n"
  }

  private var headline: String {
    if complete, found == images { return "Nothing to do: \(found) of \(images) images are there" }
    return "Downloaded \(downloaded) of \(images) images in \(NumberText.fixed(wallSeconds, 2)) s: "
      + "\(NumberText.fixed(imagesPerSecond, 1)) a second, \(NumberText.fixed(Double(downloadedBytes) * 1e-6, 1)) MB "
      + "(\(NumberText.counted(ranks, "rank")))"
  }

  /// Which images are none: nobody should mistake noise for data.
  private var noise: String? {
    let names = failures.compactMap { $0.outcome == .synthetic ? $0.file : nil }
    guard !names.isEmpty else { return nil }
    let rest = names.count - Self.mostNames
    let shown = rest > 0 ? names.prefix(Self.mostNames) + ["\(rest) more"] : names[...]
    return "Synthetic noise, not downloaded: \(NumberText.list(Array(shown)))"
  }

  private var remarks: String {
    var parts: [String] = []
    if found > 0, found < images { parts.append("already there: \(found)") }
    if skipped > 0 { parts.append("skipped: \(skipped)") }
    let retries = attempts - downloaded - synthetic - skipped
    if retries > 0 { parts.append("retries: \(retries)") }
    if workersReplaced > 0 { parts.append("workers replaced: \(workersReplaced)") }
    return parts.joined(separator: ", ")
  }
}
