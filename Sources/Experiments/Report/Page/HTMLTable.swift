/// A table of a page: a caption, one or two lines of heads, rows that begin with a head of their own.
struct HTMLTable {
  /// A head over so many columns.
  struct Group {
    var title: String
    var columns: Int
  }

  struct Row {
    var cells: [String]
    /// More ranks than cores: shown as such in every table.
    var isOversubscribed = false
    /// Not measured.
    var isSimulated = false
  }

  var caption: String
  /// Empty where one line of heads is enough.
  var groups: [Group] = []
  var columns: [String]
  /// So many columns from the left hold words, the others numbers.
  var textColumns = 1
  var rows: [Row]
  /// Cells are sentences, and stand to the left.
  var isProse = false

  /// In a box that scrolls by itself where the window is narrow.
  var html: HTML {
    guard !rows.isEmpty else { return .nothing }
    let head = (groups.isEmpty ? [] : [groupLine]) + [columnLine]
    let table = HTML.element(
      "table", isProse ? [("class", "prose")] : [],
      [
        .element("caption", [], caption), .element("thead", [], head), .element("tbody", [], rows.map(line)),
      ])
    let scroll = [("class", "scroll"), ("tabindex", "0"), ("role", "region"), ("aria-label", caption)]
    return .element("div", scroll, [table])
  }

  private var groupLine: HTML {
    .element(
      "tr", [], groups.map { .element("th", [("scope", "colgroup"), ("colspan", String($0.columns))], $0.title) })
  }

  private var columnLine: HTML {
    let heads = columns.enumerated().map { HTML.element("th", [("scope", "col")] + alignment($0.offset), $0.element) }
    return .element("tr", [], heads)
  }

  private func alignment(_ column: Int) -> [(String, String)] { column < textColumns ? [("class", "text")] : [] }

  private func line(_ row: Row) -> HTML {
    let classes = (row.isOversubscribed ? ["over"] : []) + (row.isSimulated ? ["simulated"] : [])
    let cells = row.cells.enumerated().map { index, text in
      index == 0 ? HTML.element("th", [("scope", "row")], text) : .element("td", alignment(index), text)
    }
    return .element("tr", classes.isEmpty ? [] : [("class", classes.joined(separator: " "))], cells)
  }
}
