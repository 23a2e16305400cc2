internal import FoundationEssentials
internal import Platform
internal import SystemPackage

/// The files of a run.
package struct RunFolder: Sendable {
  package static let rowsName = "runs.csv"
  package static let descriptionName = "study.json"
  package static let machineName = "machine.json"
  package static let commandName = "command.txt"

  package let path: String

  package init(_ path: String) { self.path = path }

  /// Whether the folder holds a run, complete or not.
  package var holdsRun: Bool {
    [Self.descriptionName, Self.rowsName].contains { Folder.working.holds(FilePath(text: file($0))) }
  }

  package func file(_ name: String) -> String { "\(path)/\(name)" }

  /// The content of `study.json`; `nil` if it is missing.
  package func description() throws(StudyError) -> StudyDescription? {
    try decoded(StudyDescription.self, Self.descriptionName)
  }

  /// The complete rows of `runs.csv`; none if the file is missing.
  package func rows() throws(StudyError) -> [StudyRow] {
    try StudyRow.rows(text: try text(Self.rowsName) ?? "", path: file(Self.rowsName))
  }

  /// Whether an earlier version wrote `runs.csv`, without the columns that rows have now.
  func lacksColumns() throws(StudyError) -> Bool {
    guard let text = try text(Self.rowsName), let end = text.firstIndex(of: "\n") else { return false }
    return StudyRow.columns(under: text[..<end]).map { $0.count < StudyRow.columns.count } ?? false
  }

  /// The text of a file; `nil` if it is missing.
  func text(_ name: String) throws(StudyError) -> String? {
    try StudyError.wrapping { () throws(FileError) in try File.text(FilePath(text: file(name))) }
  }

  func decoded<Value: Decodable>(_ type: Value.Type, _ name: String) throws(StudyError) -> Value? {
    guard let text = try text(name) else { return nil }
    do {
      return try JSONDecoder().decode(type, from: Data(text.utf8))
    } catch {
      throw StudyError("\(file(name)): not a valid file of a study (\(Self.reason(error)))")
    }
  }

  private static func reason(_ error: any Error) -> String {
    switch error {
    case DecodingError.keyNotFound(let key, _): "\"\(key.stringValue)\" is missing"
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
      "\"\(context.codingPath.map(\.stringValue).joined(separator: "."))\" has the wrong type"
    default: "not JSON"
    }
  }
}

extension RunFolder {
  /// Writes a value as pretty-printed JSON.
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

  /// Appends to a text file, unless it already ends with `added`.
  func append(_ added: String, to name: String) throws(StudyError) {
    let kept = try text(name) ?? ""
    if !kept.hasSuffix(added) { try replace(name, with: "\(kept)\(added)") }
  }

  /// Writes a text file atomically and durably. The temporary name is fixed, so the next write removes what a killed
  /// process left; only one study at a time writes here.
  func replace(_ name: String, with text: String) throws(StudyError) {
    let options = AtomicFile.Options(temporaryName: FilePath.Component(".\(name).tmp"), isDurable: true)
    try StudyError.wrapping { () throws(FileError) in
      try AtomicFile.write(text, to: FilePath(text: file(name)), options)
    }
  }
}

extension RunFolder {
  /// Stores the timeline of one run, replacing those of the same strategy and ranks.
  func keepTimeline(_ entries: [TimelineEntry], of configuration: Configuration) throws(StudyError) {
    let path = file(TimelineEntry.fileName)
    let kept = try TimelineEntry.rows(text: try text(TimelineEntry.fileName) ?? "", path: path)
    let others = kept.filter { $0.strategy != configuration.strategy || $0.ranks != configuration.ranks }
    try replace(TimelineEntry.fileName, with: TimelineEntry.text(others + entries))
  }
}

/// `runs.csv`, open for writing: each row is on the disk before the next cell starts, and a lock keeps other studies
/// out.
struct RowFile: ~Copyable {
  private var file: AppendOnlyFile

  /// Opens or creates the file, and writes the header if it is empty.
  init(_ path: String) throws(StudyError) {
    do throws(FileError) {
      var file = try AppendOnlyFile(FilePath(text: path))
      if file.byteCount == 0 { try file.append(StudyRow.header) }
      self.file = file
    } catch {
      throw error.cause == .locked ? StudyError("\(path): another study is writing to it") : StudyError(error)
    }
  }

  mutating func append(_ row: StudyRow) throws(StudyError) {
    try StudyError.wrapping { () throws(FileError) in try file.append(row.line) }
  }
}
