internal import Datasets
internal import Glibc
internal import Platform
internal import ProcPool
internal import Scenes
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
    /// What the images stand for; `nil`: for themselves.
    var dataset: DatasetPart?
  }

  /// A dataset of the original study, or a part of it.
  struct DatasetPart {
    var dataset: StudyDataset
    var images: Int
  }

  init(_ kind: StudyDescription.Kind, _ options: StudyOptions, _ work: MeasuredWork) {
    (self.kind, self.options, self.work) = (kind, options, work)
  }

  func execute() throws {
    Startup.ignoreWriteSignals()
    let inputImages = try inputImageCount()
    let plan = StudyPlan(
      job: options.job.type, steps: work.steps, strategies: try options.chosenStrategies(),
      savings: work.savings,
      work: (imageCount(of: inputImages), copies))
    let folder = options.output ?? Self.defaultFolder(kind.rawValue)
    let reporter = StudyReporter(isQuiet: options.quiet)
    plan.omissions.forEach { reporter.say($0) }
    let failures = try run(plan, inputImages, in: folder, reporter)
    reporter.finish()
    if !options.quiet {
      try Terminal.print(Self.table(folder))
      Terminal.write("The results are in \(Terminal.printable(folder)).\n")
    }
    Glibc.exit((failures.isEmpty ? ExitStatus.done : .someImagesFailed).code)
  }

  private func run(
    _ plan: StudyPlan, _ inputImages: Int?, in folder: String, _ reporter: StudyReporter
  ) throws(Failure) -> [String] {
    defer { reporter.finish() }
    return try Failure.telling {
      try StudyRun.execute(description(plan, inputImages), in: folder, runOptions(reporter), reporter.observer)
    }
  }

  private func runOptions(_ reporter: StudyReporter) throws(PoolError) -> StudyRun.Options {
    var run = StudyRun.Options()
    (run.resumes, run.cellTimeoutSeconds) = (options.resume, options.cellTimeout)
    run.command = CommandText.ofThisProcess
    let stopSignals = try StopSignals()
    run.stopSignals = stopSignals
    run.onBegin = QuietWait(isSkipped: options.noWait, stopSignals: stopSignals, reporter: reporter).wait
    return run
  }

  private func description(_ plan: StudyPlan, _ inputImages: Int?) -> StudyDescription {
    var method = StudyDescription.Method(
      seed: options.seed, repetitions: options.repetitions, isCold: options.cold)
    (method.how.placement, method.how.chunkSize) = (options.placement, options.batch)
    method.how.writeMegabytesPerSecond = options.writeBandwidth?.megabytesPerSecond
    (method.dataset, method.pauseSeconds) = (work.dataset?.dataset, options.pause)
    if let inputImages, inputImages > plan.images { method.inputImages = inputImages }
    let pattern = options.pattern ?? (work.dataset == nil ? .checkerboard : .thermal)
    return StudyDescription(kind, plan, pattern: pattern, input: work.input, method: method)
  }

  /// One copy of each image of a dataset, as in the original study of that.
  private var copies: Int {
    options.copies ?? (work.dataset == nil ? options.job.type.copies(nil) : nil) ?? 1
  }

  /// Images that the study works on.
  /// - Parameter inputImages: those that a given folder has.
  private func imageCount(of inputImages: Int?) -> Int {
    guard let part = work.dataset else { return inputImages ?? options.images ?? Self.usualImageCount }
    return min(part.images, inputImages ?? .max)
  }

  private static let usualImageCount = 10

  /// Images in the given folder; `nil` if none is given.
  private func inputImageCount() throws(Failure) -> Int? {
    guard let input = work.input else { return nil }
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
}
