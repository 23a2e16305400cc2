internal import Datasets
internal import Platform
internal import ProcPool
internal import Strategies

/// What has happened so far in a run; says what a person should know at once.
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
  /// Paths of images with a problem, those of the listing included; as bytes, for to `String` two spellings of é are one.
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

  /// A file that no task works on.
  func add(_ problem: FileProblem) { note(problem) }

  /// A task that ended.
  /// - Returns: what went wrong, if it did.
  func add(_ task: Int, _ report: TaskReport) -> FileProblem? {
    times += report.times
    readByteCount += report.readByteCount
    writtenByteCount += report.writtenByteCount
    let path = plan.image(ofTask: task).path
    report.notes.forEach { add($0, about: path) }
    let problem = report.problem.map { FileProblem(path: path, reason: $0.reason) }
    if let problem { note(problem) } else { doneCount += 1 }
    reporter.show(done: doneCount, failed: failedImageCount)
    return problem
  }

  /// A worker that ended before its time.
  func add(_ end: WorkerEnd) {
    replacedWorkerCount += 1
    reporter.say("worker \(end.rank) (pid \(end.pid)) \(end.end) and is replaced")
  }

  /// One line per image, however many of its copies fail.
  private func note(_ problem: FileProblem) {
    guard failedPaths.insert(Array(problem.path.utf8)).inserted else { return }
    problems.append(problem)
    reporter.say("\(problem.path): \(problem.reason)", isProblem: true)
  }

  /// What is said of a transform is said once in a run, what is said of an image once per image.
  private func add(_ note: String, about path: String) {
    let isOfImage = TaskReport.isOfImage(note)
    let text = isOfImage ? "\(path): \(note)" : "\(note) (\(path), for example)"
    guard knownNotes.insert(isOfImage ? text : note).inserted else { return }
    warnings.append(text)
    reporter.say(text)
  }
}
