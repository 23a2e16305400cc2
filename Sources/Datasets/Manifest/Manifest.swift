package import Platform
internal import SystemPackage

/// `manifest.jsonl`, open for writing: a line for each output as it is done, and lines about the run. The main process
/// alone appends to it; a line that was cut off when a process was killed is removed when it is opened.
package final class Manifest: OutcomeRecord {
  private var file: AppendOnlyFile
  /// For errors.
  private let path: FilePath
  private let output: OutputFolder
  private var nextSync: UInt64

  /// Between two waits for the disk, unless one takes long.
  private static let syncNanoseconds: UInt64 = 10_000_000_000
  /// Waits take at most this part of the time.
  private static let syncShare: UInt64 = 50

  /// Opens the manifest, and notes that this process goes on with the run.
  package init(_ record: RunRecord, _ output: OutputFolder) throws(FileError) {
    let path = FilePath(text: output.path).appending(RunRecord.folderName).pushing(RunRecord.manifestName)
    var file = try AppendOnlyFile(RunRecord.manifestName, in: record.folder)
    let begin = ManifestEvent.begun(.current, output.durability)
    try FileError.naming(path) { () throws(FileError) in
      try file.append(begin.line, isDurable: output.durability != .none)
    }
    (self.path, self.output, nextSync) = (path, output, Clock.nanoseconds + Self.syncNanoseconds)
    self.file = file
  }

  package func append(_ entry: ManifestEntry) throws(FileError) {
    try append(line: entry.line, isDurable: false)
    guard output.durability == .batch, Clock.nanoseconds > nextSync else { return }
    let begin = Clock.nanoseconds
    try output.sync()
    try append(.synced)
    let end = Clock.nanoseconds
    nextSync = end + max(Self.syncNanoseconds, Self.syncShare * (end - begin))
  }

  /// Call when every task has ended.
  /// - Parameter setFiles: the files of the whole set, relative to the output folder.
  package func finish(setFiles: [String]) throws(FileError) {
    if output.durability != .none { try output.sync() }
    try append(.finished(setFiles.compactMap { path in output.record(of: path) }))
  }

  private func append(_ event: ManifestEvent) throws(FileError) {
    try append(line: event.line, isDurable: output.durability != .none)
  }

  private func append(line: String, isDurable: Bool) throws(FileError) {
    try FileError.naming(path) { () throws(FileError) in try file.append(line, isDurable: isDurable) }
  }
}
