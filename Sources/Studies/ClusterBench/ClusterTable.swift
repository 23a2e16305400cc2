internal import OrderedCollections

/// The table of the original study, from the timings of a cluster bench: means and sample standard deviations of the
/// sequential and the parallel version, speedup, efficiency and inertia.
package struct ClusterTable {
  /// One line: the same image and number of colours, sequential and parallel.
  struct Row {
    var cell: ClusterBench.Cell
    var image: String
    var sequential: SampleMean
    var parallel: SampleMean
    /// Sum of the squared distances from each pixel to its colour, as the parallel version found it: mean of the runs.
    var inertia: Double
    /// Largest relative difference of the inertia of a parallel run from that of the sequential run with the same start.
    var inertiaError: Double

    /// Relative; infinite if there is nothing to compare with.
    private static func error(of inertia: Double, from expected: Double?) -> Double {
      guard let expected else { return .infinity }
      return inertia == expected ? 0 : (inertia - expected).magnitude / expected
    }

    var speedup: Double { sequential.mean / parallel.mean }
    var efficiency: Double { speedup / Double(cell.threads) }

    init(_ parallel: [ClusterTiming], against sequential: [ClusterTiming]) {
      (cell, image) = (parallel[0].cell, parallel[0].image)
      self.sequential = SampleMean(sequential.map(\.seconds))
      self.parallel = SampleMean(parallel.map(\.seconds))
      inertia = SampleMean(parallel.map(\.inertia)).mean
      let expected = Dictionary(sequential.map { ($0.run, $0.inertia) }) { first, _ in first }
      inertiaError = parallel.map { Self.error(of: $0.inertia, from: expected[$0.run]) }.max() ?? 0
    }
  }

  /// Two results are the same, says the original study, if their inertia differs by less.
  package static let inertiaTolerance = 0.001

  let rows: [Row]
  private let cores: Int

  /// Rows in the order of the first run.
  package init(_ timings: [ClusterTiming], cores: Int) {
    self.cores = cores
    let images = OrderedDictionary(grouping: timings, by: \.image)
    rows = images.values.flatMap { timings in
      let cells = OrderedDictionary(grouping: timings, by: \.cell)
      return cells.compactMap { cell, parallel in
        let baseline = cells[ClusterBench.Cell(way: .sequential, colors: cell.colors, threads: 1)]
        return cell.way == .sequential ? nil : baseline.map { Row(parallel, against: $0) }
      }
    }
  }

  /// The columns of the original study.
  private func columns(marksCrowds: Bool) -> [Column<Row>] {
    [
      Column("K", text: { "\($0.cell.colors)" }),
      Column("Threads", text: { "\($0.cell.threads)\(marksCrowds && $0.cell.threads > cores ? "*" : "")" }),
      Column("T. Seq", text: { NumberText.fixed($0.sequential.mean, 6) }),
      Column("Std. Seq", text: { $0.sequential.deviationText }),
      Column("T. Par", text: { NumberText.fixed($0.parallel.mean, 6) }),
      Column("Std. Par", text: { $0.parallel.deviationText }),
      Column("Spd", text: { NumberText.fixed($0.speedup, 3) }),
      Column("Eff", text: { NumberText.fixed($0.efficiency, 3) }),
      Column("Inertia", text: { NumberText.fixed($0.inertia, 0) }),
    ]
  }

  /// The content of `table.csv`.
  var csv: String {
    let leading: [Column<Row>] = [.words("Image") { $0.image }, .words("Way") { $0.cell.way.rawValue }]
    let columns = leading + columns(marksCrowds: false)
    let lines = rows.map { row in columns.map { $0.field(row) } }
    return ([columns.map(\.name)] + lines).map { "\($0.joined(separator: ","))\n" }.joined()
  }

  /// One table for each image and way.
  package var tables: [Table] {
    let groups = OrderedDictionary(grouping: rows) { "\($0.image), \($0.cell.way.rawValue)" }
    return groups.map { title, rows in
      Table(title, columns(marksCrowds: true), rows).oversubscribed(rows.map { $0.cell.threads > cores })
    }
  }

  /// What the marks mean, and whether the parallel versions found what the sequential one found.
  package var remarks: String {
    let hasCrowds = rows.contains { $0.cell.threads > cores }
    let crowds = "* More threads or ranks than the \(NumberText.counted(cores, "core")) of this machine.\n"
    return (hasCrowds ? crowds : "") + verdict
  }

  /// Whether every parallel version has the inertia of the sequential one, within the tolerance of the study.
  package var isSound: Bool { rows.allSatisfy { $0.inertiaError < Self.inertiaTolerance } }

  private var verdict: String {
    let worst = rows.map(\.inertiaError).max() ?? 0
    if worst == 0 { return "The inertia of every parallel run equals that of the sequential one.\n" }
    let limit = NumberText.percent(Self.inertiaTolerance, 1)
    return "The inertia of a parallel run differs from that of the sequential one by up to "
      + "\(NumberText.percent(worst, 4)), \(isSound ? "less" : "not less") than the \(limit) of the original study.\n"
  }
}

/// Mean and sample standard deviation.
struct SampleMean {
  let mean: Double
  /// `nil` for a single value.
  let deviation: Double?

  /// - Precondition: `values` is not empty.
  init(_ values: [Double]) {
    precondition(!values.isEmpty, "a mean needs a number")
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +)
    self.mean = mean
    deviation = values.count > 1 ? (squares / Double(values.count - 1)).squareRoot() : nil
  }

  var deviationText: String { deviation.map { NumberText.fixed($0, 6) } ?? "" }
}
