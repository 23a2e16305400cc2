package import Imaging

/// One column of a table: what a row says in it, in a file and for people.
///
/// A table is a list of columns and a list of rows. Files, terminals, pages and programs get the same columns from
/// different printers, so that no number has two homes.
package struct Column<Row> {
  /// The heading; in files, the name that a reader looks for.
  package var name: String
  /// What a number counts, "" for none.
  package var unit = ""
  /// Words stand to the left of their column, numbers to the right.
  package var alignment = TextTable.Alignment.right
  /// What a row says here.
  package let text: (Row) -> String
  /// Reads it back into a row; `nil` where a column is computed from others.
  let read: ((String, inout Row) -> Bool)?

  /// The heading for people: "Time [s]".
  package var heading: String { unit.isEmpty ? name : "\(name) [\(unit)]" }

  /// The row's field in a file. No number is taken for a formula, though one may begin with a minus.
  func field(_ row: Row) -> String { alignment == .left ? CSV.field(text(row)) : text(row) }
}

extension Column {
  /// Words.
  package static func words(_ name: String, _ text: @escaping (Row) -> String) -> Column {
    Column(name: name, alignment: .left, text: text, read: nil)
  }

  /// A number as people read it; a dash where there is none.
  package init(
    _ name: String, unit: String = "", _ value: @escaping (Row) -> Double?,
    format: @escaping (Double?) -> String = { NumberText.significant($0) }
  ) {
    self.init(name: name, unit: unit, text: { format(value($0)) }, read: nil)
  }

  /// Something else to the right, such as a number with a mark.
  package init(_ name: String, unit: String = "", text: @escaping (Row) -> String) {
    self.init(name: name, unit: unit, text: text, read: nil)
  }

  /// The column in a table whose rows hold one of these rows, or do not.
  package func map<Outer>(_ row: @escaping (Outer) -> Row?) -> Column<Outer> {
    Column<Outer>(
      name: name, unit: unit, alignment: alignment, text: { row($0).map(text) ?? NumberText.none }, read: nil)
  }

  /// Under another heading.
  package func named(_ name: String) -> Column {
    var column = self
    (column.name, column.unit) = (name, "")
    return column
  }
}

/// The columns of files: exact, and read as they were written.
extension Column {
  package init(_ name: String, _ path: WritableKeyPath<Row, String>) {
    self.init(
      name: name, alignment: .left, text: { $0[keyPath: path] },
      read: { text, row in
        row[keyPath: path] = text
        return true
      })
  }

  /// A whole number. More than 10¹⁸ of anything was not measured.
  package init(
    _ name: String, _ path: WritableKeyPath<Row, Int>, in range: ClosedRange<Int> = 0...1_000_000_000_000_000_000
  ) {
    self.init(
      name: name, text: { String($0[keyPath: path]) },
      read: { text, row in
        guard let number = Int(text), range.contains(number) else { return false }
        row[keyPath: path] = number
        return true
      })
  }

  /// With so many digits behind the point, in a range.
  package init(
    _ name: String, _ path: WritableKeyPath<Row, Double>, digits: Int = 6, in range: Range<Double> = 0..<1e12
  ) {
    self.init(
      name: name, text: { NumberText.fixed($0[keyPath: path], digits) },
      read: { text, row in
        guard let number = Double(text), range.contains(number) else { return false }
        row[keyPath: path] = number
        return true
      })
  }

  /// The same; an empty field where there is no number.
  package init(
    _ name: String, _ path: WritableKeyPath<Row, Double?>, digits: Int = 6, in range: Range<Double> = 0..<1e12
  ) {
    self.init(
      name: name, text: { $0[keyPath: path].map { NumberText.fixed($0, digits) } ?? "" },
      read: { text, row in
        row[keyPath: path] = Double(text)
        return text.isEmpty || row[keyPath: path].map(range.contains) == true
      })
  }

  /// One of a few words.
  package init<Value: RawRepresentable<String>>(_ name: String, _ path: WritableKeyPath<Row, Value>) {
    self.init(
      name: name, alignment: .left, text: { $0[keyPath: path].rawValue },
      read: { text, row in
        guard let value = Value(rawValue: text) else { return false }
        row[keyPath: path] = value
        return true
      })
  }
}
