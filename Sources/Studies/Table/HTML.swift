/// A piece of a page. Text becomes part of it only escaped, so names of files and machines cannot be anything but text.
package struct HTML: Hashable, Sendable {
  /// The markup.
  package private(set) var markup: String

  /// Text, escaped; characters that no page may hold are replaced.
  package static func text(_ text: String) -> HTML { HTML(markup: escaped(text)) }

  /// An element around others.
  package static func element(_ name: String, _ attributes: [(String, String)] = [], _ children: [HTML]) -> HTML {
    let written = attributes.map { " \($0.0)=\"\(escaped($0.1))\"" }.joined()
    return HTML(markup: "<\(name)\(written)>\(children.map(\.markup).joined())</\(name)>")
  }

  /// An element around text.
  package static func element(_ name: String, _ attributes: [(String, String)] = [], _ text: String) -> HTML {
    element(name, attributes, [.text(text)])
  }

  /// Several pieces, a line each.
  package static func lines(_ pieces: [HTML]) -> HTML { HTML(markup: pieces.map(\.markup).joined(separator: "\n")) }

  /// Markup that this program or gnuplot made.
  static func trusted(_ markup: String) -> HTML { HTML(markup: markup) }

  /// Nothing.
  package static let nothing = HTML(markup: "")

  private static func escaped(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;".unicodeScalars
      case "<": result += "&lt;".unicodeScalars
      case ">": result += "&gt;".unicodeScalars
      case "\"": result += "&quot;".unicodeScalars
      case "'": result += "&#39;".unicodeScalars
      case "\t", "\n": result.append(scalar)
      case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value): result.append("\u{FFFD}")
      default: result.append(scalar)
      }
    }
    return String(result)
  }
}

extension HTML {
  /// A paragraph.
  static func paragraph(_ text: String) -> HTML { .element("p", [], text) }

  /// A list with points.
  static func list(_ items: [HTML]) -> HTML {
    items.isEmpty ? .nothing : .element("ul", [], items.map { .element("li", [], [$0]) })
  }
}
