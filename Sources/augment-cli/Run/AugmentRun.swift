internal import Glibc
internal import Imaging
internal import ProcPool
internal import Strategies

/// One `augment`, from the checks to the summary.
struct AugmentRun {
  private let command: AugmentCommand

  init(_ command: AugmentCommand) { self.command = command }

  func execute() throws {
    // A closed pipe and a file-size limit are errors of a write and no reason to die.
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    let (job, listing) = try prepare()
    let tally = RunTally(job.plan, reporter: Reporter(total: job.plan.taskCount, isQuiet: command.quiet))
    listing.problems.forEach(tally.add)
    var failure: Failure?
    do {
      if command.onError == .fail, let problem = listing.problems.first { throw EarlyEnd.problem(problem) }
      try run(job, tally)
    } catch {
      failure = Self.failure(for: error)
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

  private func prepare() throws -> (AugmentJob, FolderListing) {
    do {
      let pipeline = if let file = command.pipeline { try Pipeline(file: file) } else { Pipeline.default }
      let listing = try Self.listing(of: command.input)
      guard !listing.images.isEmpty || !listing.problems.isEmpty else {
        throw Failure("\(command.input): no images here")
      }
      var options = Plan.Options(name: try NameTemplate(command.name))
      (options.copies, options.keepsOriginal) = (command.copies, command.keepOriginal)
      options.format = command.format.format
      var job = AugmentJob(try Plan(listing, into: command.output ?? "", options))
      (job.pipeline, job.seed, job.quality) = (pipeline, command.seed, command.quality)
      (job.isSaving, job.maxPixels) = (!command.noSaving, command.maxPixels)
      (job.isLossless, job.jpegDCT) = (command.lossless, command.jpegDCT)
      if job.isSaving, let output = command.output {
        try OutputFolder(output).prepare(for: job.plan, input: command.input, mayOverwrite: command.overwrite)
      }
      return (job, listing)
    } catch let failure as Failure {
      throw failure
    } catch {
      throw Failure(String(describing: error))
    }
  }

  private static func listing(of path: String) throws -> FolderListing {
    do throws(FileError) {
      return try FolderListing(path)
    } catch {
      throw Failure("\(path): \(error)")
    }
  }

  private func run(_ job: AugmentJob, _ tally: RunTally) throws {
    var options = command.runOptions
    options.stopSignals = try StopSignals()
    options.onWorkerEnd = { tally.add($0) }
    tally.begin()
    try command.strategy.type.init(options).run(job) { task, report in
      guard let problem = tally.add(task, report) else { return }
      if report.problem?.isShortage == true { throw EarlyEnd.shortage(problem) }
      if command.onError == .fail { throw EarlyEnd.problem(problem) }
    }
  }

  private func report(_ tally: RunTally, _ listing: FolderListing, isComplete: Bool) throws(Failure) {
    let circumstances = RunSummary.Circumstances(
      strategy: command.strategy.type.name, ranks: command.strategy.type.crew(command.runOptions).ranks,
      cores: Machine.coreCount, seed: command.seed, isSaving: !command.noSaving)
    let summary = RunSummary(tally, listing, circumstances, isComplete: isComplete)
    if command.json {
      try Terminal.print("\(summary.json())\n")
    } else if !command.quiet {
      Terminal.write(summary.text)
    }
  }

  /// Why `run` ended before its time, as an end of the program.
  private static func failure(for error: any Error) -> Failure {
    switch error {
    case EarlyEnd.problem(let problem): Failure("stopped after the first failure, \(problem.path)")
    case EarlyEnd.shortage(let problem):
      Failure("stopped, as what follows would fail, too: \(problem.path): \(problem.reason)", .tryAgain)
    case PoolError.stopped(let signal): Failure(String(describing: error), .stopped(signal: signal))
    case let error as SharedMemoryShortage: Failure(String(describing: error), .tryAgain)
    case let error as PoolError where error.isShortage: Failure(String(describing: error), .tryAgain)
    default: Failure(String(describing: error))
    }
  }
}

/// Why a run is ended from within.
private enum EarlyEnd: Error {
  case problem(FileProblem)
  case shortage(FileProblem)
}
