internal import Imaging
internal import Strategies

/// Augmented copies of every image by the default pipeline.
public struct AugmentStudyJob: StudyJob {
  /// "augment"
  public static let name = "augment"
  /// Those of `augment-cli augment`.
  public static var strategies: [JobStrategy] {
    StrategyCatalog.all.map { type in
      JobStrategy(
        name: type.name, refusal: { type.refusal(of: RunOptions(ranks: $0)) },
        crew: { type.crew(RunOptions(ranks: $0)) })
    }
  }

  private let settings: JobSettings

  /// With the built-in pipeline and the given seed.
  public init(_ settings: JobSettings) { self.settings = settings }

  /// Lists the input and plans the copies.
  public func work(for cell: Configuration, input: String, output: String) throws -> any StudyWork {
    guard let type = StrategyCatalog.type(named: cell.strategy) else {
      throw StudyError("there is no strategy \(cell.strategy)")
    }
    let listing = try FolderListing(input)
    if let problem = listing.problems.first { throw StudyError("\(problem.path): \(problem.reason)") }
    guard listing.images.count == cell.images else {
      throw StudyError("\(input): \(listing.images.count) images, where there were \(cell.images)")
    }
    // As in the report that the study repeats.
    var options = Plan.Options(name: try NameTemplate("aug_{stem}_{copy:06}"))
    options.copies = cell.copies
    var job = AugmentJob(try Plan(listing, into: output, options))
    (job.seed, job.isSaving) = (settings.seed, cell.saving == .on)
    var run = RunOptions(ranks: cell.ranks)
    (run.placement, run.writeMegabytesPerSecond) = (settings.placement, settings.writeBandwidthMegabytesPerSecond)
    return AugmentStudyWork(job: job, strategy: type.init(run))
  }
}

private struct AugmentStudyWork: StudyWork {
  let job: AugmentJob
  let strategy: any Strategy

  var taskCount: Int { job.plan.taskCount }

  func run(each: (TaskReport) throws -> Void) throws {
    try strategy.run(job) { task, report in
      if let problem = report.problem {
        let path = job.plan.image(ofTask: task).path
        throw StudyError("\(path): \(problem.reason)", isShortage: problem.isShortage)
      }
      try each(report)
    }
  }
}
