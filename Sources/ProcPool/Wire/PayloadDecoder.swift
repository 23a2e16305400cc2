/// Decodes one value of a payload, and makes the decoders of the values in it.
final class PayloadDecoder: Decoder {
  let source: PayloadSource
  /// The value; once it is opened as a container, what follows its `some` tags.
  private(set) var value: PayloadValue
  /// The type being decoded.
  let type: any Any.Type
  private let parent: PayloadDecoder?
  private let key: (any CodingKey)?

  /// Where the next key is expected: keys are mostly read in the order in which they were written.
  private var cursor = 0
  /// The values by key, once a key was not where it was expected and there are many.
  private var index: [String: PayloadValue]?
  private var elementCount: Int?

  var userInfo: [CodingUserInfoKey: Any] { [:] }

  init(
    source: PayloadSource, value: PayloadValue, type: any Any.Type, parent: PayloadDecoder? = nil,
    key: (any CodingKey)? = nil
  ) {
    self.source = source
    self.value = value
    self.type = type
    self.parent = parent
    self.key = key
  }

  var codingPath: [any CodingKey] { path(under: nil) }

  /// The keys from the root to here, then `last`.
  func path(under last: (any CodingKey)?) -> [any CodingKey] {
    var keys = last.map { [$0] } ?? []
    var decoder: PayloadDecoder? = self
    while let current = decoder {
      if let key = current.key { keys.append(key) }
      decoder = current.parent
    }
    return keys.reversed()
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    try open([.keyed, .keyedUnchecked, .empty], as: [String: Any].self)
    if cursor == 0 { cursor = value.start }
    return KeyedDecodingContainer(PayloadKeyedDecodingContainer(decoder: self))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    try open([.list, .numbers, .empty], as: [Any].self)
    return PayloadListDecodingContainer(decoder: self)
  }

  func singleValueContainer() throws -> any SingleValueDecodingContainer {
    PayloadSingleDecodingContainer(decoder: self)
  }

  private func open(_ tags: [PayloadTag], as expected: any Any.Type) throws {
    guard let inner = source.innermost(of: value) else { throw corrupt(under: nil) }
    guard tags.contains(inner.tag) else { throw mismatch(expected, inner, under: nil) }
    value = inner
  }

  // MARK: Values

  /// Decodes `value`, which lies under `key` in this decoder's own.
  func decode<Value: Decodable>(
    _ type: Value.Type, from value: PayloadValue, under key: @autoclosure () -> (any CodingKey)?
  ) throws -> Value {
    // The most frequent types first: with the type known here, nothing is looked up at run time.
    // Invariant of each cast: the two types have been compared and are the same.
    if type == Int.self { return unsafe unsafeBitCast(try decodeLeaf(Int.self, from: value, under: key()), to: type) }
    if type == Double.self {
      return unsafe unsafeBitCast(try decodeLeaf(Double.self, from: value, under: key()), to: type)
    }
    if type == String.self {
      return unsafe unsafeBitCast(try decodeLeaf(String.self, from: value, under: key()), to: type)
    }
    if let leaf = payloadLeaf(type), let read = try decodeLeaf(leaf, as: type, from: value, under: key()) {
      return read
    }
    return try Value(from: try nested(in: value, type, under: key()))
  }

  /// Decodes a type that has a form of its own.
  func decodeLeaf<Leaf: PayloadLeaf>(
    _ type: Leaf.Type, from value: PayloadValue, under key: @autoclosure () -> (any CodingKey)?
  ) throws -> Leaf {
    if let read = Leaf.read(value, in: source) { return read }
    guard Leaf.isScalar else { return try Leaf(from: try nested(in: value, type, under: key())) }
    return try unusual(type, value, under: key())
  }

  private func decodeLeaf<Value, Leaf: PayloadLeaf>(
    _ leaf: Leaf.Type, as type: Value.Type, from value: PayloadValue, under key: @autoclosure () -> (any CodingKey)?
  ) throws -> Value? {
    guard let read = try Leaf.read(value, in: source) ?? (Leaf.isScalar ? unusual(leaf, value, under: key()) : nil)
    else { return nil }
    // Invariant: the leaf was found by the identity of `Value`, so the two types are the same.
    return unsafe unsafeBitCast(read, to: Value.self)
  }

  /// Decodes a leaf that was encoded as the value of an optional; else throws what is wrong.
  private func unusual<Leaf: PayloadLeaf>(
    _ type: Leaf.Type, _ value: PayloadValue, under key: (any CodingKey)?
  ) throws -> Leaf {
    guard let inner = source.innermost(of: value) else { throw corrupt(under: key) }
    guard let read = Leaf.read(inner, in: source) else { throw mismatch(type, inner, under: key) }
    return read
  }

  /// The decoder of a value inside this one.
  func nested(in value: PayloadValue, _ type: any Any.Type, under key: (any CodingKey)?) throws -> PayloadDecoder {
    guard !source.depth.isExhausted else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: path(under: key), debugDescription: "The value is nested too deeply for the stack."))
    }
    return PayloadDecoder(source: source, value: value, type: type, parent: self, key: key)
  }

  // MARK: Errors

  func corrupt(under key: (any CodingKey)?) -> DecodingError {
    .dataCorrupted(.init(codingPath: path(under: key), debugDescription: "The bytes are not a value."))
  }

  func missing(_ type: any Any.Type, _ text: String, under key: (any CodingKey)?) -> DecodingError {
    .valueNotFound(type, .init(codingPath: path(under: key), debugDescription: text))
  }

  private func mismatch(_ type: any Any.Type, _ value: PayloadValue, under key: (any CodingKey)?) -> DecodingError {
    if value.tag == .null { return missing(type, "Expected \(type), found nil.", under: key) }
    let isNumber = value.tag.numberWidth != nil || value.tag == .smallInteger
    if isNumber, type is any PayloadNumber.Type {
      return .dataCorrupted(.init(codingPath: path(under: key), debugDescription: "The number is not a \(type)."))
    }
    let text = "Expected \(type), found \(value.tag)."
    return .typeMismatch(type, .init(codingPath: path(under: key), debugDescription: text))
  }
}

// MARK: Members

extension PayloadDecoder {
  /// The value under `name`. The search starts after the last key found, which `advancing` moves.
  func find(_ name: String, advancing: Bool) throws -> PayloadValue? {
    if index == nil, value.tag == .keyedUnchecked { try makeIndex() }
    if let index { return index[name] }
    var name = name
    return try name.withUTF8 { utf8 in
      if let entry = source.entry(at: cursor, limit: value.end), unsafe source.holds(utf8, at: entry.key) {
        if advancing { cursor = entry.value.end }
        return entry.value
      }
      return try unsafe search(utf8, advancing)
    }
  }

  /// The texts of all keys, each once.
  func keyTexts() throws -> [String] {
    if index == nil, value.tag == .keyedUnchecked { try makeIndex() }
    if let index { return Array(index.keys) }
    var texts: [String] = []
    try forEachEntry { text, _ in texts.append(text) }
    return texts
  }

  /// The number of elements of a list. They are counted: a stored number could not be trusted and would need a check
  /// anyway.
  func countElements() -> Int {
    if let elementCount { return elementCount }
    var count = 0
    if let width = source.numberWidth(of: value) {
      count = (value.end - value.start - 1) / width
    } else {
      var offset = value.start
      while let element = source.value(at: offset, limit: value.end) { (count, offset) = (count + 1, element.end) }
    }
    elementCount = count
    return count
  }

  private func search(_ utf8: UnsafeBufferPointer<UInt8>, _ advancing: Bool) throws -> PayloadValue? {
    var offset = value.start
    var passed = 0
    while offset < value.end {
      guard let entry = source.entry(at: offset, limit: value.end) else { throw corrupt(under: nil) }
      if unsafe source.holds(utf8, at: entry.key) {
        if advancing { cursor = entry.value.end }
        return entry.value
      }
      offset = entry.value.end
      passed += 1
      // Only a damaged or foreign payload has this many keys without the `unchecked` tag. Searching them all for each
      // key would take quadratic time.
      if passed > SeenKeys.capacity {
        try makeIndex()
        return unsafe index?[String(decoding: utf8, as: UTF8.self)]
      }
    }
    return nil
  }

  private func makeIndex() throws {
    var values: [String: PayloadValue] = [:]
    try forEachEntry { text, value in values[text] = value }
    index = values
  }

  private func forEachEntry(_ body: (_ text: String, _ value: PayloadValue) -> Void) throws {
    var offset = value.start
    while offset < value.end {
      guard let entry = source.entry(at: offset, limit: value.end), let text = source.text(entry.key) else {
        throw corrupt(under: nil)
      }
      body(text, entry.value)
      offset = entry.value.end
    }
  }
}
