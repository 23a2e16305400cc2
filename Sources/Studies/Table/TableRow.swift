/// A row of a kept file, whose columns say how it is written and read.
package protocol TableRow {
  /// A row of which nothing is known yet: reading fills it.
  static var blank: Self { get }
  /// In the order of the file.
  static var columns: [Column<Self>] { get }
  /// What has such rows, for a message on a file that has others: "study".
  static var owner: String { get }
  /// Whether the fields of a row agree with each other.
  var isConsistent: Bool { get }
}

extension TableRow {
  package var isConsistent: Bool { true }

  /// The first line of a file of such rows, without its end.
  package static var header: String { columns.map(\.name).joined(separator: ",") }

  /// The row as a line without its end.
  package var line: String { Self.columns.map { $0.field(self) }.joined(separator: ",") }

  /// Lines of a file, the header among them.
  package static func text(_ rows: [Self]) -> String {
    let columns = columns
    let lines = rows.map { row in columns.map { $0.field(row) }.joined(separator: ",") }
    return ([header] + lines).map { "\($0)\n" }.joined()
  }

  /// Reads a line; `nil` if it is no whole row.
  package init?(line: some StringProtocol) {
    self.init(line: line, Self.columns)
  }

  /// Reads a file; a last line without an end is what a killed run had written of it.
  /// - Throws: what is wrong, with the path and the number of the line.
  package static func rows(text: String, path: String) throws(StudyError) -> [Self] {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    lines.removeLast()
    guard let first = lines.first else { return [] }
    guard first == header else { throw StudyError("\(path): the first line is not that of a \(owner)'s rows") }
    let columns = columns
    var rows: [Self] = []
    for (index, line) in lines.enumerated().dropFirst() {
      guard let row = Self(line: line, columns) else {
        throw StudyError("\(path): line \(index + 1) is no row of a \(owner)")
      }
      rows.append(row)
    }
    return rows
  }

  private init?(line: some StringProtocol, _ columns: [Column<Self>]) {
    guard let fields = CSV.fields(String(line)), fields.count == columns.count else { return nil }
    var row = Self.blank
    for (column, field) in zip(columns, fields) {
      if let read = column.read, !read(field, &row) { return nil }
    }
    guard row.isConsistent else { return nil }
    self = row
  }
}
