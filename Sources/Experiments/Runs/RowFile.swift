internal import Glibc

/// `runs.csv` while a study writes it: each row is on the disk before the next cell begins, and no second study writes
/// to the same file.
struct RowFile: ~Copyable {
  private let path: String
  private let descriptor: Int32

  /// Opens the file or makes it, takes off the line that a killed run has left unfinished, and writes the header where
  /// there is none.
  init(_ path: String) throws(StudyError) {
    self.path = path
    descriptor = unsafe open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw Self.failure("open", path) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let isTaken = errno == EWOULDBLOCK
      throw isTaken ? StudyError("\(path): another study is writing to it") : Self.failure("lock", path)
    }
    let byteCount = try repair()
    if byteCount == 0 { try append(StudyRow.header) }
  }

  deinit { close(descriptor) }

  borrowing func append(_ row: StudyRow) throws(StudyError) { try append(row.line) }

  /// In one call, so that a reader finds whole lines.
  private func append(_ line: String) throws(StudyError) {
    let bytes = Array("\(line)\n".utf8)
    let written = unsafe write(descriptor, bytes, bytes.count)
    guard written == bytes.count, fsync(descriptor) == 0 else { throw Self.failure("write", path) }
  }

  /// - Returns: bytes in the file.
  private func repair() throws(StudyError) -> Int {
    let bytes = Array((SystemFile.text(path) ?? "").utf8)
    let whole = bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    if whole < bytes.count && ftruncate(descriptor, whole) != 0 { throw Self.failure("repair", path) }
    return whole
  }

  private static func failure(_ action: String, _ path: String) -> StudyError {
    let number = errno
    var error = StudyError("\(path): cannot \(action): \(unsafe String(cString: strerror(number)))")
    error.isShortage = [ENOSPC, EDQUOT, EMFILE, ENFILE].contains(number)
    return error
  }
}
