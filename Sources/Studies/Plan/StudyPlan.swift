package import Imaging
package import Scenes
package import Strategies

/// The part of a study request that determines its cells.
package struct StudyPlan {
  /// A rank count and the image size for it.
  package struct Step: Hashable, Sendable {
    package var ranks: Int
    package var size: ImageSize

    package init(ranks: Int, size: ImageSize) { (self.ranks, self.size) = (ranks, size) }
  }

  /// The weak scaling steps of the original study, "Speedup Image Augmentation with Python Multiprocessing": pixels
  /// grow with the ranks.
  package static let originalWeakSteps = [
    Step(ranks: 1, size: ImageSize(width: 250, height: 250)), Step(ranks: 2, size: ImageSize(width: 500, height: 250)),
    Step(ranks: 4, size: ImageSize(width: 500, height: 500)), Step(ranks: 8, size: ImageSize(width: 1000, height: 500)),
    Step(ranks: 16, size: ImageSize(width: 1000, height: 1000)),
    Step(ranks: 32, size: ImageSize(width: 2000, height: 1000)),
    Step(ranks: 64, size: ImageSize(width: 2000, height: 2000)),
  ]

  package var job: any Workload.Type
  /// In the order in which they run.
  package var steps: [Step]
  /// Names of strategies; the baseline is measured in any case.
  package var strategies: [String]
  /// With saving, without, or both.
  package var savings: [Saving]
  package var images: Int
  /// Copies per image.
  package var copies: Int

  package init(
    job: any Workload.Type, steps: [Step], strategies: [String], savings: [Saving], work: (images: Int, copies: Int)
  ) {
    (self.job, self.steps, self.strategies, self.savings) = (job, steps, strategies, savings)
    (images, copies) = work
  }

  /// All cells, in the order in which a repetition runs them: the baseline first, and cells to be compared close
  /// together.
  package var cells: [Configuration] {
    guard let least = steps.min(by: { $0.ranks < $1.ranks }) else { return [] }
    var cells = savings.map { cell(StudyDescription.baselineStrategy, Step(ranks: 1, size: least.size), $0) }
    for step in steps {
      for strategy in included where strategy.refusal(step.ranks) == nil {
        cells += savings.map { cell(strategy.name, step, $0) }
      }
    }
    return cells
  }

  /// One sentence for each requested step that a strategy refuses.
  package var omissions: [String] {
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
  package struct Method: Sendable {
    /// Seed of all draws.
    package var seed: UInt64
    /// Measurements of each cell.
    package var repetitions: Int
    /// Whether images are dropped from the page cache before each cell.
    package var isCold: Bool
    /// How each cell runs; its strategy and ranks are those of the cell.
    package var how = RunDescription.How(ranks: 1)
    /// The dataset that the images stand for, and with it the pipeline.
    package var dataset: StudyDataset?
    /// Number of images in a given folder, if only the first of them are used.
    package var inputImages: Int?
    /// Idle seconds before each cell.
    package var pauseSeconds = 0.0

    package init(seed: UInt64, repetitions: Int, isCold: Bool) {
      (self.seed, self.repetitions, self.isCold) = (seed, repetitions, isCold)
    }
  }

  /// A study of `plan` on this machine, starting now.
  /// - Parameters:
  ///   - pattern: of the images to generate, if there is no `input`.
  ///   - input: a folder of images to use instead.
  package init(_ kind: Kind, _ plan: StudyPlan, pattern: SceneGenerator.Pattern, input: String?, method: Method) {
    let (cells, how) = (plan.cells, method.how)
    self.init(
      study: kind, job: plan.job.name, unit: plan.job.unit, pattern: input == nil ? pattern.rawValue : nil,
      input: input, seed: method.seed, repetitions: method.repetitions, cold: method.isCold,
      writeMegabytesPerSecond: how.writeMegabytesPerSecond, placement: how.placement, chunkSize: how.chunkSize,
      dataset: method.dataset, preset: method.dataset == nil ? nil : .thermal, inputImages: method.inputImages,
      pauseSeconds: method.pauseSeconds > 0 ? method.pauseSeconds : nil,
      cells: cells, cores: how.cores,
      oversubscribed: Set(cells.map(\.ranks)).filter { $0 > how.cores }.sorted(),
      pageCache: PageCache.statement(isCold: method.isCold), beginTime: MachineProbe.time, endTime: nil,
      complete: false)
  }
}
