/// A bar with words beside it, on one line of a terminal.
enum Bar {
  /// The bar and as many of `parts` as fit in so many columns, the least important last.
  static func line(share: Double, parts: [String], columns: Int, colors: Colors) -> String {
    let width = columns - 1  // a full line would wrap on some terminals
    var shown: [String] = []
    var used = 0
    for part in parts where !part.isEmpty && used + part.count + 2 <= width {
      used += part.count + 2
      shown.append(colors.hasColor && part == colors.alarm ? "\u{1B}[31m\(part)\u{1B}[0m" : part)
    }
    let room = min(40, width - used)
    return (room >= 8 ? "\(drawing(share, room, colors.hasColor))  " : "") + shown.joined(separator: "  ")
  }

  /// Whether there are colours, and which part is bad news.
  struct Colors {
    var hasColor: Bool
    var alarm: String
  }

  /// In eighths of a cell, so that it moves smoothly.
  private static func drawing(_ share: Double, _ cells: Int, _ hasColor: Bool) -> String {
    let eighths = Int(min(max(share, 0), 1) * Double(cells) * 8)
    let full = String(repeating: "█", count: eighths / 8) + ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8]
    let empty = String(repeating: "░", count: max(0, cells - full.count))
    return hasColor ? "\u{1B}[32m\(full)\u{1B}[0m\u{1B}[2m\(empty)\u{1B}[0m" : full + empty
  }
}
