package import Platform
internal import SystemPackage

/// The folder `.augment` of an output folder: the plan of the run that writes there, its listing, and its manifest. One
/// run at a time holds it.
package final class RunRecord: Sendable {
  package static let folderName = ".augment"
  static let planName: FilePath = "plan.json"
  static let manifestName: FilePath = "manifest.jsonl"
  private static let lockName: FilePath = "lock"

  /// Another run writes to the output folder.
  package struct Busy: Error, Hashable, Sendable {
    /// `nil` if it does not say who it is.
    package var holder: RunHolder?
  }

  package let folder: Folder
  private let lock: LockFile

  /// Opens the record of an output folder, making it if necessary.
  /// - Throws: `Busy`, or a `FileError`.
  package init(of output: OutputFolder) throws {
    let folder = try output.subfolder(making: FilePath(Self.folderName))
    (self.folder, lock) = (folder, try Self.lock(folder))
  }

  /// The orphans of a killed run hold its lock until they notice, which takes them less than two seconds.
  private static let patienceNanoseconds: UInt64 = 5_000_000_000

  private static func lock(_ folder: Folder) throws -> LockFile {
    let deadline = Clock.nanoseconds + patienceNanoseconds
    while true {
      if let lock = try LockFile(lockName, in: folder, holder: RunHolder.current.text) { return lock }
      let holder = try File.text(lockName, in: folder).flatMap { RunHolder(text: $0) }
      guard let holder, holder.hasEnded, Clock.nanoseconds < deadline else { throw Busy(holder: holder) }
      Clock.sleep(untilNanoseconds: Clock.nanoseconds + 20_000_000)
    }
  }

  /// Whether a folder holds a record of a run that was planned.
  package static func exists(in output: String) -> Bool {
    Folder.working.holds(FilePath(text: output).appending(folderName).pushing(planName))
  }

  /// The record of an output folder, to read in; no lock is taken.
  package static func folder(of output: String) throws(FileError) -> Folder {
    try Folder(FilePath(text: output).appending(folderName))
  }

  /// Removes everything that a run has left, so that another can begin. The lock stays.
  package func clear() throws(FileError) {
    for name in try folder.names() where name != Self.lockName { try folder.removeTree(name) }
  }
}

extension RunRecord {
  /// Writes a part of the listing.
  func write(_ piece: SegmentBuilder.Piece, isDurable: Bool) throws(FileError) {
    try write(Zstandard.compressed(piece.content), to: FilePath(piece.segment.file), isDurable: isDurable)
  }

  /// Writes a file of the record. It appears whole or not at all.
  func write(_ bytes: [UInt8], to name: FilePath, isDurable: Bool) throws(FileError) {
    try FileError.naming(folder.path.pushing(name)) { () throws(FileError) in
      try AtomicFile.write(bytes.span, to: name, in: folder, AtomicFile.Options(isDurable: isDurable))
    }
  }
}
