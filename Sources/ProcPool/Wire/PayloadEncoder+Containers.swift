// The protocols ask for an `encode` per standard type. Two generic methods stand for all of them: one for types with a
// form of their own (`PayloadLeaf`), one for all others.

struct PayloadKeyedEncodingContainer<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let encoder: PayloadEncoder

  var codingPath: [any CodingKey] { encoder.codingPath }

  func encodeNil(forKey key: Key) throws {
    try encodeMember(key) { encoder.segment.bytes.append(.null) }
  }

  func encode<Leaf: PayloadLeaf>(_ value: Leaf, forKey key: Key) throws {
    try encodeMember(key) { value.append(to: &encoder.segment.bytes) }
  }

  func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws {
    try encodeMember(key) { try encoder.appendValue(value, under: key) }
  }

  func encodeIfPresent<Leaf: PayloadLeaf>(_ value: Leaf?, forKey key: Key) throws {
    if let value { try encode(value, forKey: key) }
  }

  func encodeIfPresent<Value: Encodable>(_ value: Value?, forKey key: Key) throws {
    guard let value else { return }
    try encodeMember(key) {
      // The value may itself be nil, which differs from no value.
      if _isOptional(Value.self) { encoder.segment.bytes.append(.some) }
      try encoder.appendValue(value, under: key)
    }
  }

  func nestedContainer<NestedKey: CodingKey>(
    keyedBy keyType: NestedKey.Type, forKey key: Key
  ) -> KeyedEncodingContainer<NestedKey> {
    nestedEncoder(key, merging: true).container(keyedBy: keyType)
  }

  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    nestedEncoder(key, merging: true).unkeyedContainer()
  }

  func superEncoder() -> any Encoder { nestedEncoder(PayloadKey.superclass, merging: false) }

  func superEncoder(forKey key: Key) -> any Encoder { nestedEncoder(key, merging: false) }

  private func encodeMember(_ key: Key, _ append: () throws -> Void) throws {
    try encoder.encodeMember(of: .keyed, named: key.stringValue, key, append)
  }

  private func nestedEncoder(_ key: some CodingKey, merging: Bool) -> PayloadEncoder {
    encoder.nestedEncoder(of: .keyed, under: key, named: key.stringValue, merging: merging)
  }
}

struct PayloadListEncodingContainer: UnkeyedEncodingContainer {
  let encoder: PayloadEncoder

  var codingPath: [any CodingKey] { encoder.codingPath }
  var count: Int { encoder.count }

  func encodeNil() throws {
    try encodeMember { encoder.segment.bytes.append(.null) }
  }

  func encode<Leaf: PayloadLeaf>(_ value: Leaf) throws {
    try encodeMember { value.append(to: &encoder.segment.bytes) }
  }

  func encode<Value: Encodable>(_ value: Value) throws {
    try encodeMember { try encoder.appendValue(value, under: index) }
  }

  func nestedContainer<NestedKey: CodingKey>(
    keyedBy keyType: NestedKey.Type
  ) -> KeyedEncodingContainer<NestedKey> {
    nestedEncoder().container(keyedBy: keyType)
  }

  func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { nestedEncoder().unkeyedContainer() }

  func superEncoder() -> any Encoder { nestedEncoder() }

  private var index: PayloadKey { PayloadKey(intValue: encoder.count) }

  private func encodeMember(_ append: () throws -> Void) throws {
    try encoder.encodeMember(of: .list, named: nil, index, append)
    encoder.count += 1
  }

  private func nestedEncoder() -> PayloadEncoder {
    encoder.nestedEncoder(of: .list, under: index, named: nil, merging: false)
  }
}

struct PayloadSingleEncodingContainer: SingleValueEncodingContainer {
  let encoder: PayloadEncoder

  var codingPath: [any CodingKey] { encoder.codingPath }

  func encodeNil() throws {
    try encoder.encodeSingle(encoder) { encoder.segment.bytes.append(.null) }
  }

  func encode<Leaf: PayloadLeaf>(_ value: Leaf) throws {
    try encoder.encodeSingle(value) { value.append(to: &encoder.segment.bytes) }
  }

  func encode<Value: Encodable>(_ value: Value) throws {
    try encoder.encodeSingle(value) {
      let mark = encoder.segment.mark
      do {
        if _isOptional(Value.self) { encoder.segment.bytes.append(.some) }
        try encoder.appendValue(value, under: nil)
      } catch {
        encoder.segment.restore(mark)
        throw error
      }
    }
  }
}
