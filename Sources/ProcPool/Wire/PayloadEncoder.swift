/// Encodes one value of a payload, and makes the encoders of the values in it.
final class PayloadEncoder: Encoder {
  /// What the value has turned out to be.
  enum Content { case none, single, list, keyed }

  /// State that all encoders of one payload share.
  final class Run {
    let depth = StackDepth()
    /// The first misuse that could not be thrown on the spot, because the protocol's method does not throw.
    var failure: EncodingError?
  }

  /// Limit on nested containers opened inside each other by one value: far more than any type needs, few enough for the
  /// recursion of `complete`.
  private static let nestingLimit = 1_000

  let run: Run
  let segment: PayloadSegment
  private let parent: PayloadEncoder?
  private let key: (any CodingKey)?
  private let nestingDepth: Int

  private(set) var content = Content.none
  private var contentOffset = 0
  private let splicedBefore: Int
  private var seenKeys = SeenKeys()
  /// Elements of a list so far.
  var count = 0
  private var nested: [PayloadEncoder] = []
  /// Nested encoders that are continued when their key is asked for again. The first is stored apart: most values, such
  /// as enum cases, have no other, and need no dictionary.
  private var firstNested: (name: String, encoder: PayloadEncoder)?
  private var nestedByKey: [String: PayloadEncoder] = [:]

  var userInfo: [CodingUserInfoKey: Any] { [:] }

  init(segment: PayloadSegment) {
    run = Run()
    self.segment = segment
    (parent, key, nestingDepth, splicedBefore) = (nil, nil, 0, segment.splicedByteCount)
    segment.writer = ObjectIdentifier(self)
  }

  private init(in segment: PayloadSegment, of parent: PayloadEncoder, under key: (any CodingKey)?, nestingDepth: Int) {
    run = parent.run
    self.segment = segment
    self.parent = parent
    self.key = key
    self.nestingDepth = nestingDepth
    splicedBefore = segment.splicedByteCount
    segment.writer = ObjectIdentifier(self)
  }

  var codingPath: [any CodingKey] { path(under: nil) }

  /// The keys from the root to here, then `last`.
  func path(under last: (any CodingKey)?) -> [any CodingKey] {
    var keys = last.map { [$0] } ?? []
    var encoder: PayloadEncoder? = self
    while let current = encoder {
      if let key = current.key { keys.append(key) }
      encoder = current.parent
    }
    return keys.reversed()
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    open(.keyed)
    return KeyedEncodingContainer(PayloadKeyedEncodingContainer(encoder: self))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    open(.list)
    return PayloadListEncodingContainer(encoder: self)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer { PayloadSingleEncodingContainer(encoder: self) }

  /// Opens this value as a container, or continues it if it is one of that kind already.
  private func open(_ kind: Content) {
    guard content != kind else { return }
    guard content == .none, isWriter else {
      fail("The value is to be a \(kind) container, but is \(content) already or complete.")
      return
    }
    content = kind
    contentOffset = segment.bytes.count
    // Room for the header, whose length `writeHeader` fills in.
    segment.bytes.append(memoryOf: UInt64(0))
  }

  // MARK: Values

  func encodeRoot(_ value: some Encodable) throws {
    try appendValue(value, under: nil)
    if let failure = run.failure { throw failure }
  }

  /// Makes this value a single one, which `append` writes.
  func encodeSingle(_ value: Any, _ append: () throws -> Void) throws {
    guard content == .none, isWriter else { throw misuse("The value is \(content) already or complete.", value, nil) }
    content = .single
    do {
      try append()
    } catch {
      content = .none
      throw error
    }
  }

  /// Writes a key, if there is one, then what `append` writes; undoes both if that throws.
  func encodeMember(
    of kind: Content, named name: String?, _ path: @autoclosure () -> any CodingKey, _ append: () throws -> Void
  ) throws {
    guard content == kind, isWriter else { throw misuse("The container is not open.", self, path()) }
    let mark = segment.mark
    if let name { appendKey(name) }
    do {
      try append()
    } catch {
      segment.restore(mark)
      throw error
    }
  }

  func appendValue<Value: Encodable>(_ value: Value, under key: (any CodingKey)?) throws {
    if let leaf = payloadLeaf(Value.self) { return appendLeaf(value, leaf) }
    guard !run.depth.isExhausted else { throw Self.tooDeep(value, at: path(under: key)) }
    let child = PayloadEncoder(in: segment, of: self, under: key, nestingDepth: 0)
    defer {
      child.close()
      segment.writer = ObjectIdentifier(self)
    }
    try value.encode(to: child)
    try child.complete()
  }

  private func appendLeaf<Value, Leaf: PayloadLeaf>(_ value: Value, _ type: Leaf.Type) {
    // Invariant: the leaf was found by the identity of `Value`, so the two types are the same.
    unsafe unsafeBitCast(value, to: Leaf.self).append(to: &segment.bytes)
  }

  private func appendKey(_ name: String) {
    var name = name
    name.withUTF8 { utf8 in
      unsafe seenKeys.insert(utf8)
      if utf8.count < Int(longKey) {
        segment.bytes.append(memoryOf: UInt8(truncatingIfNeeded: utf8.count))
      } else {
        segment.bytes.append(memoryOf: longKey)
        segment.bytes.append(memoryOf: UInt64(utf8.count))
      }
      unsafe segment.bytes.append(UnsafeRawBufferPointer(utf8).bytes)
    }
  }

  // MARK: Nested containers

  /// The encoder of a nested container, which its user may write at any time until the outer value ends.
  func nestedEncoder(of kind: Content, under key: any CodingKey, named name: String?, merging: Bool) -> PayloadEncoder {
    if merging, let name, let known = knownNested(name) { return known }
    guard content == kind, isWriter, nestingDepth < Self.nestingLimit else {
      fail(nestingDepth < Self.nestingLimit ? "The container is not open." : "The containers are nested too deeply.")
      let stray = PayloadEncoder(in: PayloadSegment(), of: parent ?? self, under: key, nestingDepth: nestingDepth)
      stray.close()
      return stray
    }
    if let name { appendKey(name) } else { count += 1 }
    let own = PayloadSegment()
    segment.splice(own)
    let encoder = PayloadEncoder(in: own, of: self, under: key, nestingDepth: nestingDepth + 1)
    nested.append(encoder)
    guard merging, let name else { return encoder }
    if firstNested == nil { firstNested = (name, encoder) } else { nestedByKey[name] = encoder }
    return encoder
  }

  private func knownNested(_ name: String) -> PayloadEncoder? {
    guard let firstNested else { return nil }
    return firstNested.name == name ? firstNested.encoder : nestedByKey[name]
  }

  // MARK: The end of a value

  private func complete() throws {
    for encoder in nested {
      try encoder.complete()
      segment.complete(encoder.segment)
    }
    if let failure = run.failure { throw failure }
    switch content {
    case .none: segment.bytes.append(.empty)
    case .single: break
    case .list: writeHeader(.list)
    case .keyed: writeHeader(seenKeys.areUnique ? .keyed : .keyedUnchecked)
    }
  }

  /// Ends the value and all nested ones: encoders that a caller has kept write nothing any more.
  private func close() {
    segment.writer = nil
    guard !nested.isEmpty else { return }
    for encoder in nested { encoder.close() }
    (nested, nestedByKey, firstNested) = ([], [:], nil)  // each refers to this one: a cycle
  }

  private func writeHeader(_ tag: PayloadTag) {
    let spliced = segment.splicedByteCount - splicedBefore
    let header = tag.header(byteCount: segment.bytes.count - contentOffset - 8 + spliced)
    segment.bytes.replace(at: contentOffset, with: header)
  }

  // MARK: Errors

  private var isWriter: Bool { segment.writer == ObjectIdentifier(self) }

  private func fail(_ text: String) {
    if run.failure == nil { run.failure = misuse(text, self, nil) }
  }

  private func misuse(_ text: String, _ value: Any, _ key: (any CodingKey)?) -> EncodingError {
    .invalidValue(type(of: value), .init(codingPath: path(under: key), debugDescription: text))
  }

  /// Names the type only, since describing the value would take as much stack again, and the first few of its keys, as
  /// there may be thousands.
  static func tooDeep(_ value: Any, at path: [any CodingKey]) -> EncodingError {
    .invalidValue(
      type(of: value),
      .init(codingPath: Array(path.prefix(8)), debugDescription: "The value is nested too deeply for the stack."))
  }
}
