internal import Datasets
internal import Imaging
internal import Jobs
internal import Platform
internal import ProcPool
internal import Strategies
internal import SystemPackage

/// Runs a job on a folder, from the checks to the summary.
struct JobSession {
  private(set) var description: RunDescription
  private let strategy: any Strategy.Type
  let input: String
  let output: String?
  let flags: RunFlags
  /// Whether it runs without labels that the job has options for.
  var ignoresLabels = false
  /// If the outputs of each shard go into a tar: where they lie until then.
  var packing: Packing?
  /// What stops the run; `nil`: its own.
  var stopSignals: StopSignals?
  /// What people call its folders, if these go with the process; then nothing can go on with it.
  var names: FolderNames?
  /// What its messages begin with, if it is one of several.
  var subject: String?
  /// Takes what came of the run once it has begun, in place of the summary.
  var takesTally: ((RunTally) -> Void)?

  init(_ description: RunDescription, input: String, output: String?, _ flags: RunFlags) throws(Failure) {
    guard let strategy = StrategyCatalog.type(named: description.how.strategy) else {
      throw Failure("there is no strategy \(description.how.strategy)")
    }
    self.strategy = strategy
    (self.description, self.input, self.output, self.flags) = (description, input, output, flags)
  }

  struct Packing {
    /// Where the folder for them is made; `nil`: $TMPDIR, or else /tmp.
    var scratch: String?
  }

  /// - Returns: whether all images are done.
  func execute() throws -> ExitStatus { try execute(description.what.job) }

  private func execute(_ job: some Job) throws -> ExitStatus {
    Startup.ignoreWriteSignals()
    let scratch = try packing.map { packing in try Failure.telling { try ScratchFolder("shard", in: packing.scratch) } }
    defer { scratch?.remove() }
    var (run, listing, opening) = try Failure.telling {
      try flags.shard.map { try open(job, $0, scratch) } ?? open(job)
    }
    run.keepsRecord = opening != nil
    return try settled(for: run).execute(run, listing, opening)
  }

  /// The session with the ranks that suit the run, if the user has left them open.
  private func settled(for run: JobRun<some Job>) -> JobSession {
    var session = self
    flags.ranks.settle(&session.description.how, for: run)
    return session
  }

  private func execute(
    _ run: JobRun<some Job>, _ listing: FolderListing, _ opening: (any RunOpening)?
  ) throws -> ExitStatus {
    let quarantine = try Quarantine(flags.quarantine, of: run.plan.input, output: output)
    let tally = RunTally(
      run.plan, reporter: Reporter(total: run.plan.outputCount, isQuiet: flags.quiet, of: subject),
      RunReport(flags.report), quarantine)
    tally.names = names
    tally.tell(description.what.job.notes)
    tally.tellLabels()
    var failure: Failure?
    do {
      try listing.problems.forEach(tally.add)
      if flags.onError == .fail, let problem = listing.problems.first { throw EarlyEnd.problem(problem) }
      try checkErrorCount(tally)
      try opening?.add(to: tally)
      if opening?.isDone(run.plan) != true { try complete(run, tally, opening) }
    } catch {
      failure = Failure(endedBy: error)
    }
    tally.finish()
    do throws(Failure) {
      try tally.writeReport()
    } catch {
      failure = failure ?? error
    }
    do throws(Failure) {
      try report(tally, listing, isComplete: failure == nil)
    } catch {
      failure = failure ?? error
    }
    if failure != nil, names == nil, let opening { tally.tellHowToGoOn(opening.optionToGoOn) }
    if let failure { throw failure }
    return tally.failedImageCount == 0 ? .done : .someImagesFailed
  }

  private typealias Opened<Work: Job> = (JobRun<Work>, FolderListing, (any RunOpening)?)

  private func open<Work: Job>(_ job: Work) throws -> Opened<Work> {
    var (run, listing) = try prepare(job)
    guard let output = run.plan.output else { return (run, listing, nil) }
    let opening = try WholeRunOpening(&run, description.what, listing, output, flags)
    return (run, listing, opening)
  }

  /// Opens some shards of a run that was planned.
  /// - Parameter scratch: where the outputs lie until they go into the tar of their shard; `nil`: they are not packed.
  private func open<Work: Job>(_ job: Work, _ shards: ShardRange, _ scratch: ScratchFolder?) throws -> Opened<Work> {
    guard let path = output else { throw Failure("there are no shards without an output") }
    let plan = try ShardPlan(in: path, .job(description.what), shards, usesTars: scratch != nil)
    var listing = try plan.listing(of: input)
    let labels = FurtherFiles.holdsLabels(plan.file) ? try labels(in: &listing) : nil
    try job.check(listing)
    try job.check(labels)
    try check(job.labelDemands, labels)
    var run = try JobRun(job, description.what, on: listing, labels: labels)
    try plan.check(others: FurtherFiles.hashes(of: run, description.what))
    let folders = scratch == nil ? run.plan.folders : []
    let output = try OutputFolder(sharing: path, for: folders, apartFrom: input, flags.durability)
    run.plan.output = try scratch.map { scratch throws(FileError) in try OutputFolder(scratch.path.text) } ?? output
    let opening = ShardOpening(&run.plan, plan, output)
    return (run, listing, opening)
  }

  /// Finds what a run works on, and opens its output.
  func prepare<Work: Job>(_ job: Work) throws -> (JobRun<Work>, FolderListing) {
    var listing = try FolderListing.ofInput(input, followsLinks: flags.followLinks, knowing: plannedImages)
    let labels = try labels(in: &listing)
    try job.check(listing)
    try job.check(labels)
    try check(job.labelDemands, labels)
    var run = try JobRun(job, description.what, on: listing, labels: labels)
    run.isSaving = !flags.noSaving
    if run.isSaving, let output {
      run.plan.output = try OutputFolder(
        output, for: run.plan.folders, apartFrom: input, mayReplace: flags.overwrite, flags.durability)
    }
    return (run, listing)
  }

  /// The images of the run that the output folder holds; none if it holds none, or its plan cannot be read.
  private var plannedImages: [InputImage] {
    guard let output, !flags.overwrite, !flags.noSaving, RunRecord.exists(in: output) else { return [] }
    let images = try? Failure.telling {
      let record = try RunRecord.folder(of: output)
      return try PlanFile<RunDescription.What>(in: record).images(in: record)
    }
    return images ?? []
  }

  /// Finds the labels of the input, and takes mask images out of the listing.
  private func labels(in listing: inout FolderListing) throws -> DatasetPlan? {
    let treatment = description.what.labels
    guard let dataset = try Dataset.find(treatment, in: listing) else {
      // What a pipeline demands is told in its own words.
      let isAskedFor = treatment.needsLabels && !ignoresLabels && description.what.job.labelDemands.labels.isEmpty
      guard isAskedFor else { return nil }
      throw JobRefusal("\(input): no labels of a known format here")
    }
    guard dataset.namesImages || dataset.format == nil else {
      throw JobRefusal("\(dataset.path): the labels name no image of the input")
    }
    guard dataset.format != nil || treatment.outputFormat == nil else {
      throw JobRefusal("\(input): there are masks alone, and no labels to write in another format")
    }
    if let pair = treatment.flipPairs.unknownPairs(in: dataset.set.classes).first {
      throw JobRefusal("--flip-pairs: no class has the points \(pair)")
    }
    listing = dataset.listing
    return try DatasetPlan(dataset, treatment)
  }

  /// Labels that silently stay where they are spoil a data set.
  func check(_ demands: LabelDemands, _ labels: DatasetPlan?) throws(JobRefusal) {
    guard !ignoresLabels else { return }
    let hasLabels = labels?.dataset.format != nil || description.what.labels.source == .none
    if !demands.labels.isEmpty, !hasLabels {
      throw JobRefusal(
        "\(input): the pipeline has \(demands.labels.joined(separator: " and ")), but there are no labels here; "
          + "--ignore-labels runs without")
    }
    guard !demands.targets.isEmpty else { return }
    let names = demands.targets.prefix(10).map(quoted).joined(separator: ", ")
    throw JobRefusal(
      "\(input): the pipeline has additional_targets (\(names)), which no folder holds; --ignore-labels runs without")
  }

  /// Does what is left to do, and writes down what becomes of it.
  private func complete(_ run: JobRun<some Job>, _ tally: RunTally, _ opening: (any RunOpening)?) throws {
    guard let opening, let output = run.plan.output else { return try execute(run, tally) { _, _ in } }
    let record = try opening.outcomeRecord(run.plan, output)
    try execute(run, tally) { task, report in
      guard let entry = report.entry(ofTask: task, in: run.plan) else { return }
      do {
        try record.append(entry)
      } catch let error as FileError where error.isShortage {
        throw EarlyEnd.shortage(FileProblem(path: error.path.text, reason: error.reason))
      }
    }
    if opening.writesSetFiles { try tally.finishLabels() }
    try output.finish()
    try record.finish(setFiles: tally.setFiles)
  }

  /// Says where the copies are if that is not the output folder.
  private func placed(_ problem: FileProblem, _ plan: Plan) -> FileProblem {
    guard packing != nil, let files = plan.output else { return problem }
    return FileProblem(
      path: problem.path, reason: "\(problem.reason) (copies lie in \(files.path) until they are packed)")
  }

  private func checkErrorCount(_ tally: RunTally) throws {
    if let most = flags.maxErrors, tally.failedImageCount > most { throw EarlyEnd.manyErrors(most: most) }
  }

  private func execute(
    _ run: JobRun<some Job>, _ tally: RunTally, record: (_ task: Int, _ report: TaskReport) throws -> Void
  ) throws {
    var control = RunControl()
    control.stopSignals = try stopSignals ?? StopSignals()
    control.onWorkerEnd = { tally.add($0) }
    control.onNodes = { tally.nodes = $0 }
    if !strategy.decodesInWorkers {
      CrashReport.install(
        before: "augment-cli: ",
        after: ", which ends the run: with --strategy \(StrategyName.adaptive) it would cost this image alone\n")
    }
    tally.begin()
    try strategy.init(description.how, control).run(run) { task, report in
      guard let problem = try tally.add(task, report) else { return try record(task, report) }
      switch report.problem?.kind {
      case .shortage: throw EarlyEnd.shortage(placed(problem, run.plan))
      case .outputGone: throw EarlyEnd.outputGone(problem)
      default:
        try record(task, report)
        if flags.onError == .fail { throw EarlyEnd.problem(problem) }
        try checkErrorCount(tally)
      }
    }
  }

  private func report(_ tally: RunTally, _ listing: FolderListing, isComplete: Bool) throws(Failure) {
    if let takesTally { return takesTally(tally) }
    let (job, how) = (description.what.job, description.how)
    let circumstances = RunSummary.Circumstances(
      job: type(of: job).name, strategy: how.strategy, ranks: strategy.roles(how).ranks,
      areRanksChosen: flags.ranks == .auto,
      cores: how.cores, seed: job.seed, isSaving: !flags.noSaving,
      guards: strategy.decodesInWorkers ? how.guards.names : [])
    let summary = RunSummary(tally, listing, circumstances, isComplete: isComplete)
    if flags.json {
      try Terminal.print("\(JSONText.line(summary))\n")
    } else if !flags.quiet {
      Terminal.write(summary.text)
    }
  }
}

/// Why the session itself ends a run before all tasks are done.
private enum EarlyEnd: Error {
  case problem(FileProblem)
  case manyErrors(most: Int)
  case shortage(FileProblem)
  case outputGone(FileProblem)
}

extension Failure {
  /// The failure to report for an error that ended a run early.
  fileprivate init(endedBy error: any Error) {
    switch error {
    case EarlyEnd.manyErrors(let most): self.init("stopped because more than \(most) images have failed (--max-errors)")
    case EarlyEnd.problem(let problem): self.init("stopped after the first failure, \(problem.path)")
    case EarlyEnd.shortage(let problem):
      self.init("stopped because the next images would fail, too: \(problem.path): \(problem.reason)", .tryAgain)
    case EarlyEnd.outputGone(let problem):
      self.init("stopped because nothing more can be written: \(problem.path): \(problem.reason)", .tryAgain)
    default: self.init(of: error)
    }
  }
}
