internal import Datasets
internal import Imaging
internal import Strategies
internal import Studies

/// The summary of a run: what it made, and how long each stage took.
struct RunSummary: Encodable {
  /// The settings of the run that the summary repeats.
  struct Circumstances {
    var job: String
    var strategy: String
    var ranks: Int
    /// Whether the program chose the number of ranks.
    var areRanksChosen: Bool
    var cores: Int
    /// `nil` if the job draws nothing.
    var seed: UInt64?
    var isSaving: Bool
    /// What confines the decoders.
    var guards: [String]
  }

  fileprivate struct Labels: Encodable {
    /// `nil` if there are masks alone.
    var format, outputFormat: String?
    /// In all copies together.
    var objects: Int
    var objectsDropped: Int
    /// By reason.
    var dropped: [String: Int]
    var copiesLeftOut: Int
    var brokenObjects: Int
  }

  private struct Problem: Encodable {
    var path: String
    var reason: String
  }

  private let job: String
  private let strategy: String
  private let ranks: Int
  /// Whether the program chose the number of ranks.
  private let ranksChosen: Bool
  private let cores: Int
  private let seed: UInt64?
  private let saving: Bool
  /// What confines the decoders; empty if nothing does.
  private let sandbox: [String]
  private let complete: Bool
  private let images: Int
  private let imagesFailed: Int
  private let filesIgnored: Int
  private let passedOver: [String: Int]
  private let copies: Int
  /// Copies that were there already.
  private let skipped: Int
  private let copiesPlanned: Int
  private let workersReplaced: Int
  private let readBytes: Int
  private let writtenBytes: Int
  private let wallSeconds: Double
  private let imagesPerSecond: Double
  /// Seconds per stage, summed over all ranks.
  private let stageSeconds: [String: Double]
  /// What each node did, if the run was divided among nodes.
  private let nodes: [NodeReport]?
  private let labels: Labels?
  private let failures: [Problem]
  /// Images that were worked on although their files are damaged.
  private let damaged: [Problem]
  private let warnings: [String]

  init(_ tally: RunTally, _ listing: FolderListing, _ circumstances: Circumstances, isComplete: Bool) {
    (job, strategy, seed) = (circumstances.job, circumstances.strategy, circumstances.seed)
    (ranks, ranksChosen, cores) = (circumstances.ranks, circumstances.areRanksChosen, circumstances.cores)
    nodes = tally.nodes
    (saving, complete, sandbox) = (circumstances.isSaving, isComplete, circumstances.guards)
    images = tally.plan.ownImages.count + listing.problems.count
    (imagesFailed, filesIgnored) = (tally.failedImageCount, listing.ignoredCount)
    passedOver = Dictionary(uniqueKeysWithValues: listing.passedOver.map { ($0.key.rawValue, $0.value) })
    (copies, copiesPlanned, skipped) = (tally.doneCount, tally.plan.outputCount, tally.foundCount)
    labels = tally.plan.labels.map { Labels($0, tally.labels) }
    workersReplaced = tally.replacedWorkerCount
    (readBytes, writtenBytes) = (tally.readByteCount, tally.writtenByteCount)
    wallSeconds = tally.wallSeconds
    imagesPerSecond = wallSeconds > 0 ? Double(copies) / wallSeconds : 0
    var times = tally.times
    times[.wait] += max(0, wallSeconds * Double(ranks) - times.total)
    stageSeconds = Dictionary(uniqueKeysWithValues: Stage.allCases.map { ($0.rawValue, times[$0]) })
    failures = tally.problems.map { Problem(path: $0.path, reason: $0.reason) }
    damaged = tally.damages.map { Problem(path: $0.path, reason: $0.reason) }
    warnings = tally.warnings
  }

  /// The summary as a few lines of text.
  var text: String {
    if isNothingToDo { return "\(headline)\n\(remarks.isEmpty ? "" : "\(remarks)\n")" }
    return
      "\(headline)\n\(labels.map { "\($0.line)\n" } ?? "")\(nodeLine)\n\(stages)\(remarks.isEmpty ? "" : "\n\(remarks)\n")"
  }

  private var isNothingToDo: Bool { complete && skipped > 0 && copies == 0 && imagesFailed == 0 }

  private var headline: String {
    let crowd = ranks > cores ? ", more ranks than the \(cores) cores" : ""
    let rest = complete && skipped == 0 ? "" : " of \(copiesPlanned)"
    if isNothingToDo { return "Nothing to do: \(skipped)\(rest) copies are there" }
    let found = skipped > 0 ? ", \(skipped) were there," : ""
    return "\(saving ? "Wrote" : "Made") \(copies)\(rest) copies of \(images - imagesFailed) images\(found) in "
      + "\(NumberText.fixed(wallSeconds, 2)) s: \(NumberText.fixed(imagesPerSecond, 1)) a second "
      + "(\(strategy), \(NumberText.counted(ranks, "rank"))\(crowd)\(ranksChosen ? ", as suits the work" : ""))"
  }

  /// Empty unless the run was divided among nodes.
  private var nodeLine: String {
    let parts = (nodes ?? []).enumerated().map { index, node in
      "node \(index + 1): \(NumberText.counted(node.images, "image")) in \(NumberText.fixed(node.seconds, 2)) s"
    }
    return parts.isEmpty ? "" : "\(parts.joined(separator: ", "))\n"
  }

  private var stages: String {
    var table = TextTable([("stage", .left), ("seconds", .right), ("share", .right), ("ms per copy", .right)])
    let total = stageSeconds.values.reduce(0, +)
    for stage in Stage.allCases {
      let seconds = stageSeconds[stage.rawValue, default: 0]
      let each = copies > 0 ? NumberText.fixed(1000 * seconds / Double(copies), 2) : NumberText.none
      let share = NumberText.percent(total > 0 ? seconds / total : 0)
      table.append([stage.rawValue, NumberText.fixed(seconds, 2), share, each])
    }
    return table.text
  }

  private var remarks: String {
    var parts: [String] = []
    if imagesFailed > 0 { parts.append("\(imagesFailed) of \(images) images failed") }
    if !damaged.isEmpty { parts.append("damaged: \(damaged.count)") }
    if !warnings.isEmpty { parts.append(NumberText.counted(warnings.count, "warning")) }
    if workersReplaced > 0 { parts.append("workers replaced: \(workersReplaced)") }
    let words: [(FolderListing.PassedOver, String)] = [
      (.notImages, "other files passed over"), (.masks, "masks"), (.hidden, "hidden"),
      (.linkedFolders, "links to folders, not followed"),
      (.brokenLinks, "broken links"), (.specialFiles, "devices, FIFOs and sockets"),
    ]
    for (reason, text) in words { passedOver[reason.rawValue].map { parts.append("\(text): \($0)") } }
    return parts.joined(separator: ", ")
  }
}

extension RunSummary.Labels {
  fileprivate init(_ plan: DatasetPlan, _ tally: LabelTally) {
    (format, outputFormat) = (plan.dataset.format?.name, plan.outputFormat?.name)
    (objects, objectsDropped) = (tally.keptCount, tally.droppedCount)
    dropped = Dictionary(uniqueKeysWithValues: tally.droppedCounts.map { ($0.key.rawValue, $0.value) })
    (copiesLeftOut, brokenObjects) = (tally.omittedCount, tally.faultCount)
  }

  /// "Labels (YOLO): 2170 objects; dropped: 12 outside the copy, 19 too small; copies left out: 5"
  var line: String {
    let reasons = LossReason.allCases.compactMap { reason in dropped[reason.rawValue].map { "\($0) \(reason.rawValue)" }
    }
    let parts = [
      NumberText.counted(objects, "object"), reasons.isEmpty ? "" : "dropped: \(reasons.joined(separator: ", "))",
      copiesLeftOut > 0 ? "copies left out: \(copiesLeftOut)" : "",
      brokenObjects > 0 ? "broken in the label files: \(brokenObjects)" : "",
    ]
    guard let outputFormat else { return "Masks follow the images" }
    return "Labels (\(outputFormat)): \(parts.filter { !$0.isEmpty }.joined(separator: "; "))"
  }
}
