/// An element of an XML file: its name, its own text, the elements in it.
struct XMLElement {
  let name: String
  /// From 1.
  let line: Int
  private(set) var text = ""
  private(set) var children: [XMLElement] = []

  /// The first child of this name.
  subscript(name: String) -> XMLElement? { children.first { $0.name == name } }

  func all(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }

  /// The text without surrounding white space.
  var trimmedText: String {
    let rest = text.drop { $0.isWhitespace }
    return rest.lastIndex { !$0.isWhitespace }.map { String(rest[...$0]) } ?? ""
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

    mutating func begin(_ name: String, line: Int) throws(LabelError.Reason) {
      count += 1
      guard open.count < Self.depthLimit else { throw .tooDeep(limit: Self.depthLimit) }
      guard count <= Self.countLimit else { throw .tooManyValues(limit: Self.countLimit) }
      open.append(XMLElement(name: name, line: line))
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
