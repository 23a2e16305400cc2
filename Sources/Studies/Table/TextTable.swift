/// A table for a terminal, with columns as wide as their content.
package struct TextTable {
  package enum Alignment: Sendable { case left, right }

  private let headings: [(text: String, alignment: Alignment)]
  private let groups: [(text: String, columns: Int)]
  private var rows: [[String]] = []

  /// - Parameter groups: headings that span columns; together they span all columns, or there are none.
  package init(
    _ headings: [(text: String, alignment: Alignment)], groups: [(text: String, columns: Int)] = []
  ) {
    (self.headings, self.groups) = (headings, groups)
  }

  /// Appends a row, with one text per heading.
  package mutating func append(_ row: [String]) {
    precondition(row.count == headings.count, "a row has as many cells as the table has columns")
    rows.append(row)
  }

  /// The table, indented by two spaces, each line with a newline.
  package var text: String {
    let widths = widths
    let lines = ([headings.map(\.text)] + rows).map { row in
      row.indices.map { column in
        headings[column].alignment == .left
          ? TextColumn.padded(row[column], to: widths[column])
          : TextColumn.alignedRight(row[column], to: widths[column])
      }
    }
    return ((groups.isEmpty ? [] : [groupLine(widths)]) + lines).map(Self.line).joined()
  }

  /// The widths of the columns' content; the first column of a group grows if the group's title needs more.
  private var widths: [Int] {
    var widths = headings.indices.map { column in ([headings.map(\.text)] + rows).map { $0[column].count }.max() ?? 0 }
    for (group, columns) in zip(groups, groupColumns) {
      widths[columns.lowerBound] += max(0, group.text.count - Self.width(of: widths[columns]))
    }
    return widths
  }

  private var groupColumns: [Range<Int>] {
    var end = 0
    return groups.map { group in
      defer { end += group.columns }
      return end..<end + group.columns
    }
  }

  private func groupLine(_ widths: [Int]) -> [String] {
    zip(groups, groupColumns).map { TextColumn.padded($0.text, to: Self.width(of: widths[$1])) }
  }

  private static func width(of columns: ArraySlice<Int>) -> Int {
    columns.reduce(0, +) + gap.count * (columns.count - 1)
  }

  private static let gap = "  "

  private static func line(_ cells: [String]) -> String {
    let line = gap + cells.joined(separator: gap)
    return line.prefix(line.count - (line.reversed().firstIndex { $0 != " " } ?? 0)) + "\n"
  }
}

/// Wraps and pads text.
package enum TextColumn {
  /// Wraps `text` into lines of at most `width` characters; the first begins with `first`, the others with `rest`. A
  /// word that is too long gets its own line.
  package static func wrapped(_ text: String, width: Int, first: String = "", rest: String = "") -> [String] {
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

  package static func padded(_ text: String, to width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  package static func alignedRight(_ text: String, to width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}
