/// Plain text within a width.
enum TextColumn {
  /// The words of `text` in lines of at most `width` characters: the first begins with `first`, the others with
  /// `rest`. A longer word stands alone.
  static func wrapped(_ text: String, width: Int, first: String = "", rest: String = "") -> [String] {
    var lines: [String] = []
    var line = first
    var isEmpty = true
    for word in text.split(separator: " ") {
      if !isEmpty && line.count + 1 + word.count > width {
        lines.append(line)
        (line, isEmpty) = (rest, true)
      }
      line += isEmpty ? word : " " + word
      isEmpty = false
    }
    return lines + [line]
  }

  static func padded(_ text: String, to width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  static func alignedRight(_ text: String, to width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  /// A share as a percentage: "100 %", "12.5 %", "<0.1 %".
  static func percent(_ share: Double) -> String {
    let tenths = (share * 1000).rounded()
    if share > 0 && tenths == 0 { return "<0.1 %" }
    return "\(format(tenths == 1000 && share < 0.9999999 ? 99.9 : tenths / 10)) %"
  }
}
