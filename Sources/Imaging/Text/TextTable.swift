/// A table for a terminal: columns as wide as what is in them.
package struct TextTable {
  /// At which side of its column a text stands.
  package enum Alignment: Sendable { case left, right }

  private let headings: [(text: String, alignment: Alignment)]
  private let groups: [(text: String, columns: Int)]
  private var rows: [[String]] = []

  /// A table with these headings and no row.
  /// - Parameter groups: headings over so many columns each; together they are over all columns, or there are none.
  package init(
    _ headings: [(text: String, alignment: Alignment)], groups: [(text: String, columns: Int)] = []
  ) {
    (self.headings, self.groups) = (headings, groups)
  }

  /// Appends a row, a text for each heading.
  package mutating func append(_ row: [String]) {
    precondition(row.count == headings.count, "a row has as many cells as the table has columns")
    rows.append(row)
  }

  /// The table, two spaces in, each line with its end.
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

  /// As wide as what is in the columns; the first of a group takes what the title of the group needs beyond them.
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
