extension ByteBuffer {
  /// Appends an error as the payload of `threw`: the name of its type, its description, and, where it is `Codable`, the
  /// type's mangled name and the error itself.
  mutating func append(error: any Error) {
    append(text: String(describing: type(of: error)))
    append(text: String(describing: error))
    guard let codable = error as? any Error & Codable & Sendable, let name = _mangledTypeName(type(of: codable)) else {
      return
    }
    let end = count
    append(text: name)
    do { try appendEncoded(codable, to: &self) } catch { truncate(to: end) }
  }
}

/// What a payload of `threw` says: the error as words and, where it could be carried over, as itself.
func readThrown(from bytes: RawSpan) -> (cause: TaskFailure.Cause, error: (any Error & Sendable)?) {
  let (texts, end) = readTexts(3, from: bytes)
  let cause = TaskFailure.Cause.threw(type: texts[0], text: texts[1])
  guard isName(texts[2]), let type = _typeByName(texts[2]) as? any (Error & Codable & Sendable).Type else {
    return (cause, nil)
  }
  return (cause, try? decoded(type, from: bytes.extracting(end...)))
}

/// Whether the runtime may be asked for a type of that name. It takes bytes below a blank for the place of something in
/// memory, and these bytes may come from a worker gone mad.
private func isName(_ text: String) -> Bool {
  !text.isEmpty && text.utf8.count < 1024 && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
}
