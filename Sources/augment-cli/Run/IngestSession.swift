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
    var mayReplace = false
  }

  struct Talk {
    var isQuiet: Bool
    var printsJSON: Bool
  }

  private let options: IngestOptions
  private let places: Places
  private let talk: Talk
  private let how: RunDescription.How

  init(_ options: IngestOptions, _ places: Places, _ talk: Talk, ranks: Int) {
    (self.options, self.places, self.talk) = (options, places, talk)
    how = RunDescription.How(ranks: ranks)
  }

  func execute() throws {
    Startup.ignoreWriteSignals()
    let output = try Failure.telling { try prepare() }
    let tally = IngestTally(options, Reporter(total: options.count, unit: "images", isQuiet: talk.isQuiet))
    var failure: Failure?
    do {
      try download(into: output, tally)
      try output.finish()
    } catch {
      failure = Failure(of: error)
    }
    tally.finish()
    do throws(Failure) {
      try report(tally, isComplete: failure == nil)
    } catch {
      failure = failure ?? error
    }
    if let failure { throw failure }
    Glibc.exit((tally.failures.isEmpty ? ExitStatus.done : .someImagesFailed).code)
  }

  /// Everything that can fail before the first byte is downloaded does so here.
  private func prepare() throws -> OutputFolder {
    try HTTPClient.load()
    if let report = places.report { try check(FilePath(text: report)) }
    return try OutputFolder(places.folder, for: [""], apartFrom: places.source, mayReplace: places.mayReplace)
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

  private func download(into output: OutputFolder, _ tally: IngestTally) throws {
    var control = RunControl()
    control.stopSignals = try StopSignals()
    control.onWorkerEnd = { tally.add($0) }
    tally.begin()
    try Ingest(options, into: output).run(how, control) { report in
      tally.add(report)
      try stopIfHopeless(report)
    }
  }

  private func stopIfHopeless(_ report: IngestReport) throws(Failure) {
    let url = report.download.url
    switch report.task.problem {
    case let problem? where problem.kind == .shortage:
      throw Failure("stopped because the next images would fail, too: \(url): \(problem.reason)", .tryAgain)
    case let problem? where problem.kind == .outputGone:
      throw Failure("stopped because nothing more can be written: \(url): \(problem.reason)")
    default: break
    }
    if options.fallback == .fail && report.download.outcome != .downloaded {
      throw Failure("stopped after the first failure, \(url)")
    }
  }

  private func report(_ tally: IngestTally, isComplete: Bool) throws(Failure) {
    if let path = places.report {
      try Failure.telling { try AtomicFile.write(try tally.reportText(), to: FilePath(text: path)) }
    }
    let summary = IngestSummary(tally, options, ranks: how.ranks, isComplete: isComplete)
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
