public import Imaging
internal import Platform
public import ProcPool
package import Strategies

/// What a person asks a study for, as far as it decides which cells there are.
public struct StudyPlan {
  /// A number of ranks and the size of the images for it.
  public struct Step: Hashable, Sendable {
    /// Processes that work.
    public var ranks: Int
    /// Of each image.
    public var size: ImageSize

    /// The given pair.
    public init(ranks: Int, size: ImageSize) { (self.ranks, self.size) = (ranks, size) }
  }

  /// The pairs of the report "Speedup Image Augmentation with Python Multiprocessing": pixels grow with the ranks.
  public static let reportedWeakSteps = [
    Step(ranks: 1, size: ImageSize(width: 250, height: 250)), Step(ranks: 2, size: ImageSize(width: 500, height: 250)),
    Step(ranks: 4, size: ImageSize(width: 500, height: 500)), Step(ranks: 8, size: ImageSize(width: 1000, height: 500)),
    Step(ranks: 16, size: ImageSize(width: 1000, height: 1000)),
    Step(ranks: 32, size: ImageSize(width: 2000, height: 1000)),
    Step(ranks: 64, size: ImageSize(width: 2000, height: 2000)),
  ]

  /// What is done to the images.
  package var job: any Workload.Type
  /// Ranks and sizes, in the order in which they are run.
  public var steps: [Step]
  /// Names of strategies; the baseline need not be among them.
  public var strategies: [String]
  /// With saving, without, or both.
  public var savings: [Saving]
  /// How many images.
  public var images: Int
  /// Copies of each.
  public var copies: Int

  /// A plan of the given parts.
  package init(
    job: any Workload.Type, steps: [Step], strategies: [String], savings: [Saving], work: (images: Int, copies: Int)
  ) {
    (self.job, self.steps, self.strategies, self.savings) = (job, steps, strategies, savings)
    (images, copies) = work
  }

  /// Every cell in the order in which a repetition runs them: the baseline first, and what is to be compared with each
  /// other close together.
  public var cells: [Configuration] {
    guard let least = steps.min(by: { $0.ranks < $1.ranks }) else { return [] }
    var cells = savings.map { cell(StudyDescription.baselineStrategy, Step(ranks: 1, size: least.size), $0) }
    for step in steps {
      for strategy in included where strategy.refusal(step.ranks) == nil {
        cells += savings.map { cell(strategy.name, step, $0) }
      }
    }
    return cells
  }

  /// Sentences on what was asked for and makes no cell.
  public var omissions: [String] {
    included.flatMap { strategy in
      steps.compactMap { step in
        strategy.refusal(step.ranks).map { "left out on \(step.ranks) \(step.ranks == 1 ? "rank" : "ranks"): \($0)" }
      }
    }
  }

  private var included: [Way] {
    job.ways.filter { strategies.contains($0.name) && $0.name != StudyDescription.baselineStrategy }
  }

  private func cell(_ strategy: String, _ step: Step, _ saving: Saving) -> Configuration {
    Configuration(
      job: job.name, strategy: strategy, ranks: step.ranks, saving: saving, size: step.size, images: images,
      copies: copies)
  }
}

extension StudyDescription {
  /// How cells are measured.
  public struct Method: Sendable {
    /// Number that decides every draw.
    public var seed: UInt64
    /// How often each cell is measured.
    public var repetitions: Int
    /// Whether images are dropped from the page cache before each cell.
    public var isCold: Bool
    /// Megabytes a second that all writing together is held to; `nil`: the disk's own.
    public var writeBandwidthMegabytesPerSecond: Double?
    /// Which processors the ranks may run on.
    public var placement = Placement.none

    /// The given method, with the disk's own bandwidth and no placement.
    public init(seed: UInt64, repetitions: Int, isCold: Bool) {
      (self.seed, self.repetitions, self.isCold) = (seed, repetitions, isCold)
    }
  }

  /// What a plan says, on this machine and from now.
  /// - Parameters:
  ///   - pattern: what generated images show.
  ///   - input: a folder of images to use instead.
  public init(_ kind: Kind, _ plan: StudyPlan, pattern: SceneGenerator.Pattern, input: String?, method: Method) {
    let cores = Cores.available
    self.init(
      study: kind, job: plan.job.name, unit: plan.job.unit, pattern: input == nil ? pattern.rawValue : nil,
      input: input, seed: method.seed,
      repetitions: method.repetitions, cold: method.isCold,
      writeBandwidthMegabytesPerSecond: method.writeBandwidthMegabytesPerSecond, placement: method.placement,
      cells: plan.cells, cores: cores,
      oversubscribed: Set(plan.cells.map(\.ranks)).filter { $0 > cores }.sorted(),
      pageCache: PageCache.statement(isCold: method.isCold), beginTime: MachineProbe.time, endTime: nil,
      complete: false)
  }
}
