internal import ArgumentParser
internal import Datasets
internal import FoundationEssentials
internal import Glibc
internal import Imaging
internal import Jobs
internal import Platform
internal import Strategies
internal import SystemPackage

/// Makes one output of a run again.
struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay", abstract: "Makes one copy of a run again, and compares it with what was written.",
    discussion: """
      Everything that decided the copy is in the record of the run, OUTPUT/.augment; the images may lie on another \
      machine, under another path. Exit status 0 if the same bytes come of it, 1 if not.
      """)

  @Argument(help: "Folder that the run has written to.", completion: .directory)
  var output: String

  @Option(help: ArgumentHelp("The copy: its number in the manifest, or its path in OUTPUT.", valueName: "number|path"))
  var id: String

  @Option(
    help: ArgumentHelp("Where the images are. (default: where the run found them)", valueName: "folder"),
    completion: .directory)
  var input: String?

  @Option(
    help: ArgumentHelp("Write the copy, and what belongs to it, into this folder.", valueName: "folder"),
    completion: .directory)
  var to: String?

  @Flag(help: "Print what was drawn as an Albumentations pipeline that always does the same; make nothing.")
  var show = false

  func run() throws {
    let plan = try Failure.telling(at: output) { try PlanFile<PlannedWork>(in: RunRecord.folder(of: output)) }
    guard case .job = plan.what else {
      throw Failure(
        "\(output) holds downloads, which no record can make again: 'augment-cli verify --full' compares them with what "
          + "was received")
    }
    let recorded = try Failure.telling(at: output) { try RecordedRun<RunDescription.What>(in: output) }
    guard !recorded.plan.isOfTars else {
      throw Failure("\(output) holds tars, whose copies are not recorded one by one: run the command on the tar itself")
    }
    let entry = try Failure.telling(at: output) { try find(in: recorded) }
    guard let entry else { throw Failure("\(output): the manifest has no output \(id)") }
    guard !show else { return try Terminal.print(try text(of: entry, recorded)) }
    let replay = try Failure.telling { try Replay(entry, of: recorded, input: input, to: to) }
    try Terminal.print("\(Terminal.printable(entry.output)): \(replay.verdict)\n")
    Glibc.exit((replay.isEqual ? ExitStatus.done : .someImagesFailed).code)
  }

  private func find(in recorded: RecordedRun<RunDescription.What>) throws -> ManifestLine? {
    var found: ManifestLine?
    try recorded.forEachEntry { entry in
      if String(entry.id) == id || entry.output == id { found = entry }
    }
    return found
  }

  private func text(
    of entry: ManifestLine, _ recorded: RecordedRun<RunDescription.What>
  ) throws(Failure) -> String {
    let job = recorded.plan.what.job
    guard let augment = job as? Augment else {
      throw Failure("\(type(of: job).name) draws nothing; its options are in \(output)/.augment/plan.json")
    }
    return try Failure.telling(at: output) {
      // Shards do not keep what follows from the seed.
      let drawn = recorded.shards == nil ? entry.transforms : try Replay.draw(entry, of: recorded, input: input)
      let fixed = try FixedPipeline(augment.options.pipeline, asDrawn: drawn)
      for note in fixed.notes { Terminal.write("augment-cli: \(note)\n") }
      return fixed.text
    }
  }
}

/// An output made again.
private struct Replay {
  let isEqual: Bool
  /// A sentence fragment.
  let verdict: String

  /// - Parameter folder: where the files go; `nil`: they are only compared.
  init(
    _ entry: ManifestLine, of recorded: RecordedRun<RunDescription.What>, input: String?, to folder: String?
  ) throws {
    let scratch = folder == nil ? try ScratchFolder("replay") : nil
    let report = try withExtendedLifetime(scratch) {
      try Self.make(entry, of: recorded, input: input ?? recorded.plan.input, to: folder ?? scratch?.path.text ?? "")
    }
    if let problem = report.problem {
      (isEqual, verdict) = (!entry.isMade, problem.reason)
    } else if let reason = report.omission {
      (isEqual, verdict) = (entry.status == "left out", reason.isEmpty ? "there is nothing to make" : reason)
    } else if let then = entry.sourceFile, report.product.source?.hash != then.hash {
      (isEqual, verdict) = (false, "made of another image than then: \(entry.source) has changed")
    } else if report.product.files == entry.files {
      (isEqual, verdict) = (true, "the same \(entry.files.first?.byteCount ?? 0) bytes")
    } else {
      (isEqual, verdict) = (false, "other bytes than then")
    }
  }

  /// What is drawn for an output; `nil`: nothing.
  static func draw(
    _ entry: ManifestLine, of recorded: RecordedRun<RunDescription.What>, input: String?
  ) throws -> RecordedSample? {
    let scratch = try ScratchFolder("replay")
    let report = try withExtendedLifetime(scratch) {
      try make(entry, of: recorded, input: input ?? recorded.plan.input, to: scratch.path.text)
    }
    if let problem = report.problem { throw Failure("\(entry.source): \(problem.reason)") }
    guard !report.product.draw.isEmpty else { return nil }
    return try JSONDecoder().decode(RecordedSample.self, from: Data(report.product.draw))
  }

  private static func make(
    _ entry: ManifestLine, of recorded: RecordedRun<RunDescription.What>, input: String, to folder: String
  ) throws -> TaskReport {
    // Elsewhere the files have other times, and what they hold is compared anyway.
    let images = try recorded.plan.images(in: recorded.record).map { InputImage(path: $0.path, format: $0.format) }
    var listing = FolderListing(InputFolder(input, try Folder(FilePath(text: input))), images: images)
    let dataset = try Dataset.find(recorded.plan.what.labels, in: listing)
    listing = dataset?.listing ?? listing
    let labels = try dataset.map { dataset throws(LabelError) in
      try DatasetPlan(dataset, recorded.plan.what.labels)
    }
    return try make(entry, recorded.plan.what.job, recorded.plan.what, listing, labels, to: folder)
  }

  private static func make(
    _ entry: ManifestLine, _ job: some Job, _ what: RunDescription.What, _ listing: FolderListing,
    _ labels: DatasetPlan?, to folder: String
  ) throws -> TaskReport {
    var run = try JobRun(job, what, on: listing, labels: labels)
    run.keepsRecord = true
    run.plan.output = try OutputFolder(folder, mayReplace: true)
    let count = run.plan.tasksPerImage
    let position = entry.id / count
    guard entry.id >= 0, position < listing.images.count else { throw ListingSegment.Damage(file: "manifest.jsonl") }
    run.plan.remainder = Plan.Remainder(images: [position], done: [])
    return try OneTask.run(run, task: entry.id % count)
  }
}
