internal import Datasets
internal import Glibc
internal import Imaging
internal import Jobs
internal import Platform
internal import ProcPool
internal import Strategies

/// One run of a job on a folder, from the checks to the summary.
struct JobSession {
  private let description: RunDescription
  private let input: String
  private let output: String?
  private let flags: RunFlags

  init(_ description: RunDescription, input: String, output: String?, _ flags: RunFlags) {
    (self.description, self.input, self.output, self.flags) = (description, input, output, flags)
  }

  func execute() throws { try execute(description.what.job) }

  private func execute(_ job: some Job) throws {
    // A closed pipe and a file-size limit are errors of a write and no reason to die.
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    let (run, listing) = try Failure.telling { try prepare(job) }
    let tally = RunTally(run.plan, reporter: Reporter(total: run.plan.taskCount, isQuiet: flags.quiet))
    listing.problems.forEach(tally.add)
    var failure: Failure?
    do {
      if flags.onError == .fail, let problem = listing.problems.first { throw EarlyEnd.problem(problem) }
      try execute(run, tally)
      try run.plan.output?.finish()
    } catch {
      failure = Failure(endedBy: error)
    }
    tally.finish()
    do throws(Failure) {
      try report(tally, listing, isComplete: failure == nil)
    } catch {
      failure = failure ?? error
    }
    if let failure { throw failure }
    Glibc.exit((tally.failedImageCount == 0 ? ExitStatus.done : .someImagesFailed).code)
  }

  private func prepare<Work: Job>(_ job: Work) throws -> (JobRun<Work>, FolderListing) {
    let listing = try listing()
    guard !listing.images.isEmpty || !listing.problems.isEmpty else { throw Failure("\(input): no images here") }
    var run = try JobRun(job, description.what, on: listing)
    run.isSaving = !flags.noSaving
    if run.isSaving, let output {
      run.plan.output = try OutputFolder(
        output, for: run.plan.folders, apartFrom: input, mayReplace: flags.overwrite)
    }
    return (run, listing)
  }

  private func listing() throws -> FolderListing {
    do throws(FileError) {
      return try FolderListing(input, followsLinks: flags.followLinks)
    } catch {
      throw Failure(at: input, error)
    }
  }

  private func execute(_ run: JobRun<some Job>, _ tally: RunTally) throws {
    var control = RunControl()
    control.stopSignals = try StopSignals()
    control.onWorkerEnd = { tally.add($0) }
    tally.begin()
    try flags.strategy.type.init(description.how, control).run(run) { task, report in
      guard let problem = tally.add(task, report) else { return }
      if report.problem?.isShortage == true { throw EarlyEnd.shortage(problem) }
      if report.problem?.isLoss == true { throw EarlyEnd.loss(problem) }
      if flags.onError == .fail { throw EarlyEnd.problem(problem) }
    }
  }

  private func report(_ tally: RunTally, _ listing: FolderListing, isComplete: Bool) throws(Failure) {
    let (job, how) = (description.what.job, description.how)
    let circumstances = RunSummary.Circumstances(
      job: type(of: job).name, strategy: how.strategy, ranks: flags.strategy.type.roles(how).ranks, cores: how.cores,
      seed: job.seed, isSaving: !flags.noSaving)
    let summary = RunSummary(tally, listing, circumstances, isComplete: isComplete)
    if flags.json {
      try Terminal.print("\(summary.json())\n")
    } else if !flags.quiet {
      Terminal.write(summary.text)
    }
  }
}

/// Why a run is ended from within.
private enum EarlyEnd: Error {
  case problem(FileProblem)
  case shortage(FileProblem)
  case loss(FileProblem)
}

extension Failure {
  /// Why a run ended before its time, as an end of the program.
  fileprivate init(endedBy error: any Error) {
    switch error {
    case EarlyEnd.problem(let problem): self.init("stopped after the first failure, \(problem.path)")
    case EarlyEnd.shortage(let problem):
      self.init("stopped, as what follows would fail, too: \(problem.path): \(problem.reason)", .tryAgain)
    case EarlyEnd.loss(let problem):
      self.init("stopped, as nothing can be written any more: \(problem.path): \(problem.reason)")
    case PoolError.stopped(let signal): self.init(String(describing: error), .stopped(signal: signal))
    default: self.init(String(describing: error), of: error)
    }
  }
}
