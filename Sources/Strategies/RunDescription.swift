package import Datasets
internal import Imaging
package import Jobs
internal import Platform
package import ProcPool

/// A run in two halves: what it makes, and how. The output bytes depend only on `what`, so a run may be resumed on
/// another machine with a different `how`.
package struct RunDescription: Codable, Sendable {
  package var what: What
  package var how: How

  package init(_ what: What, _ how: How) { (self.what, self.how) = (what, how) }

  /// Everything that determines the output bytes.
  package struct What: Sendable {
    package var job: any Job
    package var names: OutputNames
    package var files = ImageFileOptions()
    package var labels = LabelTreatment()

    package init(_ job: any Job, _ names: OutputNames) { (self.job, self.names) = (job, names) }
  }

  /// Everything that determines when and where the work is done.
  package struct How: Codable, Hashable, Sendable {
    /// A name in `StrategyCatalog`.
    package var strategy: String
    /// Number of workers and savers.
    package var ranks: Int
    /// Tasks per chunk, for strategies whose workers read the images themselves. `nil`: all outputs of one image, or
    /// fewer if some workers would get none.
    package var chunkSize: Int?
    /// Ranks that only save; `nil`: the default of the strategy.
    package var savers: Int?
    /// The processors that each rank may run on.
    package var placement = Placement.none
    /// Write bandwidth of all ranks together, in MB/s (10⁶ bytes); `nil`: unlimited.
    package var writeMegabytesPerSecond: Double?
    /// How workers are kept from harm by hostile files.
    package var guards = WorkerGuards()
    /// Processors available to the run.
    package var cores = Cores.available

    package init(strategy: any Strategy.Type = WorkerReads.self, ranks: Int) {
      (self.strategy, self.ranks) = (strategy.name, ranks)
    }
  }
}

/// Everything that a process needs to do its share of a run.
package struct JobRun<Work: Job>: Sendable {
  package var job: Work
  package var plan: Plan
  package var files: ImageFileOptions
  /// Whether products are encoded and written.
  package var isSaving = true
  /// Whether reports say what a manifest keeps of each product.
  package var keepsRecord = false
  /// What the workers read besides the folders of the input and of its masks: absolute paths.
  var outsidePaths: [String]

  /// The run that `what` describes, on all images of `listing`.
  /// - Parameters:
  ///   - job: `what.job`, by its concrete type.
  ///   - labels: of `listing`; `nil`: images alone.
  package init(
    _ job: Work, _ what: RunDescription.What, on listing: FolderListing, labels: DatasetPlan? = nil
  ) throws(Plan.Collision) {
    (self.job, files) = (job, what.files)
    outsidePaths = job.outsidePaths + listing.linkTargets
    plan = try Plan(listing, job, what.names, labels: labels)
  }
}

extension JobRun {
  /// The size below which an image, upright of `shape` in its file, is of no use; `nil`: it is wanted at full size.
  func leastSize(ofImage index: Int, _ shape: ImageShape) -> ImageSize? {
    job.leastSize(of: SourceFacts(plan.images[index], shape: shape), with: plan.labels?.treatment)
  }

  /// What the run makes, apart from the images and the place.
  var what: RunDescription.What {
    var what = RunDescription.What(job, plan.names)
    what.files = files
    if let labels = plan.labels { what.labels = labels.treatment } else { what.labels.source = .none }
    return what
  }
}

extension RunDescription.What: Codable {
  private enum Key: String, CodingKey { case job, options, names, files, labels }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(type(of: job).name, forKey: .job)
    try container.encode(job.options, forKey: .options)
    try container.encode(names, forKey: .names)
    try container.encode(files, forKey: .files)
    try container.encode(labels, forKey: .labels)
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let name = try container.decode(String.self, forKey: .job)
    guard let type = JobCatalog.type(named: name) else {
      throw DecodingError.dataCorruptedError(
        forKey: .job, in: container, debugDescription: "there is no job \(name)")
    }
    func job<Work: Job>(_ type: Work.Type) throws -> any Job {
      let options = try container.decode(Work.Options.self, forKey: .options)
      guard Work.arePossible(options) else {
        throw DecodingError.dataCorruptedError(
          forKey: .options, in: container, debugDescription: "no command line gives such options")
      }
      return Work(options)
    }
    self.init(try job(type), try container.decode(OutputNames.self, forKey: .names))
    files = try container.decode(ImageFileOptions.self, forKey: .files)
    labels = try container.decode(LabelTreatment.self, forKey: .labels)
  }
}

extension Placement: Codable {
  /// Placements that users can choose by name.
  package static let named: [(name: String, placement: Placement)] = [
    ("none", .none), ("close", .close), ("spread", .spread),
  ]

  package var name: String? { Self.named.first { $0.placement == self }?.name }

  package init?(name: String) {
    guard let named = Self.named.first(where: { $0.name == name }) else { return nil }
    self = named.placement
  }

  /// Encodes the name, or the lists of processors if there is none.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .processors(let lists): try container.encode(lists)
    case .none, .close, .spread: try container.encode(name)
    }
  }

  /// Decodes a name or lists of processors.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let lists = try? container.decode([[Int]].self) {
      self = .processors(lists)
    } else if let placement = Placement(name: try container.decode(String.self)) {
      self = placement
    } else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "no placement")
    }
  }
}

/// Signals that a run obeys, and callbacks that it makes.
package struct RunControl {
  /// Signals that end the run.
  package var stopSignals: StopSignals?
  /// Called in the main process when a worker ends without being asked to.
  package var onWorkerEnd: ((WorkerEnd) -> Void)?
  /// Called at the end of a run that was divided among nodes.
  package var onNodes: (([NodeReport]) -> Void)?

  package init() {}

  /// Throws `.stopped` if a stop signal has arrived.
  func checkSignals() throws(PoolError) {
    if let signal = stopSignals?.received() { throw .stopped(signal: signal) }
  }
}

extension RunDescription.How {
  /// Tasks taken from a stream ahead of their results, each only a number. Large, because a retried task is queued
  /// behind the known ones: by then the cause of its worker's death may be gone.
  static let window = 4096

  /// Of a report, with the labels of all copies of an image: far more than any sound one has.
  private static let mostResultBytes = 256 << 20

  /// Pool options for all ranks. A task whose worker dies may be retried, because it writes the same bytes under the
  /// same name. The pool retries it, or, with `retries` 0, a strategy that can choose a better time.
  func pool(_ roles: RankRoles, _ control: RunControl, retries: Int = 1) -> PoolOptions {
    var pool = PoolOptions(workers: roles.ranks)
    pool.retries = retries
    pool.placement = placement
    pool.stopSignals = control.stopSignals
    pool.onWorkerEnd = control.onWorkerEnd
    (pool.maxResultByteCount, pool.decodesErrors) = (Self.mostResultBytes, false)
    return pool
  }

  /// Tasks per chunk for `workers` that read the images themselves.
  func tasksPerMessage(_ grid: TaskGrid, workers: Int) -> Int {
    chunkSize.map { min($0, max(1, grid.taskCount)) }
      ?? min(grid.tasksPerImage, max(1, defaultChunkSize(taskCount: grid.taskCount, workers: workers)))
  }
}
