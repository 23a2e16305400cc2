// The protocols ask for a `decode` per standard type. Two generic methods stand for all of them: one for types with a
// form of their own (`PayloadLeaf`), one for all others.

struct PayloadKeyedDecodingContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let decoder: PayloadDecoder

  var codingPath: [any CodingKey] { decoder.codingPath }
  var allKeys: [Key] { (try? decoder.keyTexts())?.compactMap { Key.named($0) } ?? [] }

  func contains(_ key: Key) -> Bool { (try? decoder.find(key.stringValue, advancing: false)) != nil }

  func decodeNil(forKey key: Key) throws -> Bool { try value(key, advancing: false).tag == .null }

  func decode<Leaf: PayloadLeaf>(_ type: Leaf.Type, forKey key: Key) throws -> Leaf {
    try decoder.decodeLeaf(type, from: value(key), under: key)
  }

  func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
    try decoder.decode(type, from: value(key), under: key)
  }

  func decodeIfPresent<Leaf: PayloadLeaf>(_ type: Leaf.Type, forKey key: Key) throws -> Leaf? {
    guard let value = try decoder.find(key.stringValue, advancing: true), value.tag != .null else { return nil }
    // A nil inside an optional, for a reader that has no optional there.
    if value.tag == .some, decoder.source.innermost(of: value)?.tag == .null { return nil }
    return try decoder.decodeLeaf(type, from: value, under: key)
  }

  func decodeIfPresent<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value? {
    guard let value = try decoder.find(key.stringValue, advancing: true), value.tag != .null else { return nil }
    guard _isOptional(type) else { return try decoder.decode(type, from: value, under: key) }
    guard let content = decoder.source.content(of: value) else { throw decoder.corrupt(under: key) }
    return try decoder.decode(type, from: content, under: key)
  }

  func nestedContainer<NestedKey: CodingKey>(
    keyedBy type: NestedKey.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<NestedKey> {
    try nested(key).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try nested(key).unkeyedContainer()
  }

  func superDecoder() throws -> any Decoder { try superDecoder(PayloadKey.superclass) }

  func superDecoder(forKey key: Key) throws -> any Decoder { try superDecoder(key) }

  /// A superclass that was not encoded decodes as nil, as in Foundation.
  private func superDecoder(_ key: any CodingKey) throws -> any Decoder {
    let value = try decoder.find(key.stringValue, advancing: true) ?? PayloadValue(tag: .null, start: 0, end: 0)
    return try decoder.nested(in: value, (any Decoder).self, under: key)
  }

  private func nested(_ key: Key) throws -> PayloadDecoder {
    try decoder.nested(in: value(key), (any Decoder).self, under: key)
  }

  private func value(_ key: Key, advancing: Bool = true) throws -> PayloadValue {
    if let value = try decoder.find(key.stringValue, advancing: advancing) { return value }
    let text = "There is no value for the key \"\(key.stringValue)\"."
    throw DecodingError.keyNotFound(key, .init(codingPath: decoder.codingPath, debugDescription: text))
  }
}

struct PayloadListDecodingContainer: UnkeyedDecodingContainer {
  private let decoder: PayloadDecoder
  private var offset: Int
  private(set) var currentIndex = 0

  init(decoder: PayloadDecoder) {
    self.decoder = decoder
    // `numbers` begin with the tag of their elements.
    offset = decoder.value.start + (decoder.value.tag == .numbers ? 1 : 0)
  }

  var codingPath: [any CodingKey] { decoder.codingPath }
  var count: Int? { decoder.countElements() }
  var isAtEnd: Bool { offset >= decoder.value.end }

  mutating func decodeNil() throws -> Bool {
    let value = try element(Any?.self)
    guard value.tag == .null else { return false }
    step(over: value)
    return true
  }

  mutating func decode<Leaf: PayloadLeaf>(_ type: Leaf.Type) throws -> Leaf {
    let value = try element(type)
    let result = try decoder.decodeLeaf(type, from: value, under: index)
    step(over: value)
    return result
  }

  mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    let value = try element(type)
    let result = try decoder.decode(type, from: value, under: index)
    step(over: value)
    return result
  }

  mutating func nestedContainer<NestedKey: CodingKey>(
    keyedBy type: NestedKey.Type
  ) throws -> KeyedDecodingContainer<NestedKey> {
    let value = try element([String: Any].self)
    let result = try nested(value).container(keyedBy: type)
    step(over: value)
    return result
  }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    let value = try element([Any].self)
    let result = try nested(value).unkeyedContainer()
    step(over: value)
    return result
  }

  mutating func superDecoder() throws -> any Decoder {
    let value = try element((any Decoder).self)
    let result = try nested(value)
    step(over: value)
    return result
  }

  private var index: PayloadKey { PayloadKey(intValue: currentIndex) }

  private func nested(_ value: PayloadValue) throws -> PayloadDecoder {
    try decoder.nested(in: value, (any Decoder).self, under: index)
  }

  /// Only after a successful read: a caller may try the same element as another type.
  private mutating func step(over value: PayloadValue) {
    offset = value.end
    currentIndex += 1
  }

  private func element(_ type: any Any.Type) throws -> PayloadValue {
    guard !isAtEnd else { throw decoder.missing(type, "There are no more elements.", under: index) }
    if decoder.value.tag == .numbers { return try number() }
    guard let value = decoder.source.value(at: offset, limit: decoder.value.end) else {
      throw decoder.corrupt(under: index)
    }
    return value
  }

  private func number() throws -> PayloadValue {
    let source = decoder.source
    guard let tag = source.numberTag(of: decoder.value), let width = tag.numberWidth else {
      throw decoder.corrupt(under: index)
    }
    return PayloadValue(tag: tag, start: offset, end: offset + width)
  }
}

struct PayloadSingleDecodingContainer: SingleValueDecodingContainer {
  let decoder: PayloadDecoder

  var codingPath: [any CodingKey] { decoder.codingPath }

  /// An optional tells its own nil from that of the optional inside it; any other type knows one nil only.
  func decodeNil() -> Bool {
    let value = decoder.value
    if value.tag != .some || decoder.type is any OptionalType.Type { return value.tag == .null }
    return decoder.source.innermost(of: value)?.tag == .null
  }

  func decode<Leaf: PayloadLeaf>(_ type: Leaf.Type) throws -> Leaf {
    try decoder.decodeLeaf(type, from: decoder.value, under: nil)
  }

  func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    guard _isOptional(type) else { return try decoder.decode(type, from: decoder.value, under: nil) }
    guard let content = decoder.source.content(of: decoder.value) else { throw decoder.corrupt(under: nil) }
    return try decoder.decode(type, from: content, under: nil)
  }
}

private protocol OptionalType {}

extension Optional: OptionalType {}
