internal import Imaging

/// A table ready for every printer: a caption, one or two lines of headings, lines of texts.
package struct Table {
  /// A heading that spans several columns.
  package struct Group {
    package var title: String
    package var columns: Int

    package init(title: String, columns: Int) { (self.title, self.columns) = (title, columns) }
  }

  package struct Line {
    package var texts: [String]
    /// More ranks than cores; highlighted in HTML.
    package var isOversubscribed = false
    /// Simulated, not measured.
    package var isSimulated = false
  }

  package var caption: String
  /// Empty if there is only one line of headings.
  package var groups: [Group] = []
  package private(set) var headings: [(text: String, alignment: TextTable.Alignment)]
  package var lines: [Line]
  /// Cells are sentences, left-aligned.
  var isProse = false

  /// Formats each row with the columns.
  package init<Row>(_ caption: String, groups: [Group] = [], _ columns: [Column<Row>], _ rows: [Row]) {
    (self.caption, self.groups) = (caption, groups)
    headings = columns.map { ($0.heading, $0.alignment) }
    lines = rows.map { row in Line(texts: columns.map { $0.text(row) }) }
  }

  /// The table with lines marked as oversubscribed where `isOver`, one element per line, is true.
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

  /// As Markdown, without the caption.
  package var markdown: String {
    let rule = headings.map { $0.alignment == .left ? "---" : "--:" }
    return ([headings.map(\.text), rule] + lines.map(\.texts)).map { "| \($0.joined(separator: " | ")) |\n" }.joined()
  }
}

extension Table {
  /// As HTML, in a box that scrolls if the window is narrow; nothing if there are no lines. The first cell of a line is
  /// its row heading.
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

/// CSV fields. Names of files and folders are untrusted, and a spreadsheet takes a text that begins with =, +, - or @
/// for a formula.
package enum CSV {
  /// A text as one field. A formula gets an apostrophe in front, even if it already has one, so that a reader that
  /// removes one restores the text.
  package static func field(_ text: String) -> String {
    let safe = isFormula(text) ? "'\(text)" : text
    guard safe.unicodeScalars.contains(where: { ",\"\r\n".unicodeScalars.contains($0) }) else { return safe }
    return "\"\(safe.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\""))\""
  }

  /// A file with a line of names and a line per row.
  static func file<Row>(_ columns: [Column<Row>], _ rows: [Row]) -> String {
    let lines = rows.map { row in columns.map { $0.field(row) } }
    return ([columns.map(\.name)] + lines).map { "\($0.joined(separator: ","))\n" }.joined()
  }

  /// The fields of a line; `nil` if a quotation mark is unmatched.
  package static func fields(_ line: String) -> [String]? {
    var fields = [""]
    var isQuoted = false
    var previous: Character?
    for character in line {
      if character == "\"" {
        if !isQuoted && previous == "\"" { fields[fields.count - 1].append("\"") }
        isQuoted.toggle()
      } else if character == "," && !isQuoted {
        fields.append("")
      } else {
        fields[fields.count - 1].append(character)
      }
      previous = character
    }
    return isQuoted ? nil : fields.map { $0.hasPrefix("'") && isFormula($0) ? String($0.dropFirst()) : $0 }
  }

  /// Whether a spreadsheet might evaluate the text without its leading apostrophes.
  private static func isFormula(_ text: String) -> Bool {
    text.unicodeScalars.first { $0 != "'" }.map { "=+-@".unicodeScalars.contains($0) } ?? false
  }
}

/// A piece of HTML. Text is always escaped, so names of files and machines cannot become markup.
package struct HTML: Hashable, Sendable {
  package private(set) var markup: String

  /// Escaped text; control characters become U+FFFD.
  package static func text(_ text: String) -> HTML { HTML(markup: escaped(text)) }

  /// An element with children.
  package static func element(_ name: String, _ attributes: [(String, String)] = [], _ children: [HTML]) -> HTML {
    let written = attributes.map { " \($0.0)=\"\(escaped($0.1))\"" }.joined()
    return HTML(markup: "<\(name)\(written)>\(children.map(\.markup).joined())</\(name)>")
  }

  /// An element with text.
  package static func element(_ name: String, _ attributes: [(String, String)] = [], _ text: String) -> HTML {
    element(name, attributes, [.text(text)])
  }

  /// Pieces on a line each.
  package static func lines(_ pieces: [HTML]) -> HTML { HTML(markup: pieces.map(\.markup).joined(separator: "\n")) }

  /// Unescaped markup; only from this program or gnuplot.
  static func trusted(_ markup: String) -> HTML { HTML(markup: markup) }

  package static let nothing = HTML(markup: "")

  private static func escaped(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;".unicodeScalars
      case "<": result += "&lt;".unicodeScalars
      case ">": result += "&gt;".unicodeScalars
      case "\"": result += "&quot;".unicodeScalars
      case "'": result += "&#39;".unicodeScalars
      case "\t", "\n": result.append(scalar)
      case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value): result.append("\u{FFFD}")
      default: result.append(scalar)
      }
    }
    return String(result)
  }
}

extension HTML {
  static func paragraph(_ text: String) -> HTML { .element("p", [], text) }

  /// A bulleted list; nothing if it is empty.
  static func list(_ items: [HTML]) -> HTML {
    items.isEmpty ? .nothing : .element("ul", [], items.map { .element("li", [], [$0]) })
  }
}
