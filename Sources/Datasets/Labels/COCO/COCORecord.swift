internal import Imaging

/// An image, a category or an annotation, whose fields are taken one by one; those that nobody takes are kept.
struct COCORecord {
  private(set) var fields: [LabelField]
  private let list: String
  /// In the list, from 0.
  let number: Int
  /// Where it begins.
  let line: Int

  /// - Parameter list: the key of the list.
  init(_ fields: [LabelField], list: String, number: Int, line: Int) {
    (self.fields, self.list, self.number, self.line) = (fields, list, number, line)
  }

  /// `annotations[3]`
  var path: String { "\(list)[\(number)]" }

  subscript(name: String) -> LabelValue? { fields.last { $0.name == name }?.value }

  /// Takes a value; of several with this name the last, as other readers do.
  mutating func take(_ name: String) -> LabelValue? {
    guard let value = self[name] else { return nil }
    fields.removeAll { $0.name == name }
    return value
  }

  /// Takes a text that must be there.
  mutating func name(_ name: String) throws(JSONFailure) -> String {
    switch take(name) {
    case .text(let text) where !text.isEmpty: return text
    case nil: throw failure(.missing("\"\(name)\""))
    default: throw failure(.value("is not a name"), name)
    }
  }

  /// Takes an identifier that must be there.
  mutating func key(_ name: String, _ identifiers: inout COCOIdentifiers) throws(JSONFailure) -> Int {
    guard let value = take(name) else { throw failure(.missing("\"\(name)\"")) }
    do throws(LabelError.Reason) {
      return try identifiers.key(value)
    } catch {
      throw failure(error, name)
    }
  }

  /// Takes whether something is so, which is written as 0 and 1; `nil` if it is not told. Other values stay.
  mutating func takeFlag(_ name: String) -> Bool? {
    switch self[name] {
    case .flag(let flag):
      _ = take(name)
      return flag
    case .number(let text) where ["0", "1", "0.0", "1.0"].contains(text):
      _ = take(name)
      return text.first == "1"
    default: return nil
    }
  }

  /// Takes a list of texts; other values stay.
  mutating func takeTexts(_ name: String) -> [String]? {
    guard case .list(let values) = self[name] else { return nil }
    let texts = values.compactMap { if case .text(let text) = $0 { text } else { nil } }
    guard texts.count == values.count else { return nil }
    _ = take(name)
    return texts
  }

  /// Takes the parts of an object, each with a name and a box; other values stay.
  mutating func takeParts() -> [LabelledObject] {
    guard let parts = self["parts"].flatMap({ LabelledObject.parts($0) }) else { return [] }
    _ = take("parts")
    return parts
  }

  /// Takes the size of an image; `nil` if it is not known.
  mutating func size() throws(JSONFailure) -> ImageSize? {
    guard let width = try side("width"), let height = try side("height"), width > 0, height > 0 else { return nil }
    return ImageSize(width: width, height: height)
  }

  private mutating func side(_ name: String) throws(JSONFailure) -> Int? {
    switch take(name) {
    case nil, .null: return nil
    case .number(let text):
      guard let side = Double(text).flatMap({ Int(exactly: $0) }), 0...Int(LabelNumber.pixels.upperBound) ~= side else {
        throw failure(.value("a side of an image is a whole number of pixels, not \(text)"), name)
      }
      return side
    default: throw failure(.value("is not a number"), name)
    }
  }

  private func failure(_ reason: LabelError.Reason, _ name: String = "") -> JSONFailure {
    JSONFailure(reason: reason, line: line, path: name.isEmpty ? path : "\(path).\(name)")
  }
}

extension LabelledObject {
  /// - Parameter value: a list of parts as `COCOFragments` writes it; else there are none.
  fileprivate static func parts(_ value: LabelValue) -> [LabelledObject]? {
    guard let items = value.items else { return nil }
    let parts = items.compactMap { part($0) }
    return parts.count == items.count ? parts : nil
  }

  private static func part(_ value: LabelValue) -> LabelledObject? {
    guard case .object(let fields) = value, fields.allSatisfy({ ["name", "bbox", "parts"].contains($0.name) }),
      case .text(let name) = fields["name"], let box = fields["bbox"].flatMap({ Box(coco: $0) })
    else { return nil }
    var object = LabelledObject(name, box)
    if let parts = fields["parts"] {
      guard let parts = self.parts(parts) else { return nil }
      object.parts = parts
    }
    return object
  }
}

extension Box {
  /// - Parameter value: x, y, width, height.
  fileprivate init?(coco value: LabelValue) {
    let numbers = (value.items ?? []).compactMap { item in
      if case .number(let text) = item { try? LabelNumber.parse(text, in: LabelNumber.pixels) } else { nil }
    }
    guard numbers.count == 4, numbers[2] >= 0, numbers[3] >= 0 else { return nil }
    let corner = Vertex(numbers[0], numbers[1])
    self.init(corner, corner + Vertex(numbers[2], numbers[3]))
  }
}
