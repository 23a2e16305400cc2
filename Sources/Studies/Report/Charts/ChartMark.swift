internal import Strategies

/// What tells one strategy from another in every chart: a colour of Okabe and Ito's set, which people of all kinds of
/// colour vision tell apart, and a marker of its own.
struct ChartMark {
  var color: String
  /// gnuplot's number of the marker.
  var pointType: Int

  /// In the order of the catalogue, the baseline in grey. Vermilion is the colour of limits.
  private static let marks = [
    ChartMark(color: "#8a8f98", pointType: 1), ChartMark(color: "#0072b2", pointType: 5),
    ChartMark(color: "#e69f00", pointType: 7), ChartMark(color: "#009e73", pointType: 9),
    ChartMark(color: "#cc79a7", pointType: 13), ChartMark(color: "#a8a000", pointType: 11),
    ChartMark(color: "#7a4ea3", pointType: 15), ChartMark(color: "#5b3a1e", pointType: 2),
  ]
  /// Of a strategy that this program does not know: a kept run may be older or newer than it.
  private static let unknown = ChartMark(color: "#56b4e9", pointType: 3)

  static func of(_ strategy: String) -> ChartMark {
    let index = StrategyCatalog.all.firstIndex { $0.name == strategy }
    return index.map { $0 < marks.count ? marks[$0] : unknown } ?? unknown
  }

  /// "with linespoints …" in the colour and with the marker.
  static func line(_ strategy: String) -> String { style("linespoints", strategy) }

  /// With bars from the smallest to the largest.
  static func errorLine(_ strategy: String) -> String { style("yerrorlines", strategy) }

  private static func style(_ name: String, _ strategy: String) -> String {
    let mark = of(strategy)
    return "with \(name) linewidth 2 pointtype \(mark.pointType) linecolor rgb '\(mark.color)'"
  }
}
