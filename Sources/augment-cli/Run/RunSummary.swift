internal import Datasets
internal import Experiments
internal import FoundationEssentials
internal import Strategies

/// What a run did and where the time went.
struct RunSummary: Encodable {
  /// How it was run.
  struct Setting {
    var job: String
    var strategy: String
    var ranks: Int
    var cores: Int
    /// `nil` where nothing is drawn.
    var seed: UInt64?
    var isSaving: Bool
  }

  private struct Problem: Encodable {
    var path: String
    var reason: String
  }

  private let job: String
  private let strategy: String
  private let ranks: Int
  private let cores: Int
  private let seed: UInt64?
  private let saving: Bool
  private let complete: Bool
  private let images: Int
  private let imagesFailed: Int
  private let filesIgnored: Int
  private let passedOver: [String: Int]
  private let copies: Int
  private let copiesPlanned: Int
  private let workersReplaced: Int
  private let readBytes: Int
  private let writtenBytes: Int
  private let wallSeconds: Double
  private let imagesPerSecond: Double
  /// Seconds of all ranks together.
  private let stageSeconds: [String: Double]
  private let failures: [Problem]
  private let warnings: [String]

  init(_ tally: RunTally, _ listing: FolderListing, _ setting: Setting, isComplete: Bool) {
    (job, strategy, seed) = (setting.job, setting.strategy, setting.seed)
    (ranks, cores) = (setting.ranks, setting.cores)
    (saving, complete) = (setting.isSaving, isComplete)
    images = listing.images.count + listing.problems.count
    (imagesFailed, filesIgnored) = (tally.failedImageCount, listing.ignoredCount)
    passedOver = Dictionary(uniqueKeysWithValues: listing.passedOver.map { ($0.key.rawValue, $0.value) })
    (copies, copiesPlanned) = (tally.doneCount, tally.plan.taskCount)
    workersReplaced = tally.replacedWorkerCount
    (readBytes, writtenBytes) = (tally.readByteCount, tally.writtenByteCount)
    wallSeconds = tally.wallSeconds
    imagesPerSecond = wallSeconds > 0 ? Double(copies) / wallSeconds : 0
    var times = tally.times
    times[.wait] += max(0, wallSeconds * Double(ranks) - times.total)
    stageSeconds = Dictionary(uniqueKeysWithValues: Stage.allCases.map { ($0.rawValue, times[$0]) })
    failures = tally.problems.map { Problem(path: $0.path, reason: $0.reason) }
    warnings = tally.warnings
  }

  /// One object on one line, keys in alphabetical order.
  func json() throws(Failure) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      return String(decoding: try encoder.encode(self), as: UTF8.self)
    } catch {
      throw Failure("the summary: \(error)")
    }
  }

  /// A few lines for a person.
  var text: String {
    let lines = [headline, ""] + table + (remarks.isEmpty ? [] : ["", remarks])
    return lines.joined(separator: "\n") + "\n"
  }

  private var headline: String {
    let crowd = ranks > cores ? ", more ranks than the \(cores) cores" : ""
    let rest = complete ? "" : " of \(copiesPlanned)"
    return "\(saving ? "Wrote" : "Made") \(copies)\(rest) copies of \(images - imagesFailed) images in "
      + "\(Number.fixed(wallSeconds, 2)) s: \(Number.fixed(imagesPerSecond, 1)) a second "
      + "(\(strategy), \(ranks) \(ranks == 1 ? "rank" : "ranks")\(crowd))"
  }

  private var table: [String] {
    let total = stageSeconds.values.reduce(0, +)
    return ["  stage       seconds   share   ms per copy"]
      + Stage.allCases.map { stage in
        let seconds = stageSeconds[stage.rawValue, default: 0]
        let share = total > 0 ? 100 * seconds / total : 0
        let each = copies > 0 ? Number.fixed(1000 * seconds / Double(copies), 2) : "-"
        let name = stage.rawValue + String(repeating: " ", count: 9 - stage.rawValue.count)
        return "  \(name)\(Number.fixed(seconds, 2).right(10))\(Number.fixed(share, 0).right(7))%\(each.right(14))"
      }
  }

  private var remarks: String {
    var parts: [String] = []
    if imagesFailed > 0 { parts.append("\(imagesFailed) of \(images) images failed") }
    if !warnings.isEmpty { parts.append("\(warnings.count) \(warnings.count == 1 ? "warning" : "warnings")") }
    if workersReplaced > 0 { parts.append("workers replaced: \(workersReplaced)") }
    let words: [(FolderListing.PassedOver, String)] = [
      (.notImages, "other files passed over"), (.hidden, "hidden"), (.linkedFolders, "links to folders, not followed"),
      (.brokenLinks, "broken links"), (.specialFiles, "devices, FIFOs and sockets"),
    ]
    for (reason, text) in words { passedOver[reason.rawValue].map { parts.append("\(text): \($0)") } }
    return parts.joined(separator: ", ")
  }
}

extension String {
  /// The text at the right of so many columns.
  fileprivate func right(_ width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
}
