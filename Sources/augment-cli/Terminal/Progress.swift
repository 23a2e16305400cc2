internal import Imaging

/// How far a run is, in words.
struct Progress {
  var done: Int
  var failed: Int
  var total: Int
  var seconds: Double

  private var rate: Double { seconds > 0 ? Double(done) / seconds : 0 }
  private var share: Double { total > 0 ? Double(done) / Double(total) : 0 }
  private var percent: String { "\(NumberText.fixed(100 * share, 0))%" }
  private var left: String { rate > 0 ? "\(NumberText.duration(seconds: Double(total - done) / rate)) left" : "" }
  private var failures: String { failed > 0 ? "\(failed) failed" : "" }

  /// One line for a log.
  var line: String {
    ["\(done)/\(total) copies", percent, "\(NumberText.fixed(rate, 1)) a second", left, failures]
      .filter { !$0.isEmpty }.joined(separator: ", ")
  }

  /// A bar with what fits beside it in so many columns, the least important left out first.
  func bar(columns: Int, hasColor: Bool) -> String {
    Bar.line(
      share: share, parts: ["\(done)/\(total)", percent, failures, left, "\(NumberText.fixed(rate, 1))/s"],
      columns: columns, colors: .init(hasColor: hasColor, alarm: failures))
  }
}
