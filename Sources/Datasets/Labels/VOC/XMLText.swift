/// The text of an XML file, indented by tabs as Pascal VOC has it.
///
/// Bytes rather than a `String`, and names and texts checked byte by byte: a label is written for every copy of an image.
struct XMLText {
  private(set) var bytes: [UInt8] = []
  private var depth = 0

  /// Writes an element, with what `body` writes in it.
  /// - Parameter fields: those named like attributes are written as such.
  mutating func write(_ name: String, attributesOf fields: [LabelField] = [], _ body: (inout XMLText) -> Void) {
    open(name, fields)
    append("\n")
    depth += 1
    body(&self)
    depth -= 1
    indent()
    close(name)
  }

  /// Writes an element with a text in it.
  mutating func write(_ name: String, _ text: String) {
    open(name)
    appendEscaped(text)
    close(name)
  }

  /// Writes a field as an element, or a list as several; attributes are not written.
  mutating func write(_ field: LabelField) {
    if Self.attribute(field) != nil { return }
    let name = Self.elementName(field.name)
    switch field.value {
    case .list, .numbers: for value in field.value.items ?? [] { write(LabelField(name, value.asItem)) }
    case .object(let fields) where !fields.isEmpty: write(name, fields)
    default: write(name, field.value.text)
    }
  }

  private mutating func write(_ name: String, _ fields: [LabelField]) {
    let text = fields[XMLElement.textName]?.text
    guard fields.allSatisfy({ Self.attribute($0) != nil || $0.name == XMLElement.textName }) else {
      return write(name, attributesOf: fields) { xml in
        for field in fields where field.name != XMLElement.textName { xml.write(field) }
        guard let text else { return }
        xml.appendEscaped(text)
        xml.append("\n")
      }
    }
    open(name, fields)
    appendEscaped(text ?? "")
    close(name)
  }

  private mutating func open(_ name: String, _ fields: [LabelField] = []) {
    indent()
    append("<")
    append(name)
    var names: Set<String> = []
    for field in fields {
      guard let name = Self.attribute(field), names.insert(name).inserted else { continue }
      append(" \(name)=\"")
      appendEscaped(field.value.text)
      append("\"")
    }
    append(">")
  }

  private mutating func close(_ name: String) {
    append("</")
    append(name)
    append(">\n")
  }

  private mutating func indent() { bytes.append(contentsOf: repeatElement(UInt8(ascii: "\t"), count: depth)) }

  private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

  /// Appends text so that it comes back the same from a parser; what XML does not have becomes U+FFFD.
  private mutating func appendEscaped(_ text: String) {
    if text.utf8.allSatisfy(Self.isPlainText) { return append(text) }
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": append("&amp;")
      case "<": append("&lt;")
      case ">": append("&gt;")
      case "\"": append("&quot;")
      case "\t", "\n", "\r": append("&#\(scalar.value);")
      case "\u{0}"..."\u{1F}", "\u{FFFE}", "\u{FFFF}": append("\u{FFFD}")
      default: append(String(scalar))
      }
    }
  }

  private static func isPlainText(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""): false
    default: (0x20..<0x80).contains(byte)
    }
  }
}

extension XMLText {
  /// The name of an attribute; `nil` if the field is none.
  private static func attribute(_ field: LabelField) -> String? {
    guard field.name.utf8.starts(with: XMLElement.attributePrefix.utf8), case .text = field.value else { return nil }
    let name = String(field.name.unicodeScalars.dropFirst(XMLElement.attributePrefix.unicodeScalars.count))
    return isName(name) ? name : nil
  }

  /// A name that XML allows: fields of other formats have any.
  private static func elementName(_ name: String) -> String {
    if isName(name) { return name }
    let plain = name.unicodeScalars.map { $0.isASCII && isPlain(UInt8($0.value)) ? Character($0) : "_" }
    return "_" + String(plain)
  }

  /// Which letters beyond ASCII names may have, the parser knows.
  private static func isName(_ name: String) -> Bool {
    guard let first = name.utf8.first else { return false }
    if name.utf8.allSatisfy({ $0 < 0x80 }) {
      return (isLetter(first) || first == UInt8(ascii: "_")) && name.utf8.allSatisfy(isPlain)
    }
    return (try? ExpatParser.parse(Array("<\(name)/>".utf8)))?.name == name
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }

  private static func isPlain(_ byte: UInt8) -> Bool { isLetter(byte) || "0123456789-._".utf8.contains(byte) }
}

extension LabelValue {
  /// A list in a list becomes an element with the inner values in it.
  fileprivate var asItem: LabelValue {
    guard let values = items else { return self }
    return .object(values.map { LabelField("item", $0) })
  }

  /// A single value as VOC writes it.
  fileprivate var text: String {
    switch self {
    case .text(let text), .number(let text): text
    case .flag(let flag): flag ? "1" : "0"
    case .null, .list, .numbers, .object: ""
    }
  }
}
