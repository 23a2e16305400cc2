internal import Datasets
internal import Imaging
package import Jobs
internal import ProcPool

/// How many ranks a run gets: a given number, or as many as pay.
package enum RankChoice: Hashable, Sendable {
  case auto
  case number(Int)

  /// Work that a rank must have for itself to be worth its process. Measured on 2 cores of an EPYC: a second rank costs
  /// 1 ms and more for its memory, and pays where one rank works for 5 ms.
  package static let leastSecondsPerRank = 0.0025

  /// A larger number is most likely a typing error.
  package static let most = 1024

  /// The number for an amount of work; 1 if a second rank would not pay.
  /// - Parameter isDivided: whether ranks share the tasks, so that one task can occupy all.
  package func ranks(for work: WorkEstimate, cores: Int, isDivided: Bool = false) -> Int {
    switch self {
    case .number(let count): return count
    case .auto:
      let paying = Int(min(1e6, work.seconds / Self.leastSecondsPerRank))
      return max(1, min(isDivided ? cores : work.tasks, cores, Self.most, paying))
    }
  }
}

/// What a run will cost, roughly and before it begins.
package struct WorkEstimate: Hashable, Sendable {
  package var images: Int
  package var tasks: Int
  /// Mean pixels of an image.
  package var pixels: Double
  /// Time of a pixel in units of that of the usual job.
  package var effort: Double

  package init(images: Int, tasks: Int, pixels: Double, effort: Double = 1) {
    (self.images, self.tasks, self.pixels, self.effort) = (images, tasks, pixels, effort)
  }

  /// Of opening or creating a file and of the fixed part of the work on it.
  private static let secondsPerFile = 0.0001
  /// Of reading or making a pixel.
  private static let secondsPerPixel = 6e-9

  /// Seconds in one process, within about 30 % for images of 128 to 512 pixels a side; too many for smaller ones.
  package var seconds: Double {
    Double(images + tasks) * (Self.secondsPerFile + pixels * effort * Self.secondsPerPixel)
  }
}

extension WorkEstimate {
  /// Files whose headers are read; each takes 20 µs.
  private static let sampleCount = 16

  /// The estimate for a run. Reads no headers where the files are so many that all `cores` pay in any case.
  package init(_ run: JobRun<some Job>, cores: Int) {
    self.init(images: run.plan.grid.imageCount, tasks: run.plan.taskCount, pixels: 0, effort: run.job.effort)
    guard seconds < RankChoice.leastSecondsPerRank * Double(max(2, min(tasks, cores))) else { return }
    let headers = run.headers(of: Self.sampleCount)
    let pixels = headers.reduce(0.0) { $0 + Double($1.shape.width) * Double($1.shape.height) }
    self.pixels = pixels / Double(max(1, headers.count))
  }
}

extension RankChoice {
  /// The ranks of `how` for a run. The strategy stays, even where one process without workers would be faster by a few
  /// milliseconds: a file that crashes the decoder then costs a worker, not the run.
  package func settle(_ how: inout RunDescription.How, for run: JobRun<some Job>) {
    guard self == .auto else { return }
    let isDivided = StrategyCatalog.type(named: how.strategy) is any DividingStrategy.Type
    how.ranks = ranks(for: WorkEstimate(run, cores: how.cores), cores: how.cores, isDivided: isDivided)
    how.ranks = Self.leastRanks(of: how)
  }

  /// The fewest ranks that the strategy of `how` takes, but not fewer than it has.
  package static func leastRanks(of how: RunDescription.How) -> Int {
    guard let strategy = StrategyCatalog.type(named: how.strategy) else { return how.ranks }
    var tried = how
    while strategy.refusal(of: tried) != nil && tried.ranks < most { tried.ranks += 1 }
    return strategy.refusal(of: tried) == nil ? tried.ranks : how.ranks
  }
}
