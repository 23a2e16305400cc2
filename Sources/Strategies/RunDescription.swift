package import Datasets
package import Imaging
package import Jobs
internal import Platform
public import ProcPool

/// A run in two halves: what it makes, and how. The bytes of its files depend on the first alone, so that the second may
/// differ when a run goes on on another machine.
package struct RunDescription: Codable, Sendable {
  package var what: What
  package var how: How

  package init(_ what: What, _ how: How) { (self.what, self.how) = (what, how) }

  /// What decides every byte of the outputs.
  package struct What: Sendable {
    package var job: any Job
    package var names: OutputNames
    package var files = ImageFileOptions()

    package init(_ job: any Job, _ names: OutputNames) { (self.job, self.names) = (job, names) }
  }

  /// What decides when and where the work is done.
  package struct How: Codable, Hashable, Sendable {
    /// Name of a strategy.
    package var strategy: String
    /// Processes that work.
    package var ranks: Int
    /// Tasks per message, where an image is read by the rank that works on it; `nil`: the outputs of one image, or fewer
    /// where the workers would not all have some.
    package var chunkSize: Int?
    /// Ranks that only save; `nil`: as many as the strategy thinks right.
    package var savers: Int?
    /// Which processors the ranks may run on.
    package var placement = Placement.none
    /// What all ranks together may write in a second, in millions of bytes; `nil`: what the disk takes.
    package var writeMegabytesPerSecond: Double?
    /// Processors that there are to work on.
    package var cores = Cores.available

    package init(strategy: any Strategy.Type = WorkerReads.self, ranks: Int) {
      (self.strategy, self.ranks) = (strategy.name, ranks)
    }
  }
}

/// How image files are read and written, whatever the job.
package struct ImageFileOptions: Codable, Hashable, Sendable {
  package var encoding = EncodingOptions()
  /// Images with more pixels than this are refused before anything is allocated for them.
  package var maxPixels = ImageDecoder.defaultMaxPixels

  package init() {}
}

/// All that a process needs to know to do its share of a run.
package struct JobRun<Work: Job>: Sendable {
  package var job: Work
  package var plan: Plan
  package var files: ImageFileOptions
  /// Whether products are encoded and written.
  package var isSaving = true

  /// The share of a run that `what` describes, on all images of `listing`.
  /// - Parameter job: that of `what`, by its own type.
  package init(
    _ job: Work, _ what: RunDescription.What, on listing: FolderListing
  ) throws(Plan.Collision) {
    (self.job, files) = (job, what.files)
    plan = try Plan(listing, job, what.names)
  }
}

extension RunDescription.What: Codable {
  private enum Key: String, CodingKey { case job, options, names, files }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(type(of: job).name, forKey: .job)
    try container.encode(job.options, forKey: .options)
    try container.encode(names, forKey: .names)
    try container.encode(files, forKey: .files)
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let name = try container.decode(String.self, forKey: .job)
    guard let type = JobCatalog.type(named: name) else {
      throw DecodingError.dataCorruptedError(
        forKey: .job, in: container, debugDescription: "there is no job \(name)")
    }
    func job<Work: Job>(_ type: Work.Type) throws -> any Job {
      Work(try container.decode(Work.Options.self, forKey: .options))
    }
    self.init(try job(type), try container.decode(OutputNames.self, forKey: .names))
    files = try container.decode(ImageFileOptions.self, forKey: .files)
  }
}

extension Placement: Codable {
  /// Those that have a name, for people to choose from.
  package static let named: [(name: String, placement: Placement)] = [
    ("none", .none), ("close", .close), ("spread", .spread),
  ]

  package var name: String? { Self.named.first { $0.placement == self }?.name }

  package init?(name: String) {
    guard let named = Self.named.first(where: { $0.name == name }) else { return nil }
    self = named.placement
  }

  /// As its name; as lists of processors where it has none.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .processors(let lists): try container.encode(lists)
    case .none, .close, .spread: try container.encode(name)
    }
  }

  /// Of its name, or of lists.
  public init(from decoder: any Decoder) throws {
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
