internal import Datasets
package import Jobs

/// Work on a folder of images that can be spread over processes in one or more ways, as the studies measure it.
///
/// Every `Job` is one, in the ways of the strategies. What has no decode step, or is parallel inside one image, conforms by
/// itself.
package protocol Workload {
  /// As `--job` names it.
  static var name: String { get }
  /// What it makes of an image, as a plural.
  static var unit: String { get }
  /// In the order in which they are listed; the baseline is one of them.
  static var ways: [Way] { get }
  /// Outputs of each image when so many are asked for; `nil` for as many as the original study made.
  /// - Returns: `nil` where it cannot make as many.
  static func copies(_ asked: Int?) -> Int?

  /// Gets everything ready, in the process that will work: what is done here is not measured.
  init(_ order: WorkOrder) throws

  /// How often `run` will call `each`.
  var taskCount: Int { get }

  /// Does all of it. The processes that it makes are gone when it returns.
  /// - Throws: a `WorkloadError` for the first image that fails.
  func run(each: (TaskReport) throws -> Void) throws
}

extension Workload {
  /// As most do.
  package static var unit: String { "copies" }
}

/// A way of doing a workload.
package struct Way {
  package let name: String
  /// Why it cannot be done on so many ranks, as a sentence; `nil` where it can.
  package let refusal: (_ ranks: Int) -> String?
  package let roles: (_ ranks: Int) -> RankRoles
}

/// What a workload is to do.
package struct WorkOrder: Sendable {
  /// Folders.
  package var input, output: String
  /// How many there must be in the input.
  package var images: Int
  package var copies: Int
  package var seed: UInt64
  package var isSaving: Bool
  /// With the name of a way as its strategy.
  package var how: RunDescription.How

  package init(
    input: String, output: String, work: (images: Int, copies: Int), seed: UInt64, isSaving: Bool,
    _ how: RunDescription.How
  ) {
    (self.input, self.output, self.seed, self.isSaving, self.how) = (input, output, seed, isSaving, how)
    (images, copies) = work
  }
}

/// Why a workload could not be done; a sentence that crosses from the process that did it.
package struct WorkloadError: Error, Codable, Hashable, Sendable, CustomStringConvertible {
  package var description: String
  /// Whether it may work when it is tried again.
  package var isShortage = false
}

/// Every workload there is.
package enum WorkloadCatalog {
  package static var all: [any Workload.Type] { JobCatalog.all.map { workload(of: $0) } }

  package static func type(named name: String) -> (any Workload.Type)? { all.first { $0.name == name } }

  package static func workload<Work: Job>(of job: Work.Type) -> any Workload.Type { JobWorkload<Work>.self }
}

/// A job, as the studies measure it.
private struct JobWorkload<Work: Job>: Workload {
  static var name: String { Work.name }

  static var ways: [Way] {
    StrategyCatalog.all.map { type in
      Way(
        name: type.name, refusal: { type.refusal(of: RunDescription.How(strategy: type, ranks: $0)) },
        roles: { type.roles(RunDescription.How(strategy: type, ranks: $0)) })
    }
  }

  static func copies(_ asked: Int?) -> Int? {
    Work.studyOptions(copies: asked, seed: 0).map { Work($0).outputsPerSource }
  }

  /// That of the original study.
  private static var nameText: String { "aug_{stem}_{copy:06}" }

  private let run: JobRun<Work>
  private let strategy: any Strategy

  init(_ order: WorkOrder) throws {
    guard let type = StrategyCatalog.type(named: order.how.strategy) else {
      throw WorkloadError(description: "there is no strategy \(order.how.strategy)")
    }
    guard let options = Work.studyOptions(copies: order.copies, seed: order.seed) else {
      throw WorkloadError(description: "\(Work.name) does not make \(order.copies) copies of an image")
    }
    let job = Work(options)
    let listing = try Self.listing(order)
    let what = RunDescription.What(job, OutputNames(try NameTemplate(Self.nameText)))
    var run = try JobRun(job, what, on: listing)
    run.isSaving = order.isSaving
    if run.isSaving { run.plan.output = try OutputFolder(order.output) }
    (self.run, strategy) = (run, type.init(order.how, RunControl()))
  }

  private static func listing(_ order: WorkOrder) throws -> FolderListing {
    let listing = try FolderListing(order.input)
    if let problem = listing.problems.first {
      throw WorkloadError(description: "\(problem.path): \(problem.reason)")
    }
    guard listing.images.count == order.images else {
      throw WorkloadError(
        description: "\(order.input): \(listing.images.count) images, where there were \(order.images)")
    }
    return listing
  }

  var taskCount: Int { run.plan.taskCount }

  func run(each: (TaskReport) throws -> Void) throws {
    try strategy.run(run) { task, report in
      if let problem = report.problem {
        let path = run.plan.image(ofTask: task).path
        throw WorkloadError(description: "\(path): \(problem.reason)", isShortage: problem.isShortage)
      }
      try each(report)
    }
  }
}
