internal import Platform

/// Words of a command, quoted so that Bash reads back the same bytes.
///
/// No quoted word contains a line break, so none can end a here-document.
enum ShellText {
  static func words(_ words: [String]) -> String { words.map(word).joined(separator: " ") }

  static func word(_ text: String) -> String {
    let bytes = PathText.bytes(of: text)
    guard !bytes.isEmpty else { return "''" }
    if bytes.allSatisfy(isPlain) { return String(decoding: bytes, as: UTF8.self) }
    guard let readable = String(validating: bytes, as: UTF8.self), readable.unicodeScalars.allSatisfy(isVisible) else {
      return "$'\(bytes.map(escaped).joined())'"
    }
    return "'\(readable.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#))'"
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    isAlphanumeric(byte) || "-_./,=+:@%".utf8.contains(byte)
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
      || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  /// A byte between the quotes of `$'…'`.
  private static func escaped(_ byte: UInt8) -> String {
    switch byte {
    case UInt8(ascii: "'"), UInt8(ascii: "\\"): "\\" + String(UnicodeScalar(byte))
    case UInt8(ascii: "\n"): #"\n"#
    case 0x20...0x7E: String(UnicodeScalar(byte))
    default: #"\x"# + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }
  }
}

/// Strings quoted so that they mean the same in JSON and in YAML 1.1 and 1.2.
enum QuotedString {
  /// Whether the bytes that `text` stands for are UTF-8, as both formats demand.
  static func canHold(_ text: String) -> Bool { String(validating: PathText.bytes(of: text), as: UTF8.self) != nil }

  static func of(_ text: String) -> String {
    let text = String(decoding: PathText.bytes(of: text), as: UTF8.self)
    return "\"\(text.unicodeScalars.map(escaped).joined())\""
  }

  /// A list on one line.
  static func list(_ texts: [String]) -> String { "[\(texts.map(of).joined(separator: ", "))]" }

  private static func escaped(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\"", "\\": return "\\\(scalar)"
    case "\n": return #"\n"#
    default:
      // YAML forbids U+FFFE and U+FFFF, which are no characters.
      guard !isVisible(scalar) || (0xFFFE...0xFFFF).contains(scalar.value) else { return String(scalar) }
      return scalar.value <= 0xFFFF ? escaped(UInt16(scalar.value)) : scalar.utf16.map(escaped).joined()
    }
  }

  private static func escaped(_ unit: UInt16) -> String {
    let digits = String(unit, radix: 16)
    return #"\u"# + String(repeating: "0", count: 4 - digits.count) + digits
  }
}

/// Whether a character shows as itself: none that breaks lines, or that changes how its neighbours are shown.
private func isVisible(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.properties.generalCategory {
  case .control, .format, .lineSeparator, .paragraphSeparator: false
  default: true
  }
}
