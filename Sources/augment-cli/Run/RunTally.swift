internal import Datasets
internal import Platform
internal import ProcPool
internal import Strategies

/// Adds up the outcomes of a run's tasks, shows progress, and reports problems and warnings as they come.
final class RunTally {
  let plan: Plan
  private(set) var doneCount = 0
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
  /// Paths of images with a problem, including those of the listing. As bytes, because `String` compares two encodings
  /// of é as equal.
  private var failedPaths: Set<[UInt8]> = []
  private var damagedPaths: Set<[UInt8]> = []
  private var knownNotes: Set<String> = []
  private let reporter: Reporter
  private let collector: LabelCollector?
  private var losses: LossReport?
  private var beginTime = Clock.seconds

  /// - Parameter losses: takes the objects that copies do not keep.
  init(_ plan: Plan, reporter: Reporter, _ losses: LossReport? = nil) {
    (self.plan, self.reporter, self.losses) = (plan, reporter, losses)
    collector = LabelCollector(plan)
  }

  var failedImageCount: Int { failedPaths.count }

  func begin() {
    beginTime = Clock.seconds
    reporter.show(done: 0, failed: failedImageCount)
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
  func finishLabels() throws {
    try collector?.finish()
    try losses?.write(plan)
  }

  func finish() {
    wallSeconds = Clock.seconds - beginTime
    reporter.finish()
  }

  /// Adds a problem with a file that has no task.
  func add(_ problem: FileProblem) { note(problem) }

  /// Adds the outcome of a task.
  /// - Returns: its problem, if it failed.
  func add(_ task: Int, _ report: TaskReport) throws -> FileProblem? {
    times += report.times
    readByteCount += report.readByteCount
    writtenByteCount += report.writtenByteCount
    let path = plan.image(ofTask: task).path
    for note in report.notes { warn("\(note) (\(path), for example)", onceFor: note) }
    for note in report.imageNotes { warn("\(path): \(note)", onceFor: "\(path): \(note)") }
    if let damage = report.damage, damagedPaths.insert(Array(path.utf8)).inserted {
      damages.append(FileProblem(path: path, reason: damage))
    }
    let problem = (report.problem ?? report.lostLabels(in: plan)).map { problem in
      FileProblem(path: path, reason: problem.reason + problem.remedy)
    }
    if let problem {
      note(problem)
    } else if let omission = report.omission {
      if !omission.isEmpty { labels.omittedCount += 1 }
    } else {
      doneCount += 1
      try addLabels(task, report)
    }
    reporter.show(done: doneCount, failed: failedImageCount)
    return problem
  }

  private func addLabels(_ task: Int, _ report: TaskReport) throws(FileError) {
    guard plan.labels != nil else { return }
    if let outcome = report.labels {
      labels.add(outcome)
      losses?.add(task, outcome)
    }
    try collector?.add(task, record: report.labels?.record ?? [])
  }

  /// Adds a worker that died.
  func add(_ end: WorkerEnd) {
    replacedWorkerCount += 1
    reporter.say("worker \(end.rank) (pid \(end.pid)) \(end.end) and is replaced")
  }

  /// Reports one line per image, even if several of its copies fail.
  private func note(_ problem: FileProblem) {
    guard failedPaths.insert(Array(problem.path.utf8)).inserted else { return }
    problems.append(problem)
    reporter.say("\(problem.path): \(problem.reason)", isProblem: true)
  }

  /// Reports a note, unless it is known: one about a transform is the same for all images, one about an image for all
  /// of its copies.
  private func warn(_ text: String, onceFor note: String) {
    guard knownNotes.insert(note).inserted else { return }
    warnings.append(text)
    reporter.say(text)
  }
}

extension TaskReport.Problem {
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
