package import Strategies

/// What a simulation takes from a measured run.
package struct Calibration: Sendable {
  /// The run.
  package let analysis: Analysis
  /// Seconds of a core that each process takes to start, of cells with at least as many ranks as cores; 0 where there are
  /// not several of the same work.
  package let startSeconds: Double
  /// How much longer the processors are busy for each further core at work, as a share.
  package let contention: Double
  /// Cells that it is the median of; where there are none it is 0, and not measured.
  package let contentionCells: Int

  /// Takes a run apart.
  /// - Throws: where it has no baseline.
  package init(_ study: Study) throws(StudyError) {
    let analysis = Analysis(study)
    self.analysis = analysis
    guard analysis.summaries.contains(where: \.configuration.isBaseline) else {
      throw StudyError(
        "\(study.folder): a prediction starts from \(StudyDescription.baselineStrategy) on one rank, and the run has none"
      )
    }
    startSeconds = max(0, Self.startSeconds(analysis))
    let shares = Self.contentions(analysis, startSeconds)
    contention = shares.isEmpty ? 0 : max(0, Spread(shares).median)
    contentionCells = shares.count
  }

  /// Costs of the work of a cell; `nil` where its saving has no baseline.
  package func costs(of configuration: Configuration) -> WorkCosts? {
    analysis.baseline(of: configuration).map { baseline in
      var costs = WorkCosts(baseline: baseline).scaled(pixels: configuration.pixels / baseline.configuration.pixels)
      costs.startSeconds = startSeconds
      return costs
    }
  }

  /// The machine of the run, with as many cores as are asked for, and another disk where one is given.
  package func machine(
    cores: Int, hasContention: Bool = true, writeMegabytesPerSecond: Double? = nil
  ) -> SimulatedMachine {
    let limit = writeMegabytesPerSecond ?? analysis.study.description.writeBandwidthMegabytesPerSecond
    return SimulatedMachine(
      cores: cores, contention: hasContention ? contention : 0, writeBytesPerSecond: limit.map { $0 * 1e6 })
  }

  /// Processor time over that of the baseline's work, less 1, for each core beyond the first: of the cells that keep to
  /// the cores. Those of worker-reads where it was measured, as its processes have least to do with one another.
  private static func contentions(_ analysis: Analysis, _ startSeconds: Double) -> [Double] {
    let several = analysis.summaries.filter { $0.configuration.ranks > 1 && $0.configuration.ranks <= analysis.cores }
    let independent = several.filter { $0.configuration.strategy == WorkerReads.name }
    return (independent.isEmpty ? several : independent).compactMap { summary in
      guard let baseline = analysis.baseline(of: summary.configuration) else { return nil }
      let work = summary.configuration.work / baseline.configuration.work
      let alone = baseline.processorSeconds.median * work
      let together = summary.processorSeconds.median - startSeconds * Double(summary.configuration.ranks)
      return alone > 0 ? (together / alone - 1) / Double(summary.configuration.ranks - 1) : nil
    }
  }

  /// How much the processor time grows with each rank once all cores are at work, when contention grows no more: the
  /// median of the slopes from the fewest such ranks to all others.
  private static func startSeconds(_ analysis: Analysis) -> Double {
    let slopes = analysis.savings.flatMap { saving in
      analysis.strategies(saving).flatMap { strategy -> [Double] in
        let summaries = analysis.summaries(strategy, saving).filter { $0.configuration.ranks >= analysis.cores }
        guard let first = summaries.first else { return [] }
        return summaries.filter {
          $0.configuration.ranks > first.configuration.ranks && $0.configuration.size == first.configuration.size
        }.map { summary in
          (summary.processorSeconds.median - first.processorSeconds.median)
            / Double(summary.configuration.ranks - first.configuration.ranks)
        }
      }
    }
    return slopes.isEmpty ? 0 : Spread(slopes).median
  }
}
