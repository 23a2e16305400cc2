/// The text of an XML file, indented by tabs as Pascal VOC has it.
struct XMLText {
  private(set) var text = ""
  private var depth = 0

  /// Writes an element, with what `body` writes in it.
  /// - Parameter fields: those named like attributes are written as such.
  mutating func write(_ name: String, attributesOf fields: [LabelField] = [], _ body: (inout XMLText) -> Void) {
    open(name, fields)
    text += "\n"
    depth += 1
    body(&self)
    depth -= 1
    text += "\(indentation)</\(name)>\n"
  }

  /// Writes a field as an element, or a list as several; attributes are not written.
  mutating func write(_ field: LabelField) {
    if Self.attribute(field) != nil { return }
    let name = Self.elementName(field.name)
    switch field.value {
    case .list, .numbers: for value in field.value.items ?? [] { write(LabelField(name, value.asItem)) }
    case .object(let fields) where !fields.isEmpty: write(name, fields)
    default:
      open(name, [])
      text += "\(Self.escaped(field.value.text))</\(name)>\n"
    }
  }

  private mutating func write(_ name: String, _ fields: [LabelField]) {
    guard fields.allSatisfy({ Self.attribute($0) != nil || $0.name == XMLElement.textName }) else {
      return write(name, attributesOf: fields) { text in
        for field in fields where field.name != XMLElement.textName { text.write(field) }
        if let value = fields[XMLElement.textName] { text.text += "\(Self.escaped(value.text))\n" }
      }
    }
    open(name, fields)
    text += "\(Self.escaped(fields[XMLElement.textName]?.text ?? ""))</\(name)>\n"
  }

  private mutating func open(_ name: String, _ fields: [LabelField]) {
    text += "\(indentation)<\(name)"
    var names: Set<String> = []
    for field in fields {
      guard let name = Self.attribute(field), names.insert(name).inserted else { continue }
      text += " \(name)=\"\(Self.escaped(field.value.text))\""
    }
    text += ">"
  }

  private var indentation: String { String(repeating: "\t", count: depth) }
}

extension XMLText {
  /// The name of an attribute; `nil` if the field is none.
  private static func attribute(_ field: LabelField) -> String? {
    guard field.name.hasPrefix(XMLElement.attributePrefix), case .text = field.value else { return nil }
    let name = String(field.name.dropFirst(XMLElement.attributePrefix.count))
    return isName(name) ? name : nil
  }

  /// A name that XML allows: fields of other formats have any.
  private static func elementName(_ name: String) -> String {
    if isName(name) { return name }
    return "_" + String(name.unicodeScalars.map { isPlain($0) ? Character($0) : "_" })
  }

  /// Which letters beyond ASCII names may have, the parser knows.
  private static func isName(_ name: String) -> Bool {
    guard let first = name.unicodeScalars.first else { return false }
    if name.unicodeScalars.allSatisfy(\.isASCII) {
      return (first.properties.isAlphabetic || first == "_") && name.unicodeScalars.allSatisfy(isPlain)
    }
    return (try? ExpatParser.parse(Array("<\(name)/>".utf8)))?.name == name
  }

  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    scalar.isASCII && (scalar.properties.isAlphabetic || "0123456789-._".unicodeScalars.contains(scalar))
  }

  /// Text that comes back the same from a parser; what XML does not have becomes U+FFFD.
  static func escaped(_ text: String) -> String {
    text.unicodeScalars.reduce(into: "") { result, scalar in
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\t", "\n", "\r": result += "&#\(scalar.value);"
      case "\u{0}"..."\u{1F}", "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
  }
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
