/// What a bench of transforms says: medians with the least and the most, shares of the floor, ratios to the peer.
package struct TransformTable {
  /// The timings of one transform in one implementation.
  struct Figure {
    var median: Double
    var least: Double
    var most: Double

    init?(_ milliseconds: [Double]) {
      let sorted = milliseconds.sorted()
      guard let first = sorted.first, let last = sorted.last else { return nil }
      let middle = sorted.count / 2
      median = sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
      (least, most) = (first, last)
    }

    var text: String {
      let digits = median < 1 ? 3 : 2
      return "\(Number.fixed(median, digits)) (\(Number.fixed(least, digits))–\(Number.fixed(most, digits)))"
    }
  }

  struct Row {
    var transform: String
    var ours: Figure
    var peer: Figure?
    /// The peer's median divided by ours.
    var ratio: Double? { peer.map { $0.median / ours.median } }
  }

  let rows: [Row]
  let floor: Double?
  let peerName: String?

  /// Rows in the order of the first repetition.
  package init(_ timings: [TransformTiming]) {
    let own = timings.filter { $0.implementation == TransformBench.ownName }
    let others = timings.filter { $0.implementation != TransformBench.ownName }
    var order: [String] = []
    for timing in own where !order.contains(timing.transform) { order.append(timing.transform) }
    func figure(_ timings: [TransformTiming], _ name: String) -> Figure? {
      Figure(timings.filter { $0.transform == name }.map(\.milliseconds))
    }
    rows = order.compactMap { name in
      figure(own, name).map { Row(transform: name, ours: $0, peer: figure(others, name)) }
    }
    floor = rows.first { $0.transform == TransformBench.copyName }?.ours.median
    peerName = others.first?.implementation
  }

  /// For a terminal.
  package var text: String {
    var table = TextTable(headings.map { ($0, $0 == "transform" ? .left : .right) })
    for row in rows { table.append(cells(row)) }
    return table.text
  }

  /// For a page of findings.
  package var markdown: String {
    let rule = headings.map { $0 == "transform" ? "---" : "--:" }
    return ([headings, rule] + rows.map(cells)).map { "| \($0.joined(separator: " | ")) |\n" }.joined()
  }

  private var headings: [String] {
    ["transform", "\(TransformBench.ownName) ms", "× copy"] + (peerName.map { ["\($0) ms", "ratio"] } ?? [])
  }

  private func cells(_ row: Row) -> [String] {
    let share = floor.map { Number.fixed(row.ours.median / $0, 1) } ?? ""
    guard peerName != nil else { return [row.transform, row.ours.text, share] }
    return [
      row.transform, row.ours.text, share, row.peer?.text ?? "", row.ratio.map { "\(Number.fixed($0, 1))×" } ?? "",
    ]
  }
}

extension TransformTable {
  /// Bars, longest at the bottom; time in powers of ten, as the transforms lie a thousand times apart.
  func chart(title: String) -> Chart {
    let peerName = peerName ?? ""
    var chart = Chart(
      name: "transforms", title: title, xLabel: "", yLabel: "milliseconds, median", series: [],
      caption: "Milliseconds of one thread for each transform at its defaults; the lower, the better.")
    let marks = rows.enumerated().map { "\(Chart.quoted($0.element.transform)) \($0.offset)" }
    let least = rows.map(\.ours.median).min() ?? 0.1
    chart.commands = [
      "set style data histograms", "set style histogram clustered gap 1", "set style fill solid 1.0 noborder",
      "set logscale y", "set yrange [\(least / 2):*]",
      "set xtics (\(marks.joined(separator: ", "))) rotate by -35 scale 0",
      "unset grid", "set grid ytics back linecolor rgb '#9aa1ab' dashtype 3", "set bmargin 8", "set rmargin 9",
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
