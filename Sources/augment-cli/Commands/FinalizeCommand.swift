internal import ArgumentParser
internal import Datasets
internal import Glibc
internal import Jobs
internal import Platform
internal import Strategies
internal import Studies
internal import SystemPackage

/// Ends a run that was done in shards.
struct FinalizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "finalize", abstract: "Ends a run that was done in shards.",
    discussion: """
      Checks that every shard is done, writes the label files that belong to all copies together, removes temporary files \
      of dead processes, and writes OUTPUT/.augment/index.json. Looks at no image; see verify for that. Running it again \
      does no harm. Exit status 0 if all is done, 1 if some images failed, 75 if shards are missing.
      """)

  @Argument(help: "Folder that the shards have written to.", completion: .directory)
  var output: String

  @Option(
    help: ArgumentHelp(
      "Where the images are, for label files. (default: where they were planned)", valueName: "folder"),
    completion: .directory)
  var input: String?

  @Flag(help: "Print one JSON object.")
  var json = false

  @Flag(help: "Print only errors.")
  var quiet = false

  func run() throws {
    let recorded = try Failure.telling(at: output) { try RecordedRun<PlannedWork>(in: output) }
    guard let shards = recorded.shards else { throw Failure("\(output) holds a run that is not divided into shards") }
    let gathered = GatheredShards(shards, of: recorded.plan.hash, in: recorded.record)
    guard gathered.missing.isEmpty else {
      let count = shards.count - gathered.heads.count
      throw Failure("\(output): \(count) of \(shards.count) shards are missing: \(gathered.missingText)", .tryAgain)
    }
    var index = ShardIndex(
      of: recorded.plan.hash, gathered.heads, recorded.plan.problems ?? [], in: recorded.record)
    try Failure.telling {
      index.setFiles = try SetFiles.write(recorded, input: input ?? recorded.plan.input, to: output)
    }
    try Failure.telling(at: output) {
      try Remains(everywhereIn: recorded.output).remove()
      try index.write(to: recorded.record)
    }
    let summary = ShardSummary(index, unit: recorded.plan.what.unit)
    if json { try Terminal.print("\(JSONText.line(summary))\n") } else if !quiet { Terminal.write(summary.text) }
    Glibc.exit((index.failures.isEmpty ? ExitStatus.done : .someImagesFailed).code)
  }
}

/// The files that belong to all outputs together, such as those of COCO.
private enum SetFiles {
  /// - Returns: what was written.
  static func write(
    _ recorded: RecordedRun<PlannedWork>, input: String, to output: String
  ) throws -> [FileRecord] {
    guard FurtherFiles.holdsLabels(recorded.plan), case .job(let what) = recorded.plan.what else { return [] }
    return try write(recorded, what, what.job, input: input, to: output)
  }

  private static func write(
    _ recorded: RecordedRun<PlannedWork>, _ what: RunDescription.What, _ job: some Job, input: String,
    to output: String
  ) throws -> [FileRecord] {
    let images = try recorded.plan.images(in: recorded.record)
    let listing = FolderListing(InputFolder(input, try Folder(FilePath(text: input))), images: images)
    guard let dataset = try Dataset.find(what.labels, in: listing) else { return [] }
    let labels = try DatasetPlan(dataset, what.labels)
    var run = try JobRun(job, what, on: dataset.listing, labels: labels)
    let folder = try OutputFolder(sharing: output, for: [], apartFrom: input, .batch)
    run.plan.output = folder
    let collector = LabelCollector(run.plan)
    try recorded.forEachEntry { entry in
      guard entry.isMade, let outcome = entry.labels else { return }
      try collector?.add(entry.id, record: outcome.record)
    }
    try collector?.finish()
    try folder.finish()
    return (collector?.files ?? []).compactMap { folder.record(of: $0) }
  }
}

/// What all shards have done.
private struct ShardSummary: Encodable {
  private let shards: Int
  private let tars: TarOutcome.Counts?
  private let images: Int
  private let imagesFailed: Int
  private let copies: Int
  private let copiesLeftOut: Int
  private let writtenBytes: Int
  private let hash: String
  private let failures: [FileProblem]

  private let unit: String

  private enum CodingKeys: String, CodingKey {
    case shards, images, imagesFailed, copies, copiesLeftOut, writtenBytes, hash, failures
  }

  init(_ index: ShardIndex, unit: String) {
    self.unit = unit
    (shards, images) = (index.shards.count, index.images)
    (copies, copiesLeftOut, writtenBytes) = (index.copies, index.leftOut, index.byteCount)
    (failures, hash) = (index.failures, index.hash.description)
    tars = index.tars
    imagesFailed = tars?.imagesFailed ?? index.failures.count
  }

  var text: String {
    let lines = failures.map { "\(Terminal.printable($0.path)): \(Terminal.printable($0.reason))\n" }.joined()
    let inTars = tars.map { "\(NumberText.counted($0.made, "tar")), " } ?? ""
    let tarsFailed = tars?.failed ?? 0
    let made = "\(copies)\(unit == "copies" ? " copies" : "") of \(NumberText.counted(images, "image"))"
    let parts = [
      "\(made) in \(inTars)\(NumberText.counted(shards, "shard"))",
      copiesLeftOut > 0 ? "copies left out: \(copiesLeftOut)" : "",
      imagesFailed > 0 ? "\(NumberText.counted(imagesFailed, "image")) failed" : "",
      tarsFailed > 0 ? "\(NumberText.counted(tarsFailed, "tar")) failed" : "",
    ].filter { !$0.isEmpty }
    return lines + parts.joined(separator: ", ") + "\n"
  }
}
