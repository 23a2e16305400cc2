internal import Datasets
package import Imaging
package import Jobs

/// Work on a folder of images that can be distributed over processes in one or more ways, for the studies to measure.
///
/// Every `Job` is one; its ways are the strategies. Work without a decode step, or parallel within one image, conforms
/// directly.
package protocol Workload {
  /// The name for `--job`.
  static var name: String { get }
  /// What it makes of an image, as a plural noun.
  static var unit: String { get }
  /// In listing order, including the baseline.
  static var ways: [Way] { get }
  /// Outputs per image if `asked` copies are requested; `nil`: as many as the original study made.
  /// - Returns: `nil` if it cannot make that many.
  static func copies(_ asked: Int?) -> Int?
  /// Whether it applies a pipeline that can be chosen.
  static var hasPipeline: Bool { get }

  /// Prepares everything, in the process that will work. Not measured.
  init(_ order: WorkOrder) throws

  /// How often `run` calls `each`.
  var taskCount: Int { get }

  /// Does all the work. The processes that it starts have ended when it returns.
  /// - Throws: a `WorkloadError` for the first image that fails.
  func run(each: (TaskReport) throws -> Void) throws
}

extension Workload {
  package static var unit: String { "copies" }
  package static var hasPipeline: Bool { false }
}

/// One way of doing a workload, such as a strategy.
package struct Way {
  package let name: String
  /// Why it cannot run on that many ranks, as a sentence; `nil` if it can.
  package let refusal: (_ ranks: Int) -> String?
  package let roles: (_ ranks: Int) -> RankRoles
}

/// The parameters of a workload.
package struct WorkOrder: Sendable {
  /// Paths of folders.
  package var input, output: String
  /// Number of images to work on.
  package var images: Int
  /// Number of images that the input must have, of which the first ones are used; `nil`: as many as are used.
  package var inputImages: Int?
  /// The pipeline, if the workload has one; `nil`: its usual one.
  package var preset: PipelinePreset?
  package var copies: Int
  package var seed: UInt64
  package var isSaving: Bool
  /// `how.strategy` is the name of a way.
  package var how: RunDescription.How

  package init(
    input: String, output: String, work: (images: Int, copies: Int), seed: UInt64, isSaving: Bool,
    _ how: RunDescription.How
  ) {
    (self.input, self.output, self.seed, self.isSaving, self.how) = (input, output, seed, isSaving, how)
    (images, copies) = work
  }
}

/// Why a workload failed: a sentence, passed on from the process that ran it.
package struct WorkloadError: Error, Codable, Hashable, Sendable, CustomStringConvertible {
  package var description: String
  /// Whether a retry may succeed.
  package var isShortage = false
}

package enum WorkloadCatalog {
  package static var all: [any Workload.Type] { JobCatalog.all.map { workload(of: $0) } + [IngestWorkload.self] }

  package static func type(named name: String) -> (any Workload.Type)? { all.first { $0.name == name } }

  package static func workload<Work: Job>(of job: Work.Type) -> any Workload.Type { JobWorkload<Work>.self }
}

/// A job as a workload.
private struct JobWorkload<Work: Job>: Workload {
  static var name: String { Work.name }

  static var ways: [Way] {
    StrategyCatalog.strategies(for: Work.self).map { type in
      Way(
        name: type.name, refusal: { type.refusal(of: RunDescription.How(strategy: type, ranks: $0)) },
        roles: { type.roles(RunDescription.How(strategy: type, ranks: $0)) })
    }
  }

  static func copies(_ asked: Int?) -> Int? {
    Work.studyOptions(copies: asked, seed: 0).map { Work($0).outputsPerSource }
  }

  static var hasPipeline: Bool {
    guard var options = Work.studyOptions(copies: nil, seed: 0) else { return false }
    return Work.choose(.default, in: &options)
  }

  /// The name template of the original study.
  private static var nameText: String { "aug_{stem}_{copy:06}" }

  private let run: JobRun<Work>
  private let strategy: any Strategy

  init(_ order: WorkOrder) throws {
    guard let type = StrategyCatalog.type(named: order.how.strategy) else {
      throw WorkloadError(description: "there is no strategy \(order.how.strategy)")
    }
    guard var options = Work.studyOptions(copies: order.copies, seed: order.seed) else {
      throw WorkloadError(description: "\(Work.name) does not make \(order.copies) copies of an image")
    }
    if let preset = order.preset, !Work.choose(preset, in: &options) {
      throw WorkloadError(description: "\(Work.name) has no pipeline")
    }
    let job = Work(options)
    let listing = try Self.listing(order)
    var what = RunDescription.What(job, OutputNames(try NameTemplate(Self.nameText)))
    try job.adapt(&what.files)
    try job.adapt(&what.names)
    job.adapt(&what.labels)
    let labels = try Dataset.find(what.labels, in: listing).map { try DatasetPlan($0, what.labels) }
    var run = try JobRun(job, what, on: labels?.dataset.listing ?? listing, labels: labels)
    run.isSaving = order.isSaving
    if run.isSaving { run.plan.output = try OutputFolder(order.output) }
    (self.run, strategy) = (run, type.init(order.how, RunControl()))
  }

  private static func listing(_ order: WorkOrder) throws -> FolderListing {
    let listing = try FolderListing(order.input)
    if let problem = listing.problems.first {
      throw WorkloadError(description: "\(problem.path): \(problem.reason)")
    }
    let expected = order.inputImages ?? order.images
    guard listing.images.count == expected else {
      throw WorkloadError(
        description: "\(order.input): \(listing.images.count) images, where there were \(expected)")
    }
    return FolderListing(listing.input, images: Array(listing.images.prefix(order.images)))
  }

  var taskCount: Int { run.plan.taskCount }

  func run(each: (TaskReport) throws -> Void) throws {
    let collector = LabelCollector(run.plan)
    try strategy.run(run) { task, report in
      if let problem = report.problem ?? report.lostLabels(in: run.plan) {
        let path = run.plan.image(ofTask: task).path
        throw WorkloadError(description: "\(path): \(problem.reason)", isShortage: problem.kind == .shortage)
      }
      if report.omission == nil { try collector?.add(task, record: report.labels?.record ?? []) }
      try each(report)
    }
    try collector?.finish()
  }
}
