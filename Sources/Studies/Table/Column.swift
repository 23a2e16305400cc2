internal import Imaging

/// One column of a table: how a row's value is printed and, in files, read back.
///
/// A table is a list of columns and a list of rows. Printers for files, terminals and pages use the same columns, so
/// each number is defined once.
package struct Column<Row> {
  /// The heading; in files, the column name.
  package var name: String
  /// Unit of the numbers, "" for none.
  package var unit = ""
  /// Left for words, right for numbers.
  package var alignment = TextTable.Alignment.right
  /// The row's text.
  package let text: (Row) -> String
  /// Parses a field into a row and returns whether it is valid; `nil` if the column is computed from others.
  let read: ((String, inout Row) -> Bool)?
  /// Whether files may lack it, because earlier versions did not write it. All such columns come last.
  private(set) var isOptional = false

  /// The column, which earlier versions did not write.
  var optional: Column {
    var column = self
    column.isOptional = true
    return column
  }

  /// The heading with unit: "Time [s]".
  package var heading: String { unit.isEmpty ? name : "\(name) [\(unit)]" }

  /// The row's CSV field. Numbers are not escaped: one may begin with a minus, but it is no formula.
  func field(_ row: Row) -> String { alignment == .left ? CSV.field(text(row)) : text(row) }
}

extension Column {
  /// Left-aligned text.
  package static func words(_ name: String, _ text: @escaping (Row) -> String) -> Column {
    Column(name: name, alignment: .left, text: text, read: nil)
  }

  /// A formatted number; a dash for `nil`.
  package init(
    _ name: String, unit: String = "", _ value: @escaping (Row) -> Double?,
    format: @escaping (Double?) -> String = { NumberText.significant($0) }
  ) {
    self.init(name: name, unit: unit, text: { format(value($0)) }, read: nil)
  }

  /// Right-aligned text, such as a number with a mark.
  package init(_ name: String, unit: String = "", text: @escaping (Row) -> String) {
    self.init(name: name, unit: unit, text: text, read: nil)
  }

  /// The column for rows that may contain a `Row`; a dash if they do not.
  package func map<Outer>(_ row: @escaping (Outer) -> Row?) -> Column<Outer> {
    Column<Outer>(
      name: name, unit: unit, alignment: alignment, text: { row($0).map(text) ?? NumberText.none }, read: nil)
  }

  /// The column under another heading, without a unit.
  package func named(_ name: String) -> Column {
    var column = self
    (column.name, column.unit) = (name, "")
    return column
  }
}

/// Columns of CSV files, which read back what they write.
extension Column {
  package init(_ name: String, _ path: WritableKeyPath<Row, String>) {
    self.init(
      name: name, alignment: .left, text: { $0[keyPath: path] },
      read: { text, row in
        row[keyPath: path] = text
        return true
      })
  }

  /// A whole number. The default range excludes numbers above 10¹⁸, which cannot have been measured.
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

  /// A number with `digits` decimals, in `range`.
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

  /// The same; an empty field for `nil`.
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

  /// The raw value of an enumeration.
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
