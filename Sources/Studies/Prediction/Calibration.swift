package import Strategies

/// The parameters of a simulation, estimated from a measured run.
package struct Calibration: Sendable {
  package let analysis: Analysis
  /// Core seconds that each process takes to start, estimated from cells with at least as many ranks as cores; 0
  /// without several such cells with the same work.
  package let startSeconds: Double
  /// Relative growth of processor time for each additional busy core.
  package let contention: Double
  /// Number of cells that `contention` is the median of; if 0, `contention` is 0 and was not measured.
  package let contentionCells: Int

  /// - Throws: if the run has no baseline.
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

  /// Costs of a cell's work; `nil` if no baseline has its saving.
  package func costs(of configuration: Configuration) -> WorkCosts? {
    analysis.baseline(of: configuration).map { baseline in
      var costs = WorkCosts(baseline: baseline).scaled(pixels: configuration.pixels / baseline.configuration.pixels)
      costs.startSeconds = startSeconds
      return costs
    }
  }

  /// The run's machine with the cores of `target` and, if it has one, its write bandwidth.
  func machine(_ target: Prediction.Target, hasContention: Bool) -> SimulatedMachine {
    let limit = target.writeMegabytesPerSecond ?? analysis.study.description.writeMegabytesPerSecond
    return SimulatedMachine(
      cores: target.cores, contention: hasContention ? contention : 0, writeBytesPerSecond: limit.map { $0 * 1e6 })
  }

  /// Processor time / the baseline's for the same work − 1, divided by the cores beyond the first, for each cell with
  /// at most one rank per core. Only cells of worker-reads if it was measured, because its processes interact least.
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

  /// Growth of processor time per rank once all cores are busy, when contention no longer grows: the median of the
  /// slopes from the smallest such rank count to all others.
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

extension WorkCosts {
  /// Costs per image and per copy, from a baseline.
  package init(baseline: ConfigurationSummary) {
    self.init()
    let images = Double(max(1, baseline.configuration.images))
    let copies = images * Double(max(1, baseline.configuration.copies))
    readSeconds = baseline.stageSeconds(.read) / images
    decodeSeconds = baseline.stageSeconds(.decode) / images
    transformSeconds = baseline.stageSeconds(.transform) / copies
    encodeSeconds = baseline.stageSeconds(.encode) / copies
    writeSeconds = baseline.stageSeconds(.write) / copies
    writtenBytes = baseline.spread { Double($0.writtenBytes) }.median / copies
    otherSeconds = baseline.stageSeconds(.wait)
  }

  /// The costs of images with `factor` times the pixels.
  package func scaled(pixels factor: Double) -> WorkCosts {
    var costs = self
    for path in [
      \WorkCosts.readSeconds, \.decodeSeconds, \.transformSeconds, \.encodeSeconds, \.writeSeconds, \.writtenBytes,
    ] { costs[keyPath: path] *= factor }
    return costs
  }
}
