/// A struct with one field, through a keyed container.
struct Field<Value: Codable & Equatable>: Codable, Equatable {
  var value: Value
  init(_ value: Value) { self.value = value }
}

extension Field: Sendable where Value: Sendable {}

/// A member that is omitted if nil.
struct MaybeMember<Value: Codable & Equatable>: Codable, Equatable {
  var before = 1
  var value: Value?
  var after = 2
}

/// Uses a single-value container.
struct OnlyValue<Value: Codable & Equatable>: Codable, Equatable {
  var value: Value

  init(value: Value) { self.value = value }
  init(from decoder: any Decoder) throws { value = try decoder.singleValueContainer().decode(Value.self) }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(value)
  }
}

/// Writes an optional in one step and reads it in two, as many property wrappers do.
struct AskingWrapper: Codable, Equatable {
  var value: Int?

  init(value: Int?) { self.value = value }

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    value = container.decodeNil() ? nil : try container.decode(Int.self)
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(value)
  }
}

struct Blob: Codable, Equatable {
  var name: String
  var bytes: [UInt8]
}

enum Suit: String, Codable, CaseIterable { case hearts, spades }

struct Identifier: RawRepresentable, Codable, Hashable, CodingKeyRepresentable { var rawValue: String }

indirect enum Tree: Codable, Equatable, Sendable {
  case leaf
  case node(Tree, Int, Tree)
  case pair(first: String, second: Int?)
}

struct Nothing: Codable, Equatable {
  init() {}
  init(from decoder: any Decoder) throws {}
  func encode(to encoder: any Encoder) throws {}
}

class Animal: Codable {
  let name: String
  init(name: String) { self.name = name }
}

/// Its superclass has a separate encoder.
final class Dog: Animal {
  let tricks: [String]
  private enum CodingKeys: CodingKey { case tricks }

  init(name: String, tricks: [String]) {
    self.tricks = tricks
    super.init(name: name)
  }

  required init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    tricks = try container.decode([String].self, forKey: .tricks)
    try super.init(from: container.superDecoder())
  }

  override func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try super.encode(to: container.superEncoder())
    try container.encode(tricks, forKey: .tricks)
  }
}

/// Its superclass shares the encoder.
final class Cat: Animal {
  let lives: Int
  private enum CodingKeys: CodingKey { case lives }

  init(name: String, lives: Int) {
    self.lives = lives
    super.init(name: name)
  }

  required init(from decoder: any Decoder) throws {
    lives = try decoder.container(keyedBy: CodingKeys.self).decode(Int.self, forKey: .lives)
    try super.init(from: decoder)
  }

  override func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(lives, forKey: .lives)
    try super.encode(to: encoder)
  }
}

/// A linked list, nested as deeply as it is long.
final class Link: Codable {
  var next: Link?
  init(next: Link?) { self.next = next }

  static func chain(of count: Int) -> Link {
    let end = Link(next: nil)
    var first = end
    for _ in 1..<count { first = Link(next: first) }
    return first
  }

  var count: Int {
    var total = 1
    var link = self
    while let next = link.next { (total, link) = (total + 1, next) }
    return total
  }

  /// One by one: releasing a chain at its front would free it by recursion.
  func cut() {
    var link: Link? = self
    while let current = link { (link, current.next) = (current.next, nil) }
  }
}

/// Encodes by a closure.
struct Written: Encodable {
  var write: (any Encoder) throws -> Void
  func encode(to encoder: any Encoder) throws { try write(encoder) }
}
