internal import Platform
internal import SystemPackage

/// `runs.csv` while a study writes it: each row is on the disk before the next cell begins, and no second study writes
/// to the same file.
struct RowFile: ~Copyable {
  private var file: AppendOnlyFile

  /// Opens the file or makes it, and writes the header where there is none.
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
    do throws(FileError) {
      try file.append(row.line)
    } catch {
      throw StudyError(error)
    }
  }
}
