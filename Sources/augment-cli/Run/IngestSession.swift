internal import Datasets
internal import Glibc
internal import Platform
internal import ProcPool
internal import Strategies
internal import SystemPackage

/// Runs `ingest`, from the checks to the summary.
struct IngestSession {
  struct Places {
    /// As the user gave it: a list of URLs, or a URL.
    var source: String
    /// Of the images.
    var folder: String
    /// Of the file with one line per image; `nil`: none.
    var report: String?
  }

  struct Talk {
    var isQuiet: Bool
    var printsJSON: Bool
  }

  private let options: IngestOptions
  private let places: Places
  private let talk: Talk
  private let flags: RecordFlags
  private let ranks: Int

  /// - Parameter options: without URLs, if the plan has them.
  init(_ options: IngestOptions, _ places: Places, _ talk: Talk, _ flags: RecordFlags, ranks: Int) {
    (self.options, self.places, self.talk, self.flags, self.ranks) = (options, places, talk, flags, ranks)
  }

  /// Writes the plan of a run that others will work on in shards, unless it is there.
  func plan(shardCount: Int) throws {
    try Failure.telling {
      let (folder, program) = (try IngestFolder(options, places, flags), AugmentCLI.programAndBuild)
      _ = try folder.keepOrBegin(program: program, shardCount: shardCount, flags)
      let plan = try folder.plan(program: program, shardCount: shardCount)
      try PlanSummary(plan).tell(isQuiet: talk.isQuiet, printsJSON: talk.printsJSON)
    }
  }

  func execute() throws {
    Startup.ignoreWriteSignals()
    let opening = try Failure.telling { try prepare() }
    let reporter = Reporter(total: opening.options.count, unit: "images", isQuiet: talk.isQuiet)
    let tally = IngestTally(opening, reporter)
    var failure: Failure?
    do {
      if !opening.isDone { try download(opening, tally) }
    } catch {
      failure = Failure(of: error)
    }
    tally.finish()
    do throws(Failure) {
      try report(tally, opening, isComplete: failure == nil)
    } catch {
      failure = failure ?? error
    }
    if failure != nil { tally.tellHowToGoOn() }
    if let failure { throw failure }
    Glibc.exit((tally.failureCount == 0 ? ExitStatus.done : .someImagesFailed).code)
  }

  /// Everything that can fail before the first byte is downloaded does so here.
  private func prepare() throws -> IngestOpening {
    try HTTPClient.load()
    if let report = places.report { try check(FilePath(text: report)) }
    return try flags.shard.map { try IngestOpening($0, options, places, flags) }
      ?? IngestOpening(options, places, flags)
  }

  /// Refuses a report that could not be written after the run, or that would replace the list of URLs.
  private func check(_ report: FilePath) throws {
    try Folder(making: report.folderOrHere).checkWritable()
    guard let status = try? Folder.working.status(of: report) else { return }
    guard status.type != .directory else {
      throw Failure("\(report.text): --report names a file, and this is a folder")
    }
    let source = try? Folder.working.status(of: FilePath(text: places.source))
    guard source.map(FileIdentity.init) != FileIdentity(status) else {
      throw Failure("\(report.text): --report would replace the list of URLs; name another file")
    }
  }

  /// Does what is left to do, and writes down what becomes of it.
  private func download(_ opening: IngestOpening, _ tally: IngestTally) throws {
    let record = try opening.outcomeRecord()
    var control = RunControl()
    control.stopSignals = try StopSignals()
    control.onWorkerEnd = { tally.add($0) }
    var unanswered = UnansweredImages(isActive: flags.shard != nil)
    tally.begin()
    try Ingest(opening.options, into: opening.output).run(how(opening), control, opening.tasks) { report in
      tally.add(report)
      try stopIfHopeless(report)
      for entry in unanswered.release(opening.entry(report), of: report.download) { try record.append(entry) }
      if options.fallback == .fail, report.download.outcome != .downloaded {
        throw Failure("stopped after the first failure, \(report.download.url)")
      }
    }
    for entry in try unanswered.rest() { try record.append(entry) }
    try opening.output.finish()
    try record.finish(setFiles: [])
  }

  private func how(_ opening: IngestOpening) -> RunDescription.How {
    RunDescription.How(ranks: max(1, min(ranks, opening.tasks.count)))
  }

  private func stopIfHopeless(_ report: IngestReport) throws(Failure) {
    let url = report.download.url
    switch report.task.problem {
    case let problem? where problem.kind == .shortage:
      throw Failure("stopped because the next images would fail, too: \(url): \(problem.reason)", .tryAgain)
    case let problem? where problem.kind == .outputGone:
      throw Failure("stopped because nothing more can be written: \(url): \(problem.reason)", .tryAgain)
    default: break
    }
  }

  private func report(_ tally: IngestTally, _ opening: IngestOpening, isComplete: Bool) throws(Failure) {
    if let path = places.report {
      try Failure.telling { try AtomicFile.write(try tally.reportText(), to: FilePath(text: path)) }
    }
    let summary = IngestSummary(tally, opening.options, ranks: how(opening).ranks, isComplete: isComplete)
    if talk.printsJSON {
      try Terminal.print("\(JSONText.line(summary))\n")
    } else if !talk.isQuiet {
      Terminal.write(summary.text)
    }
  }
}

extension FilePath {
  fileprivate var folderOrHere: FilePath { folder.isEmpty ? "." : folder }
}
