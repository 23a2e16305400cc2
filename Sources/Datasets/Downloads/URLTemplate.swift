/// A URL with the fields `{n}`, `{n:06}` (zero-padded to six digits) and `{seed}`.
package struct URLTemplate: Hashable, Sendable {
  /// Why a text is not a template; a sentence fragment.
  package struct Invalid: Error, Hashable, CustomStringConvertible {
    package let description: String
  }

  private enum Part: Hashable {
    case text(String)
    case number(width: Int)
    case seed
  }

  private var parts: [Part] = []

  package init(_ text: String) throws(Invalid) {
    var rest = Substring(text)
    while let brace = rest.firstIndex(where: { $0 == "{" || $0 == "}" }) {
      guard rest[brace] == "{", let end = rest[brace...].firstIndex(of: "}") else {
        throw Invalid(description: "a brace without a matching one; write %7B or %7D for one that is part of the URL")
      }
      parts.append(.text(String(rest[..<brace])))
      parts.append(try Self.field(rest[rest.index(after: brace)..<end]))
      rest = rest[rest.index(after: end)...]
    }
    parts.append(.text(String(rest)))
  }

  private static func field(_ name: Substring) throws(Invalid) -> Part {
    switch name {
    case "n": return .number(width: 0)
    case "seed": return .seed
    default:
      guard name.hasPrefix("n:0"), let width = Int(name.dropFirst(3)), (1...18).contains(width) else {
        throw Invalid(description: "{\(name)} is not a field; the fields are {n}, {n:06} and {seed}")
      }
      return .number(width: width)
    }
  }

  package func url(number: Int, seed: UInt64) -> String {
    parts.map { part in
      switch part {
      case .text(let text): return text
      case .seed: return String(seed)
      case .number(let width):
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
      }
    }.joined()
  }
}
