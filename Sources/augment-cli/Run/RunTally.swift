internal import Datasets
internal import Platform
internal import ProcPool
internal import Strategies

/// Adds up the outcomes of a run's tasks, shows progress, and reports problems and warnings as they come.
final class RunTally {
  let plan: Plan
  /// Copies made by this process.
  private(set) var doneCount = 0
  /// Copies that were there already.
  private(set) var foundCount = 0
  private(set) var problems: [FileProblem] = []
  private(set) var warnings: [String] = []
  /// Images whose files are damaged and were worked on, and what is wrong with them.
  private(set) var damages: [FileProblem] = []
  private(set) var times = StageTimes()
  private(set) var readByteCount = 0
  private(set) var writtenByteCount = 0
  private(set) var replacedWorkerCount = 0
  private(set) var wallSeconds = 0.0
  private(set) var labels = LabelTally()
  /// What each node did, if the run was divided among nodes.
  var nodes: [NodeReport]?
  /// What people call the folders of the run; `nil`: by their paths.
  var names: FolderNames?
  /// Paths of images with a problem, including those of the listing. As bytes, because `String` compares two encodings
  /// of é as equal.
  private var failedPaths: Set<[UInt8]> = []
  private var damagedPaths: Set<[UInt8]> = []
  private var knownNotes: Set<String> = []
  private let reporter: Reporter
  private let collector: LabelCollector?
  /// Takes what there is to tell of single files.
  private var report: RunReport?
  private let quarantine: Quarantine?
  private var beginTime = Clock.seconds

  init(_ plan: Plan, reporter: Reporter, _ report: RunReport? = nil, _ quarantine: Quarantine? = nil) {
    (self.plan, self.reporter, self.report, self.quarantine) = (plan, reporter, report, quarantine)
    collector = LabelCollector(plan)
  }

  /// Adds what earlier processes have done of the run.
  func add(_ progress: RunProgress) throws(FileError) {
    foundCount = progress.done.count - progress.leftOut.count
    for (number, reason) in progress.leftOut {
      labels.omittedCount += 1
      report?.add(leftOut: number, in: plan, reason)
    }
    guard plan.labels != nil else { return }
    for (number, outcome) in progress.labels where progress.leftOut[number] == nil {
      labels.add(outcome)
      report?.add(outcome.losses, of: number, in: plan)
      try collector?.add(number, record: outcome.record)
    }
  }

  /// Adds what other processes have done of a run that is divided into shards.
  func add(_ progress: ShardProgress) throws {
    foundCount = progress.done.reduce(0) { $0 + $1.copies }
    labels.omittedCount += progress.done.reduce(0) { $0 + $1.leftOut }
    for failure in progress.failures { try note(failure, isOfImage: false) }
  }

  /// The files that were written of the whole set.
  var setFiles: [String] { collector?.files ?? [] }

  var failedImageCount: Int { failedPaths.count }

  func begin() {
    beginTime = Clock.seconds
    reporter.show(done: foundCount, failed: failedImageCount)
  }

  /// Tells what there is to know about the options.
  func tell(_ notes: [String]) {
    for note in notes { warn(note, onceFor: note) }
  }

  /// Tells what labels were found, and what is broken in them.
  func tellLabels() {
    guard let labels = plan.labels else { return }
    reporter.say(labels.dataset.summary)
    let set = labels.dataset.set
    for fault in set.faults { warn("\(fault.error)", onceFor: "\(fault.error)") }
    // Those of whole images become problems of the images.
    for fault in set.images.lazy.flatMap(\.faults) where !fault.isOfWholeImage {
      self.labels.faultCount += 1
      warn("\(fault.error)", onceFor: "\(fault.error)")
    }
  }

  /// Writes what belongs to all outputs together.
  func finishLabels() throws { try collector?.finish() }

  /// Writes the report; also if the run has ended early, of what has happened.
  func writeReport() throws(Failure) { try report?.write() }

  func finish() {
    wallSeconds = Clock.seconds - beginTime
    reporter.finish()
  }

  /// Adds a problem with a file that has no task.
  func add(_ problem: FileProblem) throws { try note(problem) }

  /// Adds the outcome of a task.
  /// - Returns: its problem, if it failed.
  func add(_ task: Int, _ report: TaskReport) throws -> FileProblem? {
    times += report.times
    readByteCount += report.readByteCount
    writtenByteCount += report.writtenByteCount
    let path = plan.image(ofTask: task).path
    for note in report.notes { warn("\(note) (\(path), for example)", onceFor: note) }
    for note in report.imageNotes where warn("\(path): \(note)", onceFor: "\(path): \(note)") {
      self.report?.add(.noted, of: path, note)
    }
    if let damage = report.damage, damagedPaths.insert(Array(path.utf8)).inserted {
      damages.append(FileProblem(path: path, reason: damage))
    }
    let problem = (report.problem ?? report.lostLabels(in: plan)).map { problem in
      FileProblem(path: path, reason: problem.reason + problem.remedy)
    }
    if let problem {
      try note(problem, isOfImage: report.problem?.isOfImage ?? true)
    } else if let omission = report.omission {
      if !omission.isEmpty {
        labels.omittedCount += 1
        self.report?.add(leftOut: plan.number(ofTask: task), in: plan, omission)
      }
    } else {
      doneCount += 1
      try addLabels(task, report)
    }
    reporter.show(done: foundCount + doneCount, failed: failedImageCount)
    return problem
  }

  private func addLabels(_ task: Int, _ report: TaskReport) throws(FileError) {
    guard plan.labels != nil else { return }
    let number = plan.number(ofTask: task)
    if let outcome = report.labels {
      labels.add(outcome)
      self.report?.add(outcome.losses, of: number, in: plan)
    }
    try collector?.add(number, record: report.labels?.record ?? [])
  }

  /// Adds a worker that died.
  func add(_ end: WorkerEnd) {
    replacedWorkerCount += 1
    reporter.say("worker \(end.rank) (pid \(end.pid)) \(end.end) and is replaced")
  }

  /// Reports one line per image, even if several of its copies fail.
  /// - Parameter isOfImage: whether the image is at fault.
  private func note(_ problem: FileProblem, isOfImage: Bool = true) throws(Failure) {
    guard failedPaths.insert(Array(problem.path.utf8)).inserted else { return }
    let problem = FileProblem(path: problem.path, reason: named(problem.reason))
    problems.append(problem)
    reporter.say("\(problem.path): \(problem.reason)", isProblem: true)
    report?.add(.failed, of: problem.path, problem.reason)
    if isOfImage { try quarantine?.take(problem.path) }
  }

  /// Tells how an interrupted run is continued.
  /// - Parameter option: what must be added to the command line.
  func tellHowToGoOn(_ option: String?) {
    guard foundCount + doneCount < plan.outputCount else { return }
    reporter.say("to go on: \(CommandText.ofThisProcess(with: option))")
  }

  private func named(_ text: String) -> String { names?.named(text) ?? text }

  /// Reports a note, unless it is known: one about a transform is the same for all images, one about an image for all
  /// of its copies.
  /// - Returns: whether it is new.
  @discardableResult
  private func warn(_ text: String, onceFor note: String) -> Bool {
    guard knownNotes.insert(note).inserted else { return false }
    let text = named(text)
    warnings.append(text)
    reporter.say(text)
    return true
  }
}

extension TaskReport.Problem {
  /// Whether the image is at fault, and not the machine.
  fileprivate var isOfImage: Bool { kind == .image || kind == .tooLarge }

  /// The option that helps, in brackets; empty if there is none.
  fileprivate var remedy: String {
    switch kind {
    case .tooLarge: " (--max-pixels)"
    case .tookTooLong: " (--image-timeout)"
    case .wantsMemory: " (--max-memory)"
    case .image, .shortage, .outputGone: ""
    }
  }
}
