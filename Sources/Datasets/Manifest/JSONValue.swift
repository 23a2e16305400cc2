internal import FoundationEssentials

/// JSON of any shape, to find out where two values differ.
indirect enum JSONValue: Hashable, Decodable {
  case null
  case flag(Bool)
  case integer(Int)
  case number(Double)
  case text(String)
  case list([JSONValue])
  case object([String: JSONValue])

  init(encoding value: some Encodable) throws {
    self = try JSONDecoder().decode(JSONValue.self, from: JSONEncoder().encode(value))
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let flag = try? container.decode(Bool.self) {
      self = .flag(flag)
    } else if let integer = try? container.decode(Int.self) {
      self = .integer(integer)
    } else if let number = try? container.decode(Double.self) {
      self = .number(number)
    } else if let text = try? container.decode(String.self) {
      self = .text(text)
    } else if let list = try? container.decode([JSONValue].self) {
      self = .list(list)
    } else {
      self = .object(try container.decode([String: JSONValue].self))
    }
  }

  /// The first place where two values differ, in the order of the keys; `nil` if they are equal.
  func difference(from other: JSONValue) -> (keys: [String], left: String, right: String)? {
    if self == other { return nil }
    guard case .object(let left) = self, case .object(let right) = other else {
      return ([], description, other.description)
    }
    // Another job is why everything else differs.
    for key in ["job"] + Set(left.keys).union(right.keys).sorted() {
      guard let found = (left[key] ?? .null).difference(from: right[key] ?? .null) else { continue }
      return ([key] + found.keys, found.left, found.right)
    }
    return nil
  }
}

extension JSONValue: CustomStringConvertible {
  /// Short: of lists and objects only what they are.
  var description: String {
    switch self {
    case .null: "not given"
    case .flag(let flag): flag ? "on" : "off"
    case .integer(let integer): String(integer)
    case .number(let number): String(number)
    case .text(let text): text.utf8.count <= 60 ? text : "another text"
    case .list(let values): "a list of \(values.count)"
    case .object: "another value"
    }
  }
}
