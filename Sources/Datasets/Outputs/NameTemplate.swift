/// How the files of copies are named: text with the fields `{stem}`, `{copy}`, `{copy:06}` (with zeros to six digits)
/// and `{ext}`. Where `{ext}` is missing, a dot and the ending are appended.
public struct NameTemplate: Hashable, Sendable {
  /// Why a text is no template; a sentence fragment.
  public struct Invalid: Error, CustomStringConvertible {
    /// For people.
    public let description: String
  }

  private enum Part: Hashable {
    case text(String)
    case stem
    case copy(width: Int)
    case fileExtension
  }

  /// The text that it was read from.
  public let text: String
  private var parts: [Part] = []
  private var hasExtension = false

  /// Reads a template.
  public init(_ text: String) throws(Invalid) {
    self.text = text
    guard !text.isEmpty else { throw Invalid(description: "the name is empty") }
    guard !text.contains("/") else { throw Invalid(description: "a name holds no slash") }
    var rest = Substring(text)
    while let brace = rest.firstIndex(where: { $0 == "{" || $0 == "}" }) {
      guard rest[brace] == "{", let end = rest[brace...].firstIndex(of: "}") else {
        throw Invalid(description: "a brace without its partner")
      }
      if brace > rest.startIndex { parts.append(.text(String(rest[..<brace]))) }
      parts.append(try Self.field(rest[rest.index(after: brace)..<end]))
      rest = rest[rest.index(after: end)...]
    }
    if !rest.isEmpty { parts.append(.text(String(rest))) }
    hasExtension = parts.contains { if case .fileExtension = $0 { true } else { false } }
  }

  private static func field(_ name: Substring) throws(Invalid) -> Part {
    switch name {
    case "stem": return .stem
    case "ext": return .fileExtension
    case "copy": return .copy(width: 0)
    default:
      guard name.hasPrefix("copy:0"), let width = Int(name.dropFirst(6)), (1...18).contains(width) else {
        throw Invalid(description: "{\(name)} is no field; there are {stem}, {copy}, {copy:06} and {ext}")
      }
      return .copy(width: width)
    }
  }

  /// The name of one copy.
  package func name(stem: String, copy: Int, fileExtension: String) -> String {
    var name = ""
    for part in parts {
      switch part {
      case .text(let text): name += text
      case .stem: name += stem
      case .fileExtension: name += fileExtension
      case .copy(let width):
        let digits = String(copy)
        name += String(repeating: "0", count: max(0, width - digits.count)) + digits
      }
    }
    return hasExtension ? name : "\(name).\(fileExtension)"
  }
}

extension NameTemplate: Codable {
  /// As its text.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }

  /// Reads the text of one.
  public init(from decoder: any Decoder) throws {
    try self.init(decoder.singleValueContainer().decode(String.self))
  }
}
