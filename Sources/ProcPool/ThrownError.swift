internal import FoundationEssentials

extension ByteBuffer {
  /// Appends an error as the payload of `threw`: the name of its type, its description, and, where it is `Codable`, the
  /// type's mangled name and the error itself.
  mutating func append(error: any Error) {
    append(text: String(describing: type(of: error)))
    append(text: String(describing: error))
    guard let codable = error as? any Error & Codable & Sendable, let name = _mangledTypeName(type(of: codable)),
      let bytes = try? encodedError(codable)
    else { return }
    append(text: name)
    append(bytes.bytes)
  }
}

/// What a payload of `threw` says: the error as words and, where it could be carried over, as itself.
func readThrown(from bytes: RawSpan) -> (cause: TaskFailure.Cause, error: (any Error & Sendable)?) {
  let (texts, end) = readTexts(3, from: bytes)
  let cause = TaskFailure.Cause.threw(type: texts[0], text: texts[1])
  guard !texts[2].isEmpty, let type = _typeByName(texts[2]) as? any (Error & Codable & Sendable).Type else {
    return (cause, nil)
  }
  return (cause, try? decodedError(type, Data(payload: bytes.extracting(end...))))
}

private func encodedError(_ error: some Codable) throws -> Data {
  let encoder = PropertyListEncoder()
  encoder.outputFormat = .binary
  return try encoder.encode([error])  // a property list must be a list or a dictionary at the top
}

private func decodedError<Value: Error & Codable & Sendable>(_ type: Value.Type, _ bytes: Data) throws -> (
  any Error & Sendable
)? {
  try PropertyListDecoder().decode([Value].self, from: bytes).first
}
