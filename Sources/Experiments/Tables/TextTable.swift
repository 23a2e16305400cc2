/// A table for a terminal: columns as wide as what is in them.
package struct TextTable {
  /// At which side of its column a text stands.
  package enum Alignment { case left, right }

  private let headings: [(text: String, alignment: Alignment)]
  private var rows: [[String]] = []

  /// A table with these headings and no row.
  package init(_ headings: [(text: String, alignment: Alignment)]) { self.headings = headings }

  /// Appends a row, a text for each heading.
  package mutating func append(_ row: [String]) {
    precondition(row.count == headings.count, "a row has as many cells as the table has columns")
    rows.append(row)
  }

  /// The table, two spaces in, each line with its end.
  package var text: String {
    let all = [headings.map(\.text)] + rows
    let widths = headings.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
    return all.map { row in
      let cells = row.indices.map { column in
        let space = String(repeating: " ", count: widths[column] - row[column].count)
        return headings[column].alignment == .left ? row[column] + space : space + row[column]
      }
      let line = "  " + cells.joined(separator: "  ")
      return line.prefix(line.count - (line.reversed().firstIndex { $0 != " " } ?? 0)) + "\n"
    }.joined()
  }
}
