package import Imaging

/// A table as every printer prints it: a caption, one or two lines of headings, lines of texts.
package struct Table {
  /// A heading over so many columns.
  package struct Group {
    package var title: String
    package var columns: Int

    package init(title: String, columns: Int) { (self.title, self.columns) = (title, columns) }
  }

  package struct Line {
    package var texts: [String]
    /// More ranks than cores: shown as such in every table.
    package var isOversubscribed = false
    /// Not measured.
    package var isSimulated = false
  }

  package var caption: String
  /// Empty where one line of headings is enough.
  package var groups: [Group] = []
  package private(set) var headings: [(text: String, alignment: TextTable.Alignment)]
  package var lines: [Line]
  /// Cells are sentences, and stand to the left.
  var isProse = false

  /// What the columns say of each row.
  package init<Row>(_ caption: String, groups: [Group] = [], _ columns: [Column<Row>], _ rows: [Row]) {
    (self.caption, self.groups) = (caption, groups)
    headings = columns.map { ($0.heading, $0.alignment) }
    lines = rows.map { row in Line(texts: columns.map { $0.text(row) }) }
  }

  /// The same table with the lines marked that `isOver` holds for, as many as there are rows.
  func oversubscribed(_ isOver: [Bool]) -> Table {
    var table = self
    for (index, isOver) in isOver.enumerated() { table.lines[index].isOversubscribed = isOver }
    return table
  }

  /// For a terminal, without the caption.
  package var text: String {
    var table = TextTable(headings, groups: groups.map { ($0.title, $0.columns) })
    for line in lines { table.append(line.texts) }
    return table.text
  }

  /// For a page of findings, without the caption.
  package var markdown: String {
    let rule = headings.map { $0.alignment == .left ? "---" : "--:" }
    return ([headings.map(\.text), rule] + lines.map(\.texts)).map { "| \($0.joined(separator: " | ")) |\n" }.joined()
  }
}

extension Table {
  /// In a box that scrolls by itself where the window is narrow; nothing where there are no lines. Each line begins with
  /// a heading of its own.
  package var html: HTML {
    guard !lines.isEmpty else { return .nothing }
    let head = (groups.isEmpty ? [] : [groupLine]) + [headingLine]
    let table = HTML.element(
      "table", isProse ? [("class", "prose")] : [],
      [.element("caption", [], caption), .element("thead", [], head), .element("tbody", [], lines.map(markup))])
    let scroll = [("class", "scroll"), ("tabindex", "0"), ("role", "region"), ("aria-label", caption)]
    return .element("div", scroll, [table])
  }

  private var groupLine: HTML {
    .element(
      "tr", [], groups.map { .element("th", [("scope", "colgroup"), ("colspan", String($0.columns))], $0.title) })
  }

  private var headingLine: HTML {
    let heads = headings.enumerated().map { index, heading in
      HTML.element("th", [("scope", "col")] + alignment(index), heading.text)
    }
    return .element("tr", [], heads)
  }

  private func alignment(_ column: Int) -> [(String, String)] {
    column == 0 || headings[column].alignment == .left && !isProse ? [("class", "text")] : []
  }

  private func markup(_ line: Line) -> HTML {
    let classes = (line.isOversubscribed ? ["over"] : []) + (line.isSimulated ? ["simulated"] : [])
    let cells = line.texts.enumerated().map { index, text in
      index == 0 ? HTML.element("th", [("scope", "row")], text) : .element("td", alignment(index), text)
    }
    return .element("tr", classes.isEmpty ? [] : [("class", classes.joined(separator: " "))], cells)
  }
}
