internal import Datasets
internal import Jobs
internal import Platform
internal import Strategies
internal import Studies

/// The record of a run in its output folder, and what of the run is done.
protocol RunOpening {
  /// Adds what is done already.
  func add(to tally: RunTally) throws
  /// Whether nothing is left to do.
  func isDone(_ plan: Plan) -> Bool
  /// Where the outcomes of tasks are written down.
  func outcomeRecord(_ plan: Plan, _ output: OutputFolder) throws -> any OutcomeRecord
  /// Whether the process also writes what belongs to all outputs together.
  var writesSetFiles: Bool { get }
  /// What must be added to the command line to go on after an interruption.
  var optionToGoOn: String? { get }
}

/// The record of a run by one process.
struct WholeRunOpening: RunOpening {
  private let record: RunRecord
  private let progress: RunProgress?

  /// Opens the record of the folder that a run writes to, and leaves in its plan what is not done yet. A run that was
  /// interrupted goes on if the user says so; one that has come to its end needs no word.
  init(
    _ run: inout JobRun<some Job>, _ what: RunDescription.What, _ listing: FolderListing, _ output: OutputFolder,
    _ flags: RunFlags
  ) throws {
    record = try RunRecord.held(of: output)
    let plan = try PlanFile(
      PlannedWork.job(what), for: run.plan, on: listing, others: FurtherFiles.hashes(of: run, what),
      program: AugmentCLI.program)
    guard RunRecord.exists(in: output.path), !flags.overwrite else {
      progress = nil
      try record.clear()
      try plan.write(to: record, listing, isDurable: output.durability != .none)
      return
    }
    try plan.refuseAnother(in: record, of: output, listing)
    let progress = try RunProgress(of: run.plan, in: record)
    run.plan.remainder = run.plan.remainder(without: progress.done)
    run.plan.output = output.replacing
    self.progress = progress
    guard flags.resume || isDone(run.plan) else {
      let count = "\(progress.done.count) of \(run.plan.outputCount)"
      throw Failure(
        "\(output.path) holds this run, \(count) copies done: give --resume to continue it, or --overwrite to begin anew"
      )
    }
  }

  func isDone(_ plan: Plan) -> Bool { progress?.isFinished == true && plan.taskCount == 0 }

  func add(to tally: RunTally) throws {
    if let progress { try tally.add(progress) }
  }

  func outcomeRecord(_ plan: Plan, _ output: OutputFolder) throws -> any OutcomeRecord { try Manifest(record, output) }

  var writesSetFiles: Bool { true }
  var optionToGoOn: String? { "--resume" }
}

extension RunRecord {
  /// The record of an output folder, unless another run holds it.
  static func held(of output: OutputFolder) throws -> RunRecord {
    do {
      return try RunRecord(of: output)
    } catch let busy as RunRecord.Busy {
      let holder = busy.holder.map { " (\($0))" } ?? ""
      throw Failure("\(output.path): another run writes to it\(holder)", .tryAgain)
    }
  }
}

extension PlanFile<PlannedWork> {
  /// Throws a sentence if the record holds the plan of another run.
  func refuseAnother(in record: RunRecord, of output: OutputFolder, _ listing: FolderListing) throws {
    try refuse(in: record, of: output) { try difference(from: $0, in: record.folder, listing) }
  }

  /// As above, for downloads.
  func refuseAnother(in record: RunRecord, of output: OutputFolder, _ urls: URLList) throws {
    try refuse(in: record, of: output) { try difference(from: $0, in: record.folder, urls) }
  }

  private func refuse(
    in record: RunRecord, of output: OutputFolder, _ difference: (PlanFile<PlannedWork>) throws -> Difference?
  ) throws {
    let found = try Failure.telling(at: output.path) { try difference(PlanFile<PlannedWork>(in: record.folder)) }
    guard let difference = found else { return }
    let advice = "name another folder, or give --overwrite to begin anew"
    throw Failure("\(output.path) holds another run: \(difference.sentence); \(advice)", .runFailed)
  }

  /// As above, of a plan whose entries are not compared one by one.
  /// - Parameter change: a sentence fragment, if it is them that differ.
  func refuseAnother(in record: RunRecord, of output: String, _ change: String) throws {
    let there = try Failure.telling(at: output) { try PlanFile<PlannedWork>(in: record.folder) }
    guard there.hash != hash else { return }
    let difference =
      tars != there.tars
      ? Difference.tars(old: there.tars)
      : try there.difference(to: what, program: program, shardCount: shardCount, others: others, usesTars: tars != nil)
    throw Failure("\(output) has another plan: \(difference?.sentence ?? change)")
  }
}

extension PlanFile.Difference {
  /// "--copies was 5 there and is 3 here"
  var sentence: String {
    switch self {
    case .program(let old): "\(old) has planned it, and this is another version"
    // A list of files with their sizes and times, which says nothing to people.
    case .option(let keys, _, _) where keys.starts(with: ["options", "references"]): "the reference images have changed"
    case .option(let keys, let old, let new): "\(OptionName.text(keys)) was \(old) and is \(new)"
    case .others(let name): "the \(name) have changed"
    case .tars(old: .ofTar): "it is of tars (--tar)"
    case .tars(old: .ofShard): "it makes a tar of each shard (--tar)"
    case .tars(old: nil): "it makes no tars (--tar)"
    case .shards(let old?, let new?): "it has \(old) shards, not \(new)"
    case .shards(let old?, nil): "it is divided into \(old) shards"
    case .shards(nil, _): "it is not divided into shards"
    case .image(let path?, .added): "\(path) has come to the input"
    case .image(let path?, .missing): "\(path) is gone from the input"
    case .image(let path?, .changed): "\(path) in the input has changed"
    case .image(nil, _): "the images of the input have changed"
    case .count(let old, let new): "it is of \(NumberText.counted(old, "image")), not of \(new)"
    case .source(let number, let old, let new): "the URL of image \(number) was \(old) and is \(new)"
    }
  }
}

/// The options of commands by the keys under which a plan keeps them.
private enum OptionName {
  private static let known = [
    "job": "the command", "options.keepsOriginal": "--keep-original", "options.isLossless": "--lossless",
    "options.isExact": "--exact", "options.groups": "--group-by",
    "names.template": "--name", "names.format": "--format", "files.maxPixels": "--max-pixels",
    "files.encoding.jpegDCT": "--jpeg-dct", "files.encoding.tensor": "the end of the pipeline",
    "labels.source": "--labels", "labels.outputFormat": "--label-output", "labels.lostBoxes": "--on-lost-boxes",
    "labels.isCompatible": "--compatible-visibility", "labels.options": "an option on labels",
  ]

  static func text(_ keys: [String]) -> String {
    for count in stride(from: keys.count, to: 0, by: -1) {
      if let name = known[keys.prefix(count).joined(separator: ".")] { return name }
    }
    guard let last = keys.last else { return "what it makes" }
    return "--" + last.flatMap { $0.isUppercase ? "-\($0.lowercased())" : String($0) }
  }
}

/// Files besides the images that decide what a run makes: labels, masks, reference images.
enum FurtherFiles {
  static func hashes(of run: JobRun<some Job>, _ what: RunDescription.What) throws -> [String: ContentHash] {
    var hashes: [String: ContentHash] = [:]
    if let labels = run.plan.labels {
      if labels.dataset.format != nil { hashes["labels"] = try FileSet.hash(ofLabelsAt: labels.dataset.path) }
      if !labels.dataset.masks.isEmpty {
        let folders = try labels.dataset.masks.map { try FileSet.hash(ofImagesAt: $0.path).description }
        hashes["masks"] = ContentHash(of: folders.joined(separator: " "))
      }
    }
    let references = run.job.referenceFiles
    if !references.isEmpty { hashes["reference images"] = try FileSet.hash(of: references) }
    return hashes
  }

  /// Those of a run from tar to tar: what lies in the tars is not beside them.
  static func hashes(besideTarsOf what: RunDescription.What) throws -> [String: ContentHash] {
    var hashes: [String: ContentHash] = [:]
    if case .path(let path, _) = what.labels.source { hashes["labels"] = try FileSet.hash(ofLabelsAt: path) }
    if let path = what.labels.masks { hashes["masks"] = try FileSet.hash(ofImagesAt: path) }
    let references = what.job.referenceFiles
    if !references.isEmpty { hashes["reference images"] = try FileSet.hash(of: references) }
    return hashes
  }

  /// Whether a plan is of a run with labels or masks, which all shards share.
  static func holdsLabels(_ plan: PlanFile<some Codable & Sendable>) -> Bool {
    !plan.isOfTars && (plan.others["labels"] != nil || plan.others["masks"] != nil)
  }
}
