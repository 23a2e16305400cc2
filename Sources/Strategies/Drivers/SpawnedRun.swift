internal import Datasets
internal import Jobs
internal import Platform
internal import ProcPool

/// A run as it travels to a process that inherits nothing. It is the first thing that the process gets; it makes its
/// own `JobRun` of it, and then does tasks.
///
/// The list of images travels, too: a process that listed the folder again might find another, and then the numbers of
/// tasks would mean other files. For the same reason the folders must be the same ones, not only have the same paths.
struct SpawnedRun<Work: Job>: PoolTask {
  private var description: RunDescription
  private var input: FolderPlace
  private var images: [InputImage]
  private var output: OutputFolder.Place?
  private var labels: Dataset.Contents?
  private var isSaving: Bool
  private var keepsRecord: Bool
  private var remainder: Plan.Remainder?
  private var outsidePaths: [String]
  private var runner: TaskRunner<Work>?

  private enum CodingKeys: CodingKey {
    case description, input, images, output, labels, isSaving, keepsRecord, remainder, outsidePaths
  }

  init(_ run: JobRun<Work>, _ how: RunDescription.How) {
    description = RunDescription(run.what, how)
    // No memory is shared with such a process, so each gets its share of the bandwidth.
    description.how.writeMegabytesPerSecond = how.writeMegabytesPerSecond.map { $0 / Double(how.ranks) }
    (input, images) = (run.plan.input.place, run.plan.images)
    (output, isSaving) = (run.plan.output?.place, run.isSaving)
    (keepsRecord, remainder) = (run.keepsRecord, run.plan.remainder)
    labels = run.plan.labels?.dataset.contents
    outsidePaths = run.outsidePaths
  }

  mutating func setUp(rank: Int) throws {
    let runner = try TaskRunner(makeRun(), description.how)
    runner.beginWorker(rank: rank)
    self.runner = runner
  }

  func run(_ task: Int) throws -> [UInt8] {
    guard let runner else { preconditionFailure("a worker is set up before its first task") }
    return runner.make(task).payload
  }

  private func makeRun() throws -> JobRun<Work> {
    guard let job = description.what.job as? Work else {
      preconditionFailure("the strategy refuses jobs that are not in the catalogue")
    }
    let listing = FolderListing(try InputFolder(input), images: images)
    let treatment = description.what.labels
    let labels = try labels.map { contents throws(LabelError) in
      try DatasetPlan(Dataset(contents, treatment, in: listing), treatment)
    }
    var run = try JobRun(job, description.what, on: listing, labels: labels)
    (run.isSaving, run.keepsRecord, run.plan.remainder) = (isSaving, keepsRecord, remainder)
    run.outsidePaths = outsidePaths
    run.plan.output = try output.map { place throws(FileError) in try OutputFolder(place) }
    return run
  }
}
