/// Writes one value of a payload, and makes the encoders of the values in it.
final class PayloadEncoder: Encoder {
  /// What a value turned out to be.
  enum Content { case none, single, list, keyed }

  /// What all encoders of one payload share.
  final class Run {
    let depth = StackDepth()
    /// The first mistake of a caller that could not be thrown at once.
    var failure: EncodingError?
  }

  /// Nested containers in each other that one value may open: far more than any needs, few enough to recurse through.
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
  /// Those that go on where their key is asked for again. The first is apart: most values, as enum cases, have no other.
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

  /// The keys that lead here, and `last`.
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

  /// Makes this value a container; where it is one already, that goes on.
  private func open(_ kind: Content) {
    guard content != kind else { return }
    guard content == .none, isWriter else {
      fail("The value is to be a \(kind) container, but is \(content) already or complete.")
      return
    }
    content = kind
    contentOffset = segment.bytes.count
    segment.bytes.append(memoryOf: UInt64(0))
  }

  // MARK: Values

  func encodeRoot(_ value: some Encodable) throws {
    try appendValue(value, under: nil)
    if let failure = run.failure { throw failure }
  }

  /// Makes this encoder's value a single one, which `append` writes.
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

  /// Writes a key or nothing, then what `append` does; takes both back where that throws.
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
    // Invariant: the leaf was found by the identity of `Value`, so that both are one type.
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

  /// The encoder of a value in this container that is written to whenever its user likes.
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

  /// Ends the value and those nested in it: no handle to them writes any more.
  private func close() {
    segment.writer = nil
    guard !nested.isEmpty else { return }
    for encoder in nested { encoder.close() }
    (nested, nestedByKey, firstNested) = ([], [:], nil)  // each refers to this one
  }

  private func writeHeader(_ tag: PayloadTag) {
    let spliced = segment.splicedByteCount - splicedBefore
    let header = tag.header(byteCount: segment.bytes.count - contentOffset - 8 + spliced)
    segment.bytes.replace(at: contentOffset, with: header)
  }

  // MARK: Mistakes

  private var isWriter: Bool { segment.writer == ObjectIdentifier(self) }

  private func fail(_ text: String) {
    if run.failure == nil { run.failure = misuse(text, self, nil) }
  }

  private func misuse(_ text: String, _ value: Any, _ key: (any CodingKey)?) -> EncodingError {
    .invalidValue(type(of: value), .init(codingPath: path(under: key), debugDescription: text))
  }

  /// Named by its type, since to describe the value would take as much of the stack again, and by the first of thousands of
  /// keys.
  static func tooDeep(_ value: Any, at path: [any CodingKey]) -> EncodingError {
    .invalidValue(
      type(of: value),
      .init(codingPath: Array(path.prefix(8)), debugDescription: "The value is nested too deeply for the stack."))
  }
}
