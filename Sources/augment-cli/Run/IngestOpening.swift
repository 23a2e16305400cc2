internal import Datasets
internal import Platform
internal import Strategies

/// The record of a run of downloads: what of it is done, and what is left.
struct IngestOpening {
  /// With the URLs that this process sees to.
  let options: IngestOptions
  let output: OutputFolder
  /// Images that are there already.
  private(set) var foundCount = 0
  /// Images of shards that are done that could not be downloaded.
  private(set) var failures: [FileProblem] = []
  /// What is left.
  private(set) var tasks: [IngestTask] = []
  /// Whether nothing is left to do.
  private(set) var isDone = false
  /// What must be added to the command line to go on after an interruption.
  let optionToGoOn: String?
  /// Number of the first image that this process sees to.
  private let firstNumber: Int
  private let place: Place

  private enum Place {
    case whole(RunRecord)
    case shards([Int], ShardSlice, Folder)
  }

  /// Opens the record of a run by one process.
  init(_ options: IngestOptions, _ places: IngestSession.Places, _ flags: RecordFlags) throws {
    let folder = try IngestFolder(options, places, flags)
    (self.options, output, firstNumber, optionToGoOn) = (options, folder.output, 1, "--resume")
    place = .whole(folder.record)
    guard try folder.keepOrBegin(program: AugmentCLI.program, shardCount: nil, flags) else {
      tasks = (1...options.count).map { IngestTask(number: $0) }
      return
    }
    let progress = try RunProgress(ofDownloads: options.count, in: folder.record, output)
    foundCount = progress.done.count
    isDone = progress.isFinished && foundCount == options.count
    guard flags.resume || isDone else {
      throw Failure(
        "\(output.path) holds this run, \(foundCount) of \(options.count) images downloaded: give --resume to continue it, "
          + "or --overwrite to begin anew")
    }
    tasks = try Self.tasks(
      (1...options.count).filter { !progress.done.contains($0 - 1) }, spoilt: progress.spoilt, output)
  }

  /// Opens the records of some shards of a run that was planned.
  init(_ shards: ShardRange, _ options: IngestOptions, _ places: IngestSession.Places, _ flags: RecordFlags) throws {
    let plan = try ShardPlan(in: places.folder, .ingest(IngestOptions.What(options)), shards)
    let images = shards.images(of: plan.file.imageCount)
    let urls = try Failure.telling(at: places.folder) { try plan.file.urls(in: plan.record, images) }
    var own = options
    (own.urls, own.count) = (urls, images.count)
    output = try OutputFolder(
      sharing: places.folder, for: [""], apartFrom: places.source, mayReplace: false, flags.durability)
    (self.options, firstNumber, optionToGoOn) = (own, images.lowerBound + 1, nil)
    let progress = ShardProgress(of: plan.slice, in: plan.record, output)
    place = .shards(progress.missing, plan.slice, plan.record)
    foundCount = progress.done.reduce(0) { $0 + $1.copies }
    (failures, isDone) = (progress.failures, progress.missing.isEmpty)
    let missing = progress.missing.flatMap { ShardRange.images(of: $0, among: shards.count, plan.file.imageCount) }
    tasks = try Self.tasks(missing.map { $0 + 1 }, spoilt: progress.spoilt, output)
  }

  /// The tasks of images that no record calls downloaded. What a killed process has left of them is perhaps an image;
  /// what a record calls otherwise than it is, is none.
  private static func tasks(_ numbers: [Int], spoilt: Set<Int>, _ output: OutputFolder) throws -> [IngestTask] {
    let found = try output.downloads()
    return numbers.map { number in
      let names = found[number] ?? []
      let kept = spoilt.contains(number - 1) ? nil : names.first
      for name in names where name != kept { output.withdraw(name) }
      return IngestTask(number: number, found: kept)
    }
  }

  /// Where the outcomes of tasks are written down.
  func outcomeRecord() throws -> any OutcomeRecord {
    switch place {
    case .whole(let record): try Manifest(record, output)
    case .shards(let missing, let slice, let record):
      ShardRecorder(downloading: missing, of: slice, to: output, in: record)
    }
  }

  /// The line of a record about an image.
  func entry(_ report: IngestReport) -> ManifestEntry { report.entry(id: report.download.number - firstNumber) }
}

/// The output folder of downloads that nobody else writes to.
struct IngestFolder {
  let output: OutputFolder
  let record: RunRecord
  private let options: IngestOptions
  private let source: String

  init(_ options: IngestOptions, _ places: IngestSession.Places, _ flags: RecordFlags) throws {
    output = try OutputFolder(
      places.folder, for: [""], apartFrom: places.source, mayReplace: flags.overwrite, flags.durability)
    record = try RunRecord.held(of: output)
    (self.options, source) = (options, places.source)
  }

  /// Checks the plan that is there, or writes one.
  /// - Returns: whether there is one already.
  func keepOrBegin(program: String, shardCount: Int?, _ flags: RecordFlags) throws -> Bool {
    let plan = try plan(program: program, shardCount: shardCount)
    if RunRecord.exists(in: output.path), !flags.overwrite {
      try plan.refuseAnother(in: record, of: output, options.urls)
      return true
    }
    // Of an image of the same number in another format, nobody could tell that it is not of this run.
    for (number, names) in try output.downloads() where 1...options.count ~= number { names.forEach(output.withdraw) }
    try record.clear()
    try plan.write(to: record, options.urls, isDurable: output.durability != .none)
    return false
  }

  func plan(program: String, shardCount: Int?) throws -> PlanFile<PlannedWork> {
    try PlanFile(
      .ingest(IngestOptions.What(options)), on: options.urls, count: options.count, source: source, program: program,
      shardCount: shardCount)
  }
}
