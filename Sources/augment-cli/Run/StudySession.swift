internal import Datasets
internal import Glibc
internal import Platform
internal import ProcPool
internal import Strategies
internal import Studies

/// One `strong`, `weak` or `compare`, from the plan to the table.
struct StudySession {
  private let kind: StudyDescription.Kind
  private let options: StudyOptions
  private let work: MeasuredWork

  /// What the commands differ in.
  struct MeasuredWork {
    var steps: [StudyPlan.Step]
    var savings: [Saving]
    /// A folder of images to work on; `nil`: they are generated.
    var input: String?
  }

  init(_ kind: StudyDescription.Kind, _ options: StudyOptions, _ work: MeasuredWork) {
    (self.kind, self.options, self.work) = (kind, options, work)
  }

  func execute() throws {
    // A closed pipe and a file-size limit are errors of a write and no reason to die.
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    let plan = StudyPlan(
      job: options.job.type, steps: work.steps, strategies: try options.chosenStrategies(),
      savings: work.savings,
      work: (try imageCount(), options.job.type.copies(options.copies) ?? 1))
    let folder = options.output ?? Self.defaultFolder(kind.rawValue)
    let reporter = StudyReporter(isQuiet: options.quiet)
    plan.omissions.forEach { reporter.say($0) }
    let failures = try run(plan, in: folder, reporter)
    reporter.finish()
    if !options.quiet {
      try Terminal.print(Self.table(folder))
      Terminal.write("Rows are in \(Terminal.printable(folder)).\n")
    }
    Glibc.exit((failures.isEmpty ? ExitStatus.done : .someImagesFailed).code)
  }

  private func run(_ plan: StudyPlan, in folder: String, _ reporter: StudyReporter) throws -> [String] {
    defer { reporter.finish() }
    do throws(StudyError) {
      return try StudyRun.execute(description(plan), in: folder, runOptions(reporter), reporter.observer)
    } catch {
      let remedy = error.isResumable ? ": give --resume to go on with it, or name another folder" : ""
      let text = error.description + remedy
      if let signal = error.signal { throw Failure(text, .stopped(signal: signal)) }
      throw Failure(text, error.isShortage ? .tryAgain : .runFailed)
    }
  }

  private func runOptions(_ reporter: StudyReporter) throws(StudyError) -> StudyRun.Options {
    var run = StudyRun.Options()
    (run.resumes, run.cellTimeoutSeconds) = (options.resume, options.cellTimeout)
    run.command = Self.commandLine
    do throws(PoolError) {
      let stopSignals = try StopSignals()
      run.stopSignals = stopSignals
      run.onBegin = QuietWait(isSkipped: options.noWait, stopSignals: stopSignals, reporter: reporter).wait
    } catch {
      throw StudyError(String(describing: error))
    }
    return run
  }

  private func description(_ plan: StudyPlan) -> StudyDescription {
    var method = StudyDescription.Method(
      seed: options.seed, repetitions: options.repetitions, isCold: options.cold)
    method.placement = options.placement
    method.writeBandwidthMegabytesPerSecond = options.writeBandwidth?.megabytesPerSecond
    return StudyDescription(kind, plan, pattern: options.pattern, input: work.input, method: method)
  }

  private func imageCount() throws -> Int {
    guard let input = work.input else { return options.images }
    let listing = try Self.listing(of: input)
    if let problem = listing.problems.first { throw Failure("\(input)/\(problem.path): \(problem.reason)") }
    guard !listing.images.isEmpty else { throw Failure("\(input): no images here") }
    return listing.images.count
  }

  private static func listing(of input: String) throws(Failure) -> FolderListing {
    do {
      return try FolderListing(input)
    } catch {
      throw Failure(at: input, error)
    }
  }

  private static func table(_ folder: String) throws(Failure) -> String {
    do throws(StudyError) {
      return try Study.load(folder).text
    } catch {
      throw Failure(String(describing: error))
    }
  }

  /// Where the rows of a study go unless the user says.
  static func defaultFolder(_ study: String) -> String {
    "results/\(MachineProbe.time.prefix(10))-\(MachineProbe.name)-\(MachineProbe.commit)/\(study)"
  }

  /// The command that runs, as a shell takes it.
  static var commandLine: String { Startup.allArguments.map(quoted).joined(separator: " ") }

  /// As a shell takes it.
  private static func quoted(_ argument: String) -> String {
    let isPlain = argument.utf8.allSatisfy { byte in
      UnicodeScalar(byte).properties.isAlphabetic || "0123456789-_./,=+:".utf8.contains(byte)
    }
    guard !isPlain || argument.isEmpty else { return argument }
    return "'\(argument.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''"))'"
  }
}
