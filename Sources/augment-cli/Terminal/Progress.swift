internal import Experiments

/// How far a run is, in words.
struct Progress {
  var done: Int
  var failed: Int
  var total: Int
  var seconds: Double

  private var rate: Double { seconds > 0 ? Double(done) / seconds : 0 }
  private var share: Double { total > 0 ? Double(done) / Double(total) : 0 }
  private var percent: String { "\(Number.fixed(100 * share, 0))%" }
  private var left: String { rate > 0 ? "\(Number.duration(seconds: Double(total - done) / rate)) left" : "" }
  private var failures: String { failed > 0 ? "\(failed) failed" : "" }

  /// One line for a log.
  var line: String {
    ["\(done)/\(total) copies", percent, "\(Number.fixed(rate, 1)) a second", left, failures]
      .filter { !$0.isEmpty }.joined(separator: ", ")
  }

  /// A bar with what fits beside it in so many columns, the least important left out first.
  func bar(columns: Int, hasColor: Bool) -> String {
    let width = columns - 1  // a full line would wrap on some terminals
    var shown: [String] = []
    var used = 0
    for part in ["\(done)/\(total)", percent, failures, left, "\(Number.fixed(rate, 1))/s"]
    where !part.isEmpty && used + part.count + 2 <= width {
      used += part.count + 2
      shown.append(hasColor && part == failures ? "\u{1B}[31m\(part)\u{1B}[0m" : part)
    }
    let room = min(40, width - used)
    return (room >= 8 ? "\(drawing(room, hasColor))  " : "") + shown.joined(separator: "  ")
  }

  /// In eighths of a cell, so that it moves smoothly.
  private func drawing(_ cells: Int, _ hasColor: Bool) -> String {
    let eighths = Int(share * Double(cells) * 8)
    let full = String(repeating: "█", count: eighths / 8) + ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8]
    let empty = String(repeating: "░", count: max(0, cells - full.count))
    return hasColor ? "\u{1B}[32m\(full)\u{1B}[0m\u{1B}[2m\(empty)\u{1B}[0m" : full + empty
  }
}
