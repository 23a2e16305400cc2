internal import FoundationEssentials
internal import Platform
internal import SystemPackage

extension RunFolder {
  /// Writes a value as JSON for people to read.
  func write(_ value: some Encodable, _ name: String) throws(StudyError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let bytes: Data
    do {
      bytes = try encoder.encode(value)
    } catch {
      throw StudyError("\(file(name)): cannot be written: \(error)")
    }
    try replace(name, with: "\(String(decoding: bytes, as: UTF8.self))\n")
  }

  /// Appends to a text file, unless it ends with the same text.
  func append(_ added: String, to name: String) throws(StudyError) {
    let kept = try text(name) ?? ""
    if !kept.hasSuffix(added) { try replace(name, with: "\(kept)\(added)") }
  }

  /// Writes a text file, whole or not at all, and waits until it is on the disk. The temporary name is always the same,
  /// so that what a kill leaves is gone with the next write; one study at a time writes here.
  func replace(_ name: String, with text: String) throws(StudyError) {
    let options = AtomicFile.Options(temporaryName: FilePath.Component(".\(name).tmp"), isDurable: true)
    do throws(FileError) {
      try AtomicFile.write(text, to: FilePath(text: file(name)), options)
    } catch {
      throw StudyError(error)
    }
  }
}

extension StudyError {
  /// A file that could not be used.
  init(_ error: FileError) { self.init(error.description, isShortage: error.isShortage) }
}
