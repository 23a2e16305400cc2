internal import Datasets
internal import Platform
internal import Strategies
internal import SystemPackage

/// The plan of a run that many processes work on, as one of them finds it that is to do some of its shards.
struct ShardPlan {
  let file: PlanFile<PlannedWork>
  let record: Folder
  let shards: ShardRange
  let output: String

  /// Opens the plan in an output folder.
  /// - Parameter usesTars: whether the command line wants tars.
  /// - Throws: a failure that says that this machine cannot do it, if the folder is not there, or the plan is not the one
  ///   that the command line means.
  init(in output: String, _ what: PlannedWork, _ shards: ShardRange, usesTars: Bool = false) throws(Failure) {
    guard RunRecord.exists(in: output) else {
      throw Failure("\(output): there is no plan here; run 'augment-cli plan' once before the shards", .cannotHere)
    }
    (self.output, self.shards) = (output, shards)
    (record, file) = try Failure.telling(at: output) {
      let record = try RunRecord.folder(of: output)
      return (record, try PlanFile<PlannedWork>(in: record))
    }
    // The files beside the images are compared once they are found.
    try refuse { file throws in
      try file.difference(
        to: what, program: AugmentCLI.programAndBuild, shardCount: shards.count, others: file.others,
        usesTars: usesTars)
    }
  }

  /// Throws unless the labels and reference images are those of the plan.
  func check(others: [String: ContentHash]) throws(Failure) {
    try refuse { file in
      let names = Set(others.keys).union(file.others.keys).sorted()
      return names.first { others[$0] != file.others[$0] }.map { .others($0) }
    }
  }

  private func refuse(
    _ difference: (PlanFile<PlannedWork>) throws -> PlanFile<PlannedWork>.Difference?
  ) throws(Failure) {
    let found = try Failure.telling(at: output) { try difference(file) }
    if let found { throw Failure("\(output) has another plan: \(found.sentence)", .cannotHere) }
  }

  /// The images of the shards; with labels, whose files know nothing of shards, those of all.
  func listing(of input: String) throws(Failure) -> FolderListing {
    let folder = try open(input)
    var listing = FolderListing(InputFolder(input, folder), images: try Failure.telling(at: output) { try images() })
    // Where a file system is not mounted there is an empty folder.
    guard listing.holdsAny else {
      throw Failure("\(input): none of the images of the plan is here", .cannotHere)
    }
    listing.findLinks()
    return listing
  }

  /// The tars of the shards.
  func tars(in folder: Folder, called input: String) throws(Failure) -> [InputTar] {
    let tars = try Failure.telling(at: output) { try file.tars(in: record, shards.images(of: file.imageCount)) }
    guard tars.isEmpty || tars.contains(where: { folder.holds(FilePath(text: $0.path)) }) else {
      throw Failure("\(input): none of the tars of the plan is here", .cannotHere)
    }
    return tars
  }

  func open(_ input: String) throws(Failure) -> Folder {
    do throws(FileError) {
      return try Folder(FilePath(text: input))
    } catch {
      throw Failure("\(input): \(error.reason)", .cannotHere)
    }
  }

  private func images() throws -> [InputImage] {
    guard FurtherFiles.holdsLabels(file) else {
      return try file.images(in: record, shards.images(of: file.imageCount))
    }
    return try file.images(in: record)
  }

  var slice: ShardSlice {
    ShardSlice(
      shards, of: file.hash, imageCount: file.imageCount, knowsAll: FurtherFiles.holdsLabels(file))
  }
}

/// The records of some shards of a run.
struct ShardOpening: RunOpening {
  private let slice: ShardSlice
  private let progress: ShardProgress
  private let record: Folder
  private let output: OutputFolder
  /// Whether the outputs of the plan go into a tar for each shard.
  private let packsOutputs: Bool

  /// Leaves in a plan what is not done yet.
  init(_ plan: inout Plan, _ shards: ShardPlan, _ output: OutputFolder) {
    (slice, record, self.output, packsOutputs) = (shards.slice, shards.record, output, shards.file.tars == .ofShard)
    progress = ShardProgress(of: slice, in: record, output)
    plan.part = slice.images
    plan.remainder = Plan.Remainder(images: progress.missing.flatMap(slice.images), done: [])
  }

  func add(to tally: RunTally) throws { try tally.add(progress) }

  func isDone(_ plan: Plan) -> Bool { progress.missing.isEmpty }

  func outcomeRecord(_ plan: Plan, _ files: OutputFolder) -> any OutcomeRecord {
    ShardRecorder(progress.missing, of: slice, plan, output, in: record, packing: packsOutputs ? files : nil)
  }

  var writesSetFiles: Bool { false }
  var optionToGoOn: String? { nil }
}
