internal import FoundationEssentials

extension RunFolder {
  /// Writes a value as JSON for people to read, so that the name never stands for half of it.
  func write(_ value: some Encodable, _ name: String) throws(StudyError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
      try (encoder.encode(value) + Data("\n".utf8)).write(to: URL(filePath: file(name)), options: .atomic)
    } catch {
      throw StudyError("\(file(name)): cannot write: \(error)")
    }
  }

  /// Appends to a text file, unless it ends with the same text.
  func append(_ added: String, to name: String) throws(StudyError) {
    let kept = text(name) ?? ""
    if !kept.hasSuffix(added) { try replace(name, with: "\(kept)\(added)") }
  }

  /// Writes a text file so that the name never stands for half of it.
  func replace(_ name: String, with text: String) throws(StudyError) {
    do {
      try Data(text.utf8).write(to: URL(filePath: file(name)), options: .atomic)
    } catch {
      throw StudyError("\(file(name)): cannot write: \(error)")
    }
  }
}
