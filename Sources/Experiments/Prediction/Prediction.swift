internal import ProcPool
package import Strategies

/// Simulated times of a run's work: of its measured cells, which shows how good the simulation is, and of machines and
/// ranks that were not measured.
package struct Prediction: Sendable {
  /// "prediction.csv"
  package static let fileName = "prediction.csv"

  /// Measured cells, simulated on the machine that they were measured on.
  package var validation: [PredictedCell]
  /// Cells that were not measured.
  package var predicted: [PredictedCell]

  /// A prediction of the given parts.
  package init(validation: [PredictedCell], predicted: [PredictedCell]) {
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
  package init(_ calibration: Calibration, on target: Target, ranks: [Int], strategies: [any Strategy.Type]) throws(StudyError)
  {
    let analysis = calibration.analysis
    (validation, predicted) = ([], [])
    for summary in analysis.cells.sorted(by: Self.isBefore) {
      let seconds = summary.wallSeconds.median
      validation += try Self.simulate(summary.cell, calibration, on: Target(cores: analysis.cores), measured: seconds)
    }
    for saving in analysis.savings {
      for cell in strategies.flatMap({ strategy in ranks.compactMap { Self.cell(strategy, $0, saving, analysis) } }) {
        predicted += try Self.simulate(cell, calibration, on: target, measured: nil)
      }
    }
  }

  /// The largest error of the measured cells that keep to the cores, and of those that do not, as a share.
  package func worstError(cores: Int) -> (within: Double?, beyond: Double?) {
    func worst(_ cells: [PredictedCell]) -> Double? { cells.compactMap { $0.error?.magnitude }.max() }
    return (
      worst(validation.filter { $0.cell.ranks <= cores }), worst(validation.filter { $0.cell.ranks > cores })
    )
  }

  /// Lines of `prediction.csv`.
  package var text: String {
    ([PredictedCell.header] + (validation + predicted).map(\.line)).map { "\($0)\n" }.joined()
  }

  /// Reads a `prediction.csv`.
  package init(text: String, path: String) throws(StudyError) {
    let lines = text.split(separator: "\n")
    guard lines.first.map(String.init) == PredictedCell.header else {
      throw StudyError("\(path): the first line is not that of a prediction")
    }
    var cells: [PredictedCell] = []
    for (index, line) in lines.enumerated().dropFirst() {
      guard let cell = PredictedCell(line: line) else {
        throw StudyError("\(path): line \(index + 1) is no row of a prediction")
      }
      cells.append(cell)
    }
    validation = cells.filter { $0.measuredSeconds != nil }
    predicted = cells.filter { $0.measuredSeconds == nil }
  }

  /// The work of the run for so many ranks: that of its largest cell in a strong study; in a weak one, that of the
  /// measured cell of as many ranks, or the smallest one's times the ranks.
  private static func cell(
    _ strategy: any Strategy.Type, _ ranks: Int, _ saving: Saving, _ analysis: StudyAnalysis
  ) -> Cell? {
    let measured = analysis.cells.map(\.cell).filter { $0.saving == saving }
    guard var cell = measured.max(by: { StudyAnalysis.work($0) < StudyAnalysis.work($1) }) else { return nil }
    guard strategy.canBeSimulated(ranks: ranks, saving), strategy.name != StudyDescription.baselineStrategy || ranks == 1
    else { return nil }
    if analysis.study.description.study == .weak {
      guard let smallest = measured.min(by: { StudyAnalysis.work($0) < StudyAnalysis.work($1) }) else { return nil }
      if let same = measured.first(where: { $0.ranks == ranks }) {
        cell = same
      } else {
        cell = smallest
        cell.widthPixels *= max(1, ranks / max(1, smallest.ranks))
      }
    }
    (cell.strategy, cell.ranks) = (strategy.name, ranks)
    return cell
  }

  private static func simulate(
    _ cell: Cell, _ calibration: Calibration, on target: Target, measured: Double?
  ) throws(StudyError) -> [PredictedCell] {
    guard let strategy = StrategyCatalog.type(named: cell.strategy), let costs = calibration.costs(of: cell),
      let baseline = calibration.analysis.baselineSeconds(of: cell), cell.images > 0, cell.copies > 0,
      strategy.canBeSimulated(ranks: cell.ranks, cell.saving)
    else { return [] }
    let scene = SimulatedScene(images: cell.images, copies: cell.copies, costs: costs, isSaving: cell.saving == .on)
    var seconds: [Double] = []
    for hasContention in [true, false] {
      let machine = calibration.machine(
        cores: target.cores, hasContention: hasContention, writeMegabytesPerSecond: target.writeMegabytesPerSecond)
      do throws(PoolError) {
        seconds.append(try SimulatedRun(strategy, scene, ranks: cell.ranks, on: machine).seconds)
      } catch {
        throw StudyError(error)
      }
    }
    guard seconds[0] > 0 else { return [] }
    let predicted = PredictedCell(
      cell: cell, cores: target.cores, measuredSeconds: measured, simulatedSeconds: seconds[0],
      simulatedSecondsWithoutContention: seconds[1], simulatedSpeedup: baseline / seconds[0])
    return [predicted]
  }

  private static func isBefore(_ left: CellSummary, _ right: CellSummary) -> Bool {
    func key(_ cell: Cell) -> (Int, String, Int) { (cell.saving == .on ? 0 : 1, cell.strategy, cell.ranks) }
    return key(left.cell) < key(right.cell)
  }
}

extension Strategy {
  /// Whether there is such a run, and its schedule tells anything: that of savers is about saving.
  fileprivate static func canBeSimulated(ranks: Int, _ saving: Saving) -> Bool {
    let how = RunDescription.How(strategy: self, ranks: ranks)
    return refusal(of: how) == nil && (saving == .on || roles(how).savers == 0)
  }
}
