internal import ProcPool
package import Strategies

/// Simulated times of a run's work: of its measured cells, to validate the simulation, and of machines and rank counts
/// that were not measured.
package struct Prediction: Sendable {
  package static let fileName = "prediction.csv"

  /// Measured cells, simulated on the machine on which they ran.
  package var validation: [PredictedTime]
  /// Cells that were not measured.
  package var predicted: [PredictedTime]

  package init(validation: [PredictedTime], predicted: [PredictedTime]) {
    (self.validation, self.predicted) = (validation, predicted)
  }

  /// A machine to simulate.
  package struct Target: Sendable {
    package var cores: Int
    /// Write bandwidth in 10⁶ bytes per second; `nil` for that of the measured run.
    package var writeMegabytesPerSecond: Double?

    package init(cores: Int, writeMegabytesPerSecond: Double? = nil) {
      (self.cores, self.writeMegabytesPerSecond) = (cores, writeMegabytesPerSecond)
    }
  }

  /// Simulates the cells of a run on its machine, and its work on `target` with `ranks` and `strategies`.
  package init(_ calibration: Calibration, on target: Target, ranks: [Int], strategies: [any SimulatedStrategy.Type])
    throws(StudyError)
  {
    let analysis = calibration.analysis
    (validation, predicted) = ([], [])
    for summary in analysis.summaries.sorted(by: Self.isBefore) {
      let here = Target(cores: analysis.cores)
      validation += try Self.simulate(
        summary.configuration, calibration, on: here, measured: summary.wallSeconds.median)
    }
    for saving in analysis.savings {
      for configuration in strategies.flatMap({ strategy in
        ranks.compactMap { Self.configuration(strategy, $0, saving, analysis) }
      }) {
        predicted += try Self.simulate(configuration, calibration, on: target, measured: nil)
      }
    }
  }

  /// The largest relative error of the measured cells with at most `cores` ranks, and of those with more.
  package func worstError(cores: Int) -> (within: Double?, beyond: Double?) {
    func worst(_ times: [PredictedTime]) -> Double? { times.compactMap { $0.error?.magnitude }.max() }
    return (
      worst(validation.filter { $0.configuration.ranks <= cores }),
      worst(validation.filter { $0.configuration.ranks > cores })
    )
  }

  /// The content of `prediction.csv`.
  package var text: String { PredictedTime.text(validation + predicted) }

  /// Reads a `prediction.csv`.
  package init(text: String, path: String) throws(StudyError) {
    guard !text.isEmpty else { throw StudyError("\(path): there is no prediction in it") }
    let times = try PredictedTime.rows(text: text, path: path)
    validation = times.filter { $0.kind == .validation }
    predicted = times.filter { $0.kind == .prediction }
  }

  /// The work of the run for `ranks` ranks. Strong study: that of the largest cell. Weak study: that of a measured cell
  /// with as many ranks, or that of the smallest cell, its width scaled with the ranks.
  private static func configuration(
    _ strategy: any SimulatedStrategy.Type, _ ranks: Int, _ saving: Saving, _ analysis: Analysis
  ) -> Configuration? {
    let measured = analysis.summaries.map(\.configuration).filter { $0.saving == saving }
    guard var chosen = measured.max(by: { $0.work < $1.work }) else { return nil }
    guard strategy.canBeSimulated(ranks: ranks, saving),
      strategy.name != StudyDescription.baselineStrategy || ranks == 1
    else { return nil }
    if analysis.isWeak {
      guard let smallest = measured.min(by: { $0.work < $1.work }) else { return nil }
      if let same = measured.first(where: { $0.ranks == ranks }) {
        chosen = same
      } else {
        chosen = smallest
        chosen.widthPixels *= max(1, ranks / max(1, smallest.ranks))
      }
    }
    (chosen.strategy, chosen.ranks) = (strategy.name, ranks)
    return chosen
  }

  private static func simulate(
    _ configuration: Configuration, _ calibration: Calibration, on target: Target, measured: Double?
  ) throws(StudyError) -> [PredictedTime] {
    guard let strategy = StrategyCatalog.type(named: configuration.strategy) as? any SimulatedStrategy.Type,
      let costs = calibration.costs(of: configuration),
      let baseline = calibration.analysis.baselineSeconds(of: configuration), configuration.tasks > 0,
      strategy.canBeSimulated(ranks: configuration.ranks, configuration.saving)
    else { return [] }
    let scene = SimulatedScene(
      images: configuration.images, copies: configuration.copies, costs: costs, isSaving: configuration.saving == .on)
    func seconds(hasContention: Bool) throws(StudyError) -> Double {
      let machine = calibration.machine(target, hasContention: hasContention)
      return try StudyError.wrapping { () throws(PoolError) in
        try SimulatedRun(strategy, scene, ranks: configuration.ranks, on: machine).seconds
      }
    }
    var simulated = PredictedTime.Simulated(seconds: try seconds(hasContention: true))
    guard simulated.seconds > 0 else { return [] }
    simulated.secondsWithoutContention = try seconds(hasContention: false)
    simulated.speedup = baseline / simulated.seconds
    return [PredictedTime(configuration, cores: target.cores, measuredSeconds: measured, simulated: simulated)]
  }

  private static func isBefore(_ left: ConfigurationSummary, _ right: ConfigurationSummary) -> Bool {
    func key(_ configuration: Configuration) -> (Int, String, Int) {
      (configuration.saving == .on ? 0 : 1, configuration.strategy, configuration.ranks)
    }
    return key(left.configuration) < key(right.configuration)
  }
}

extension SimulatedStrategy {
  /// Whether the strategy accepts the ranks and its schedule is meaningful: one with savers needs saving.
  static func canBeSimulated(ranks: Int, _ saving: Saving) -> Bool {
    let how = RunDescription.How(strategy: self, ranks: ranks)
    return refusal(of: how) == nil && (saving == .on || roles(how).savers == 0)
  }
}
