/// An element of an XML file: its name, its attributes, its own text, the elements in it.
struct XMLElement {
  let name: String
  let attributes: [LabelField]
  /// From 1.
  let line: Int
  private(set) var text = ""
  private(set) var children: [XMLElement] = []

  /// The first child of this name.
  subscript(name: String) -> XMLElement? { children.first { $0.name == name } }

  /// The text without surrounding white space.
  var trimmedText: String {
    let rest = text.drop { $0.isWhitespace }
    return rest.lastIndex { !$0.isWhitespace }.map { String(rest[...$0]) } ?? ""
  }
}

extension XMLElement {
  /// Marks a field as an attribute. No element can have such a name.
  static let attributePrefix = "@"
  /// The name of the field that holds the text of an element with attributes or elements in it.
  static let textName = "#text"

  /// The whole element as a field, without the white space around texts and the place of a text among elements.
  var field: LabelField {
    let text = trimmedText
    if attributes.isEmpty && children.isEmpty { return LabelField(name, .text(text)) }
    let texts = text.isEmpty ? [] : [LabelField(Self.textName, .text(text))]
    return LabelField(name, .object(attributes + texts + children.map(\.field)))
  }
}

extension XMLElement {
  /// Why a text is no element, and the line.
  struct Failure: Error {
    var reason: LabelError.Reason
    var line: Int
  }

  /// Puts elements together in the order in which a parser meets their ends.
  struct Builder {
    // Labels need about 5 levels and 20 elements an object.
    private static let depthLimit = 64
    private static let countLimit = 1_000_000

    private(set) var root: XMLElement?
    private var open: [XMLElement] = []
    private var count = 0

    /// - Parameter attributes: name, value, name, value, …
    mutating func begin(_ name: String, attributes: [String], line: Int) throws(LabelError.Reason) {
      count += 1 + attributes.count / 2
      guard open.count < Self.depthLimit else { throw .tooDeep(limit: Self.depthLimit) }
      guard count <= Self.countLimit else { throw .tooManyValues(limit: Self.countLimit) }
      let fields = stride(from: 0, to: attributes.count - 1, by: 2).map { index in
        LabelField(XMLElement.attributePrefix + attributes[index], .text(attributes[index + 1]))
      }
      open.append(XMLElement(name: name, attributes: fields, line: line))
    }

    mutating func append(_ text: String) {
      if !open.isEmpty { open[open.count - 1].text += text }
    }

    mutating func end() {
      guard let element = open.popLast() else { return }
      if open.isEmpty {
        root = element
      } else {
        open[open.count - 1].children.append(element)
      }
    }
  }
}
