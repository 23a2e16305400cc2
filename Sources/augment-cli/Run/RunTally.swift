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
  private(set) var times = StageTimes()
  private(set) var readByteCount = 0
  private(set) var writtenByteCount = 0
  private(set) var replacedWorkerCount = 0
  private(set) var wallSeconds = 0.0
  /// What each node did, if the run was divided among nodes.
  var nodes: [NodeReport]?
  /// Paths of images with a problem, including those of the listing. As bytes, because `String` compares two encodings
  /// of é as equal.
  private var failedPaths: Set<[UInt8]> = []
  private var knownNotes: Set<String> = []
  private let reporter: Reporter
  private var beginTime = Clock.seconds

  init(_ plan: Plan, reporter: Reporter) { (self.plan, self.reporter) = (plan, reporter) }

  var failedImageCount: Int { failedPaths.count }

  func begin() {
    beginTime = Clock.seconds
    reporter.show(done: 0, failed: failedImageCount)
  }

  func finish() {
    wallSeconds = Clock.seconds - beginTime
    reporter.finish()
  }

  /// Adds a problem with a file that has no task.
  func add(_ problem: FileProblem) { note(problem) }

  /// Adds the outcome of a task.
  /// - Returns: its problem, if it failed.
  func add(_ task: Int, _ report: TaskReport) -> FileProblem? {
    times += report.times
    readByteCount += report.readByteCount
    writtenByteCount += report.writtenByteCount
    let path = plan.image(ofTask: task).path
    for note in report.notes { warn("\(note) (\(path), for example)", onceFor: note) }
    for note in report.imageNotes { warn("\(path): \(note)", onceFor: "\(path): \(note)") }
    let problem = report.problem.map { FileProblem(path: path, reason: $0.reason + $0.remedy) }
    if let problem { note(problem) } else { doneCount += 1 }
    reporter.show(done: doneCount, failed: failedImageCount)
    return problem
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
  fileprivate var remedy: String { kind == .tooLarge ? " (--max-pixels)" : "" }
}
