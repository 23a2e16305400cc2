package import Imaging

/// Which files result from each image. A pure function, so that every process knows them in advance.
package protocol OutputNaming: Sendable {
  /// The same for every image, so that a task number determines its image.
  var outputsPerSource: Int { get }
  /// - Parameter number: from 0.
  func output(_ number: Int, of source: InputImage, _ names: OutputNames) -> OutputName
}

/// An output file of an image.
package struct OutputName: Hashable, Sendable {
  /// Relative to the output folder.
  package var path: String
  package var format: OutputFormat

  package init(path: String, format: OutputFormat) { (self.path, self.format) = (path, format) }
}

/// How the user wants outputs named.
package struct OutputNames: Codable, Hashable, Sendable {
  package var template: NameTemplate
  /// `nil`: the format of the source, or PNG if that is only read.
  package var format: OutputFormat?

  package init(_ template: NameTemplate, format: OutputFormat? = nil) {
    (self.template, self.format) = (template, format)
  }

  /// The name of a copy, in the folder of its source.
  /// - Parameter isUnchanged: whether the file itself is copied, unless another format is asked for.
  package func name(of source: InputImage, copy: Int, isUnchanged: Bool = false) -> OutputName {
    var (stem, ending) = source.stemAndExtension
    let format = format ?? .image(isUnchanged ? source.format : source.format.ofCopies)
    if format != .image(source.format) || self.format != nil { ending = format.fileExtension }
    let name = template.name(stem: stem, copy: copy, fileExtension: ending)
    return OutputName(path: source.path.parentPath.map { "\($0)/\(name)" } ?? name, format: format)
  }
}

/// A template for the names of copies: text with the fields `{stem}`, `{copy}`, `{copy:06}` (zero-padded to six digits)
/// and `{ext}`. Without `{ext}`, a dot and the extension are appended.
package struct NameTemplate: Hashable, Sendable {
  /// Why a text is not a template; a sentence fragment.
  package struct Invalid: Error, CustomStringConvertible {
    package let description: String
  }

  private enum Part: Hashable {
    case text(String)
    case stem
    case copy(width: Int)
    case fileExtension

    var copyWidth: Int? { if case .copy(let width) = self { width } else { nil } }
  }

  package let text: String
  private var parts: [Part] = []
  private var hasExtension = false

  /// Parses a template.
  package init(_ text: String) throws(Invalid) {
    self.text = text
    guard !text.isEmpty else { throw Invalid(description: "the name is empty") }
    guard !text.contains("/") else { throw Invalid(description: "a name cannot contain a slash") }
    var rest = Substring(text)
    while let brace = rest.firstIndex(where: { $0 == "{" || $0 == "}" }) {
      guard rest[brace] == "{", let end = rest[brace...].firstIndex(of: "}") else {
        throw Invalid(description: "a brace without a matching one")
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
        throw Invalid(description: "{\(name)} is not a field; the fields are {stem}, {copy}, {copy:06} and {ext}")
      }
      return .copy(width: width)
    }
  }

  /// Whether stem, copy and extension can be told from a name: `{stem}`, text that ends in no digit, `{copy}`, text, and
  /// perhaps a dot and `{ext}`. `{stem}{copy}` names the copy 11 of `a` like the copy 1 of `a1`.
  package var separatesCopies: Bool {
    var rest = parts[...]
    if case .text = rest.first { rest.removeFirst() }
    guard case .stem = rest.popFirst(), case .text(let separator) = rest.popFirst(), case .copy = rest.popFirst(),
      separator.unicodeScalars.last.map({ !("0"..."9").contains($0) }) == true
    else { return false }
    switch (rest.popFirst(), rest.popFirst(), rest.isEmpty) {
    case (nil, nil, true), (.text, nil, true): return !hasExtension
    case (.text(let text), .fileExtension, true): return text.hasSuffix(".")
    default: return false
    }
  }

  /// The name that the first copy of an image has if this is the name of another copy; `nil` if it is not. Only of
  /// templates that separate copies.
  func firstCopy(ofCopy name: String) -> String? {
    var behind = ""
    if let copy = parts.firstIndex(where: { $0.copyWidth != nil }), case .text(let text)? = parts[(copy + 1)...].first {
      behind = text
    }
    let bytes = Array(name.utf8)
    guard let dot = bytes.lastIndex(of: UInt8(ascii: ".")) else { return nil }
    let middle = Array((hasExtension ? String(behind.dropLast()) : behind).utf8)
    let end = dot - middle.count
    guard end > 0, bytes[end..<dot].elementsEqual(middle) else { return nil }
    let digitCount = bytes[..<end].reversed().prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }.count
    guard digitCount > 0 else { return nil }
    let zero = Self.padded(0, parts.lazy.compactMap(\.copyWidth).first ?? 0)
    return String(decoding: bytes[..<(end - digitCount)] + zero.utf8 + bytes[end...], as: UTF8.self)
  }

  private static func padded(_ copy: Int, _ width: Int) -> String {
    let digits = String(copy)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  package func name(stem: String, copy: Int, fileExtension: String) -> String {
    var name = ""
    for part in parts {
      switch part {
      case .text(let text): name += text
      case .stem: name += stem
      case .fileExtension: name += fileExtension
      case .copy(let width): name += Self.padded(copy, width)
      }
    }
    return hasExtension ? name : "\(name).\(fileExtension)"
  }
}

extension NameTemplate: Codable {
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }

  package init(from decoder: any Decoder) throws {
    try self.init(decoder.singleValueContainer().decode(String.self))
  }
}
