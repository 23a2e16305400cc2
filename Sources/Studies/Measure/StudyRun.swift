internal import Platform
package import ProcPool
internal import Strategies
internal import SystemPackage

/// Measures all repetitions of the cells of a study, and stores each row at once.
package final class StudyRun {
  /// How a study runs, apart from what it measures.
  package struct Options {
    /// Whether to resume a run that is in the folder.
    package var resumes = false
    /// Time limit of one repetition of a cell.
    package var cellTimeoutSeconds = 3600.0
    /// The command line, for `command.txt`.
    package var command = ""
    /// Signals that stop the study.
    package var stopSignals: StopSignals?
    /// Called before anything is measured, unless nothing is left to measure.
    package var onBegin: () throws(StudyError) -> Void = {}

    package init() {}
  }

  private let description: StudyDescription
  private let files: RunFolder
  private let options: Options
  private let observer: StudyObserver
  private let inputs: StudyInputs
  private let runner: ConfigurationRunner
  private var forecast: StudyForecast
  private var progress: StudyProgress
  private var cellBegin = 0.0
  /// One sentence per failed repetition.
  private var failures: [String] = []

  private init(_ description: StudyDescription, _ files: RunFolder, _ options: Options, _ observer: StudyObserver)
    throws(StudyError)
  {
    guard let job = WorkloadCatalog.type(named: description.job) else {
      throw StudyError("there is no job \(description.job)")
    }
    (self.description, self.files, self.options, self.observer) = (description, files, options, observer)
    inputs = StudyInputs(files, input: description.input)
    runner = ConfigurationRunner(
      workload: job, description: description, timeoutSeconds: options.cellTimeoutSeconds,
      stopSignals: options.stopSignals)
    forecast = StudyForecast([:], cores: description.cores)
    progress = StudyProgress(done: 0, failed: 0, total: 0, share: 0, secondsLeft: nil, activity: "")
  }

  /// Runs what `description` plans, or the rest of it, and writes rows, `study.json`, `machine.json` and `command.txt`
  /// to `folder`.
  /// - Returns: one sentence per failed repetition.
  /// - Throws: why the study cannot start or continue; rows already measured are kept.
  package static func execute(
    _ description: StudyDescription, in folder: String, _ options: Options, _ observer: StudyObserver
  ) throws(StudyError) -> [String] {
    let files = RunFolder(folder)
    var description = description
    if let kept = try prepare(files, description, options) { description.beginTime = kept.beginTime }
    let run = try StudyRun(description, files, options, observer)
    return try run.execute()
  }

  /// - Returns: the description already in the folder, if any.
  private static func prepare(
    _ files: RunFolder, _ description: StudyDescription, _ options: Options
  ) throws(StudyError) -> StudyDescription? {
    guard !files.holdsRun || options.resumes else {
      var error = StudyError("\(files.path) holds a run already")
      error.keptRun = .resumable
      throw error
    }
    try StudyError.wrapping { () throws(FileError) in try Folder.working.makeFolder(FilePath(text: files.path)) }
    if try files.lacksColumns() {
      throw notResumable("\(files.path) holds a run of an earlier version, whose rows have fewer columns")
    }
    guard let kept = try files.description() else { return nil }
    if let difference = description.difference(from: kept) {
      throw notResumable("\(files.path) holds the run of another plan: \(difference)")
    }
    return kept
  }

  private static func notResumable(_ reason: String) -> StudyError {
    var error = StudyError(reason)
    error.keptRun = .ofAnotherPlan
    return error
  }

  private func execute() throws(StudyError) -> [String] {
    var rowFile = try RowFile(files.file(RunFolder.rowsName))
    let left = try remaining(after: files.rows())
    var repetitions: [Configuration: Int] = [:]
    for item in left { repetitions[item.cell, default: 0] += 1 }
    forecast = StudyForecast(repetitions, cores: description.cores)
    progress.total = description.cells.count * description.repetitions
    progress.done = progress.total - left.count
    do throws(StudyError) {
      try measure(left, &rowFile)
    } catch {
      try? inputs.remove()
      try? keepDescription(isComplete: false)
      throw error
    }
    try inputs.remove()
    try keepDescription(isComplete: failures.isEmpty)
    return failures
  }

  private func measure(
    _ left: [(cell: Configuration, repetition: Int)], _ rowFile: inout RowFile
  ) throws(StudyError) {
    try keepDescription(isComplete: false, hasEnded: false)
    if !left.isEmpty { try options.onBegin() }
    try keepMachine()
    guard !left.isEmpty else { return }
    show("drawing the images")
    try inputs.make(for: description, options.stopSignals)
    try warmUp()
    for item in left {
      try pause()
      if let row = try measure(item.cell, item.repetition) { try rowFile.append(row) }
    }
  }

  /// Remaining repetitions in rounds over all cells, so that a slow minute of the machine affects all of them.
  private func remaining(after rows: [StudyRow]) -> [(cell: Configuration, repetition: Int)] {
    let known = Dictionary(grouping: rows, by: \.configuration).mapValues { Set($0.map(\.repetition)) }
    return (1...description.repetitions).flatMap { repetition in
      description.cells.filter { known[$0]?.contains(repetition) != true }.map { ($0, repetition) }
    }
  }

  /// Runs a cell with a few copies and drops its row, to read the images and to wake up the processor.
  private func warmUp() throws(StudyError) {
    let cells = description.cells.filter { $0.ranks <= description.cores }
    guard var cell = cells.last ?? description.cells.first else { return }
    cell.copies = min(cell.copies, 10)
    show("warming up")
    do throws(StudyError) {
      _ = try run(cell, repetition: 1)
    } catch {
      guard error.signal == nil && !error.isShortage else { throw error }
      throw StudyError("the warm-up failed (\(cell.text)): \(error)")
    }
  }

  /// Lets the processor cool down before a cell.
  private func pause() throws(StudyError) {
    guard let seconds = description.pauseSeconds else { return }
    show("pausing")
    let end = Clock.nanoseconds + UInt64(seconds * 1e9)
    while Clock.nanoseconds < end {
      if let signal = options.stopSignals?.received() { throw StudyError(.stopped(signal: signal)) }
      Clock.sleep(untilNanoseconds: min(end, Clock.nanoseconds + 100_000_000))
    }
  }

  /// - Returns: `nil` if the cell failed, which is recorded.
  private func measure(_ cell: Configuration, _ repetition: Int) throws(StudyError) -> StudyRow? {
    if description.cold { PageCache.drop(inputs.folder(cell.size)) }
    show(cell.text)
    var row: StudyRow?
    do throws(StudyError) {
      // The first run of each strategy on all cores, with saving, is stored as a timeline.
      let keepsTimeline = repetition == 1 && cell.ranks == description.cores && cell.saving == .on
      let outcome = try run(cell, repetition: repetition, keepsTimeline: keepsTimeline)
      if keepsTimeline { try files.keepTimeline(outcome.timeline, of: cell) }
      row = outcome.row
    } catch {
      guard error.signal == nil && !error.isShortage else { throw error }
      failures.append("\(cell.text), repetition \(repetition): \(error)")
      progress.failed += 1
      observer.say(failures[failures.count - 1])
    }
    forecast.end(cell, seconds: Clock.seconds - cellBegin)
    progress.done += 1
    return row
  }

  private func run(
    _ cell: Configuration, repetition: Int, keepsTimeline: Bool = false
  ) throws(StudyError) -> ConfigurationRunner.Outcome {
    cellBegin = Clock.seconds
    let output = inputs.outputFolder(cell, repetition: repetition)
    defer { try? inputs.remove(output) }
    return try runner.run(
      cell, repetition: repetition, folders: (inputs.folder(cell.size), output),
      keepsTimeline: keepsTimeline, onTick: show)
  }

  private func show(_ activity: String) {
    progress.activity = activity
    cellBegin = Clock.seconds
    show()
  }

  private func show() {
    let seconds = Clock.seconds - cellBegin
    progress.share = forecast.share(runningFor: seconds)
    progress.secondsLeft = forecast.secondsLeft(runningFor: seconds)
    observer.show(progress)
  }

  private func keepDescription(isComplete: Bool, hasEnded: Bool = true) throws(StudyError) {
    var kept = description
    kept.complete = isComplete
    kept.endTime = hasEnded ? MachineProbe.time : nil
    try files.write(kept, RunFolder.descriptionName)
  }

  private func keepMachine() throws(StudyError) {
    try files.append("\(options.command)\n", to: RunFolder.commandName)
    guard try files.decoded(MachineFacts.self, RunFolder.machineName) == nil else { return }
    show("measuring the memory")
    var facts = MachineProbe.facts(folder: files.path)
    facts.frequencySource = runner.sensors.frequencySource?.rawValue
    facts.temperatureSource = runner.sensors.temperatureSource?.rawValue
    facts.memoryBandwidth = try StudyError.wrapping { () throws(PoolError) in
      try MemoryBandwidthProbe.measure(cores: description.cores, options.stopSignals)
    }
    try files.write(facts, RunFolder.machineName)
  }
}
