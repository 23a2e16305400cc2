/// Fields of comma-separated values. Names of files and folders are hostile input, and a spreadsheet takes a text for a
/// formula that begins with one of four characters.
package enum CSV {
  /// A text as one field. A formula gets an apostrophe in front, and so does a formula that has one already: a reader
  /// that takes one away gives back what was written.
  package static func field(_ text: String) -> String {
    let safe = isFormula(text) ? "'\(text)" : text
    guard safe.unicodeScalars.contains(where: { ",\"\r\n".unicodeScalars.contains($0) }) else { return safe }
    return "\"\(safe.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\""))\""
  }

  /// The fields of a line; `nil` if a quotation mark is without its partner.
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

  /// Whether a spreadsheet might obey the text once the apostrophes before it are gone.
  private static func isFormula(_ text: String) -> Bool {
    text.unicodeScalars.first { $0 != "'" }.map { "=+-@".unicodeScalars.contains($0) } ?? false
  }
}
