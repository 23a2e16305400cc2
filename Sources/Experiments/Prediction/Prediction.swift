/// Simulated times of a run's work: of its measured cells, which shows how good the simulation is, and of machines and
/// ranks that were not measured.
package struct Prediction: Sendable {
  /// "prediction.csv"
  package static let fileName = "prediction.csv"

  /// Measured cells, simulated on the machine that they were measured on.
  package var validation: [PredictedTime]
  /// Cells that were not measured.
  package var predicted: [PredictedTime]

  /// A prediction of the given parts.
  package init(validation: [PredictedTime], predicted: [PredictedTime]) {
    (self.validation, self.predicted) = (validation, predicted)
  }

  /// A machine that is simulated.
  package struct Target: Sendable {
    /// Its cores.
    package var cores: Int
    /// What its disk takes in a second, in millions of bytes; `nil`: what the measured one took.
    package var writeMegabytesPerSecond: Double?

    /// A machine of so many cores.
    package init(cores: Int, writeMegabytesPerSecond: Double? = nil) {
      (self.cores, self.writeMegabytesPerSecond) = (cores, writeMegabytesPerSecond)
    }
  }

  /// Simulates the cells of a run, and its work on another machine and number of ranks.
  package init(_ calibration: Calibration, on target: Target, ranks: [Int], strategies: [SimulatedStrategy]) {
    let analysis = calibration.analysis
    validation = analysis.summaries.sorted(by: Self.isBefore).compactMap { summary in
      Self.simulate(
        summary.configuration, calibration, on: Target(cores: analysis.cores), measured: summary.wallSeconds.median)
    }
    predicted = analysis.savings.flatMap { saving in
      strategies.flatMap { strategy in
        ranks.compactMap { ranks in
          Self.configuration(strategy, ranks, saving, analysis).flatMap {
            Self.simulate($0, calibration, on: target, measured: nil)
          }
        }
      }
    }
  }

  /// The largest error of the measured cells that keep to the cores, and of those that do not, as a share.
  package func worstError(cores: Int) -> (within: Double?, beyond: Double?) {
    func worst(_ times: [PredictedTime]) -> Double? { times.compactMap { $0.error?.magnitude }.max() }
    return (
      worst(validation.filter { $0.configuration.ranks <= cores }),
      worst(validation.filter { $0.configuration.ranks > cores })
    )
  }

  /// Lines of `prediction.csv`.
  package var text: String { PredictedTime.text(validation + predicted) }

  /// Reads a `prediction.csv`.
  package init(text: String, path: String) throws(StudyError) {
    guard !text.isEmpty else { throw StudyError("\(path): there is no prediction in it") }
    let times = try PredictedTime.rows(text: text, path: path)
    validation = times.filter { $0.kind == .validation }
    predicted = times.filter { $0.kind == .prediction }
  }

  /// The work of the run for so many ranks: that of its largest cell in a strong study; in a weak one, that of the
  /// measured cell of as many ranks, or the smallest one's times the ranks.
  private static func configuration(
    _ strategy: SimulatedStrategy, _ ranks: Int, _ saving: Saving, _ analysis: Analysis
  ) -> Configuration? {
    let measured = analysis.summaries.map(\.configuration).filter { $0.saving == saving }
    guard var chosen = measured.max(by: { $0.work < $1.work }) else { return nil }
    guard strategy.exists(ranks: ranks, isSaving: saving == .on), strategy != .sequential || ranks == 1 else {
      return nil
    }
    if analysis.isWeak {
      guard let smallest = measured.min(by: { $0.work < $1.work }) else { return nil }
      if let same = measured.first(where: { $0.ranks == ranks }) {
        chosen = same
      } else {
        chosen = smallest
        chosen.widthPixels *= max(1, ranks / max(1, smallest.ranks))
      }
    }
    (chosen.strategy, chosen.ranks) = (strategy.rawValue, ranks)
    return chosen
  }

  private static func simulate(
    _ configuration: Configuration, _ calibration: Calibration, on target: Target, measured: Double?
  ) -> PredictedTime? {
    let isSaving = configuration.saving == .on
    guard let strategy = SimulatedStrategy(rawValue: configuration.strategy),
      let costs = calibration.costs(of: configuration),
      let baseline = calibration.analysis.baselineSeconds(of: configuration), configuration.tasks > 0,
      strategy.exists(ranks: configuration.ranks, isSaving: isSaving)
    else { return nil }
    let scene = SimulatedScene(
      images: configuration.images, copies: configuration.copies, costs: costs, isSaving: isSaving)
    func seconds(hasContention: Bool) -> Double {
      let machine = calibration.machine(
        cores: target.cores, hasContention: hasContention, writeMegabytesPerSecond: target.writeMegabytesPerSecond)
      return strategy.run(scene, ranks: configuration.ranks, on: machine).seconds
    }
    var simulated = PredictedTime.Simulated(seconds: seconds(hasContention: true))
    guard simulated.seconds > 0 else { return nil }
    simulated.secondsWithoutContention = seconds(hasContention: false)
    simulated.speedup = baseline / simulated.seconds
    return PredictedTime(configuration, cores: target.cores, measuredSeconds: measured, simulated: simulated)
  }

  private static func isBefore(_ left: ConfigurationSummary, _ right: ConfigurationSummary) -> Bool {
    func key(_ configuration: Configuration) -> (Int, String, Int) {
      (configuration.saving == .on ? 0 : 1, configuration.strategy, configuration.ranks)
    }
    return key(left.configuration) < key(right.configuration)
  }
}
