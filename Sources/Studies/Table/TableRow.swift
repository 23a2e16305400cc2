/// A row of a CSV file, whose columns define how it is written and read.
package protocol TableRow {
  /// An empty row, which reading fills.
  static var blank: Self { get }
  /// In the order of the file.
  static var columns: [Column<Self>] { get }
  /// What has such rows, for error messages: "study".
  static var owner: String { get }
  /// Whether the fields of a row are consistent.
  var isConsistent: Bool { get }
}

extension TableRow {
  package var isConsistent: Bool { true }

  /// The header line, without newline.
  package static var header: String { header(of: columns) }

  private static func header(of columns: [Column<Self>]) -> String { columns.map(\.name).joined(separator: ",") }

  /// The row as a line, without newline.
  package var line: String { Self.columns.map { $0.field(self) }.joined(separator: ",") }

  /// The content of a file, with the header.
  package static func text(_ rows: [Self]) -> String {
    CSV.file(columns, rows)
  }

  /// Parses a line; `nil` if it is not a valid row.
  package init?(line: some StringProtocol) {
    self.init(line: line, Self.columns)
  }

  /// The columns of a file with this header: all, or all but the last few optional ones. `nil` if it is not a header of
  /// such rows.
  package static func columns(under header: some StringProtocol) -> [Column<Self>]? {
    var columns = columns
    while header != Self.header(of: columns) {
      guard columns.last?.isOptional == true else { return nil }
      columns.removeLast()
    }
    return columns
  }

  /// Parses a file. A last line without newline is a partial line of a killed run and is ignored.
  /// - Throws: what is wrong, with the path and the line number.
  package static func rows(text: String, path: String) throws(StudyError) -> [Self] {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    lines.removeLast()
    guard let first = lines.first else { return [] }
    guard let columns = columns(under: first) else {
      throw StudyError("\(path): the first line is not that of a \(owner)'s rows")
    }
    var rows: [Self] = []
    for (index, line) in lines.enumerated().dropFirst() {
      guard let row = Self(line: line, columns) else {
        throw StudyError("\(path): line \(index + 1) is not a row of a \(owner)")
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
