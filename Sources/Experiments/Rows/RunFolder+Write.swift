internal import FoundationEssentials
internal import Glibc

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
    let kept = text(name) ?? ""
    if !kept.hasSuffix(added) { try replace(name, with: "\(kept)\(added)") }
  }

  /// Writes a text file so that the name never stands for half of it. The temporary name is always the same, so that what
  /// a kill leaves is gone with the next write; Foundation's atomic write would leave a file for each kill.
  func replace(_ name: String, with text: String) throws(StudyError) {
    let temporary = file(".\(name).tmp")
    let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .lastCall("write", file(name)) }
    let isWritten = writeAll(text, to: descriptor) && fsync(descriptor) == 0
    let error = StudyError.lastCall("write", file(name))
    close(descriptor)
    guard isWritten, unsafe rename(temporary, file(name)) == 0 else {
      unsafe unlink(temporary)
      throw error
    }
  }

  private func writeAll(_ text: String, to descriptor: Int32) -> Bool {
    let bytes = Array(text.utf8)
    var sent = 0
    while sent < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { memory in
        unsafe Glibc.write(descriptor, memory.baseAddress.map { unsafe $0 + sent }, bytes.count - sent)
      }
      if count < 0 && errno != EINTR { return false }
      sent += max(0, count)
    }
    return true
  }
}

extension StudyError {
  /// The failure of the system call just made, at a file.
  static func lastCall(_ action: String, _ path: String) -> StudyError {
    let number = errno
    var error = StudyError("\(path): cannot \(action): \(unsafe String(cString: strerror(number)))")
    error.isShortage = [ENOSPC, EDQUOT, EMFILE, ENFILE].contains(number)
    return error
  }
}
