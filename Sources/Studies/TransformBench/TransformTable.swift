internal import OrderedCollections

/// Summary of a transform bench: medians with minimum and maximum, multiples of the plain copy, ratios to the peer.
package struct TransformTable {
  /// Times of one transform in this program and in the peer.
  struct Row {
    var transform: String
    var ours: Spread
    var peer: Spread?
    /// The peer's median / ours.
    var ratio: Double? { peer.map { $0.median / ours.median } }
  }

  let rows: [Row]
  let floor: Double?
  let peerName: String?

  /// Rows in the order of the first repetition.
  package init(_ timings: [TransformTiming]) {
    func spreads(_ isChosen: (TransformTiming) -> Bool) -> OrderedDictionary<String, Spread> {
      OrderedDictionary(grouping: timings.filter(isChosen), by: \.transform)
        .mapValues { Spread($0.map(\.milliseconds)) }
    }
    let peers = spreads { $0.implementation != TransformBench.ownName }
    rows = spreads { $0.implementation == TransformBench.ownName }
      .map { Row(transform: $0, ours: $1, peer: peers[$0]) }
    floor = rows.first { $0.transform == TransformBench.copyName }?.ours.median
    peerName = timings.first { $0.implementation != TransformBench.ownName }?.implementation
  }

  /// For a terminal and for `summary.md`.
  package var table: Table {
    let ours: [Column<Row>] = [
      .words("transform") { $0.transform }, Column("\(TransformBench.ownName) ms", text: { Self.text($0.ours) }),
      Column("× copy", text: { row in floor.map { NumberText.fixed(row.ours.median / $0, 1) } ?? "" }),
    ]
    let theirs: [Column<Row>] = [
      Column("\(peerName ?? "") ms", text: { $0.peer.map(Self.text) ?? "" }),
      Column("ratio", text: { $0.ratio.map { "\(NumberText.fixed($0, 1))×" } ?? "" }),
    ]
    return Table("", peerName == nil ? ours : ours + theirs, rows)
  }

  private static func text(_ milliseconds: Spread) -> String {
    let digits = milliseconds.median < 1 ? 3 : 2
    let ends = [milliseconds.min, milliseconds.max].map { NumberText.fixed($0, digits) }
    return "\(NumberText.fixed(milliseconds.median, digits)) (\(ends.joined(separator: "–")))"
  }
}

extension TransformTable {
  /// Bars on a logarithmic axis, because the times span a factor of a thousand.
  func chart(title: String) -> Chart {
    let peerName = peerName ?? ""
    var chart = Chart(
      name: "transforms", title: title, xLabel: "", yLabel: "median milliseconds", series: [],
      caption: "Milliseconds per image on one thread, with default parameters; lower is better.")
    let marks = rows.enumerated().map { "\(Chart.quoted($0.element.transform)) \($0.offset)" }
    let isCrowded = rows.count > 30
    let least = rows.map(\.ours.median).min() ?? 0.1
    chart.commands = [
      "set style data histograms", "set style histogram clustered gap 1", "set style fill solid 1.0 noborder",
      "set logscale y", "set yrange [\(least / 2):*]",
      "set xtics (\(marks.joined(separator: ", "))) scale 0 rotate by \(isCrowded ? "-90 font ',8'" : "-35")",
      "unset grid", "set grid ytics back linecolor rgb '#9aa1ab' dashtype 3", "set bmargin \(isCrowded ? 10 : 8)",
      "set rmargin 9",
      "set key inside top left",
    ]
    (chart.isWide, chart.height) = (true, 520)
    chart.series = [series(TransformBench.ownName, "#0072b2") { $0.ours.median }]
    if !peerName.isEmpty { chart.series.append(series(peerName, "#e69f00") { $0.peer?.median }) }
    return chart
  }

  private func series(_ name: String, _ color: String, _ value: (Row) -> Double?) -> Chart.Series {
    Chart.Series(
      title: name, points: rows.map { row in value(row).map { "\($0)" } ?? "NaN" },
      style: "using 1 linecolor rgb '\(color)'")
  }
}
