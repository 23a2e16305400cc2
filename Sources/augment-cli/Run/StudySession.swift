internal import Datasets
internal import Glibc
internal import Platform
internal import ProcPool
internal import Strategies
internal import Studies

/// Runs `strong`, `weak` or `compare`, from the plan to the table.
struct StudySession {
  private let kind: StudyDescription.Kind
  private let options: StudyOptions
  private let work: MeasuredWork

  /// The part of the work in which the three commands differ.
  struct MeasuredWork {
    var steps: [StudyPlan.Step]
    var savings: [Saving]
    /// Folder of images; `nil` if they are generated.
    var input: String?
  }

  init(_ kind: StudyDescription.Kind, _ options: StudyOptions, _ work: MeasuredWork) {
    (self.kind, self.options, self.work) = (kind, options, work)
  }

  func execute() throws {
    Startup.ignoreWriteSignals()
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
      Terminal.write("The results are in \(Terminal.printable(folder)).\n")
    }
    Glibc.exit((failures.isEmpty ? ExitStatus.done : .someImagesFailed).code)
  }

  private func run(_ plan: StudyPlan, in folder: String, _ reporter: StudyReporter) throws(Failure) -> [String] {
    defer { reporter.finish() }
    return try Failure.telling {
      try StudyRun.execute(description(plan), in: folder, runOptions(reporter), reporter.observer)
    }
  }

  private func runOptions(_ reporter: StudyReporter) throws(PoolError) -> StudyRun.Options {
    var run = StudyRun.Options()
    (run.resumes, run.cellTimeoutSeconds) = (options.resume, options.cellTimeout)
    run.command = Self.commandLine
    let stopSignals = try StopSignals()
    run.stopSignals = stopSignals
    run.onBegin = QuietWait(isSkipped: options.noWait, stopSignals: stopSignals, reporter: reporter).wait
    return run
  }

  private func description(_ plan: StudyPlan) -> StudyDescription {
    var method = StudyDescription.Method(
      seed: options.seed, repetitions: options.repetitions, isCold: options.cold)
    (method.how.placement, method.how.chunkSize) = (options.placement, options.batch)
    method.how.writeMegabytesPerSecond = options.writeBandwidth?.megabytesPerSecond
    return StudyDescription(kind, plan, pattern: options.pattern, input: work.input, method: method)
  }

  private func imageCount() throws(Failure) -> Int {
    guard let input = work.input else { return options.images }
    let listing = try FolderListing.ofInput(input)
    if let problem = listing.problems.first { throw Failure("\(input)/\(problem.path): \(problem.reason)") }
    return listing.images.count
  }

  private static func table(_ folder: String) throws(Failure) -> String {
    try Failure.telling { try Study.load(folder).text }
  }

  /// The output folder of a study without `--output`.
  static func defaultFolder(_ study: String) -> String {
    "results/\(MachineProbe.time.prefix(10))-\(MachineProbe.name)-\(MachineProbe.commit)/\(study)"
  }

  /// The command line of this process, quoted for a shell.
  static var commandLine: String { Startup.allArguments.map(quoted).joined(separator: " ") }

  /// The argument, quoted for a shell if necessary.
  private static func quoted(_ argument: String) -> String {
    let isPlain = argument.utf8.allSatisfy { byte in
      UnicodeScalar(byte).properties.isAlphabetic || "0123456789-_./,=+:".utf8.contains(byte)
    }
    guard !isPlain || argument.isEmpty else { return argument }
    return "'\(argument.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''"))'"
  }
}
