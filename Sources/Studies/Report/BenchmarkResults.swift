internal import Imaging

/// The measurements of runs as tables for other programs: one line per trial, and one per cell with median, minimum and
/// maximum. Derived from the rows and the plan alone.
package struct BenchmarkResults: Sendable {
  package static let trialsName = "benchmark_results.csv"
  package static let summaryName = "benchmark_summary.csv"

  /// A cell of a run.
  fileprivate struct Cell {
    var analysis: Analysis
    var summary: ConfigurationSummary
  }

  /// A repetition of a cell.
  fileprivate struct Trial {
    var cell: Cell
    var row: StudyRow
  }

  private let cells: [Cell]

  package init(_ studies: [Study]) {
    cells = studies.flatMap { study in
      let analysis = Analysis(study)
      return analysis.summaries.map { Cell(analysis: analysis, summary: $0) }
    }
  }

  /// The content of `benchmark_results.csv`.
  package var trials: String {
    let trials = cells.flatMap { cell in cell.summary.rows.map { Trial(cell: cell, row: $0) } }
    return CSV.file(Self.work(\.cell) + Self.trialColumns, trials)
  }

  /// The content of `benchmark_summary.csv`.
  package var summary: String { CSV.file(Self.work(\.self) + Self.summaryColumns, cells) }
}

extension BenchmarkResults {
  /// What was measured.
  private static func work<Row>(_ cell: @escaping (Row) -> Cell) -> [Column<Row>] {
    func configuration(_ row: Row) -> Configuration { cell(row).summary.configuration }
    return [
      .words("run") { cell($0).analysis.study.folderName }, .words("job") { configuration($0).job },
      .words("strategy") { configuration($0).strategy }, .words("saving") { configuration($0).saving.rawValue },
      Column("widthPixels") { "\(configuration($0).widthPixels)" },
      Column("heightPixels") { "\(configuration($0).heightPixels)" },
      Column("images") { "\(configuration($0).images)" }, Column("copies") { "\(configuration($0).copies)" },
      Column("batch") { cell($0).analysis.study.description.chunkSize.map { "\($0)" } ?? "" },
      Column("ranks") { "\(configuration($0).ranks)" },
    ]
  }

  private static var trialColumns: [Column<Trial>] {
    func seconds(_ trial: Trial) -> Double { trial.row.measurement.wallSeconds }
    return [
      Column("trial") { "\($0.row.repetition)" }, number("seconds", seconds),
      number("imagesPerSecond") { $0.cell.perSecond(seconds($0)) },
      number("speedup") { $0.cell.speedup(seconds($0)) }, number("efficiency") { $0.cell.efficiency(seconds($0)) },
      number("frequencyMegahertz") { $0.row.measurement.frequencyMegahertz },
      number("temperatureCelsius") { $0.row.measurement.temperatureCelsius },
    ]
  }

  private static var summaryColumns: [Column<Cell>] {
    func seconds(_ cell: Cell) -> Spread { cell.summary.wallSeconds }
    return [
      Column("trials") { "\($0.summary.rows.count)" }, number("medianSeconds") { seconds($0).median },
      number("minSeconds") { seconds($0).min }, number("maxSeconds") { seconds($0).max },
      number("imagesPerSecond") { $0.perSecond(seconds($0).median) },
      number("speedup") { $0.speedup(seconds($0).median) },
      number("efficiency") { $0.efficiency(seconds($0).median) },
      number("serialFraction") { $0.point?.serialFraction }, number("highestSpeedup") { $0.point?.ceiling },
      number("frequencyMegahertz") { $0.summary.median(\.frequencyMegahertz) },
      number("temperatureCelsius") { $0.summary.median(\.temperatureCelsius) },
    ]
  }

  /// With six decimals; empty for `nil`.
  private static func number<Row>(_ name: String, _ value: @escaping (Row) -> Double?) -> Column<Row> {
    Column(name) { row in value(row).map { NumberText.fixed($0, 6) } ?? "" }
  }
}

extension BenchmarkResults.Cell {
  /// Outputs per second; these are images if the job makes one of each.
  func perSecond(_ seconds: Double) -> Double? { Double(summary.configuration.tasks) / seconds }

  /// The baseline's median time for the same work / `seconds`.
  func speedup(_ seconds: Double) -> Double? {
    analysis.baselineSeconds(of: summary.configuration).map { $0 / seconds }
  }

  func efficiency(_ seconds: Double) -> Double? { speedup(seconds).map { $0 / Double(summary.configuration.ranks) } }

  /// The law of Amdahl is about work that does not grow.
  var point: SpeedupPoint? { analysis.isWeak ? nil : analysis.point(summary) }
}
