/// Fields of comma-separated values.
package enum CSV {
  /// A text as one field. What a spreadsheet would take for a formula gets an apostrophe in front; names of files and
  /// folders are hostile input.
  package static func cell(_ text: String) -> String {
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
    guard !isQuoted else { return nil }
    return fields.map { $0.hasPrefix("'") && isFormula($0) ? String($0.dropFirst()) : $0 }
  }

  /// Whether a field gets, or has got, an apostrophe: what begins with apostrophes of its own gets one more.
  private static func isFormula(_ text: String) -> Bool {
    text.drop { $0 == "'" }.first.map { "=+-@".contains($0) } ?? false
  }
}
