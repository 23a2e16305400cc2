internal import Glibc

/// Why a file or folder could not be used. The path is the caller's to add.
public enum FileError: Error, Hashable, Sendable {
  /// A system call failed: what was tried ("open", "write", …) and its `errno`.
  case systemCall(String, errno: Int32)
  /// A device, FIFO, socket or folder where a file was expected.
  case notRegular
  /// More bytes than any image within the limit of pixels has.
  case tooLarge(byteCount: Int)

  /// The failure of the system call just made.
  static func last(_ name: String) -> FileError { .systemCall(name, errno: errno) }

  /// Whether the machine had no more of something, so that other files will fail as well: a full disk, say.
  public var isShortage: Bool {
    guard case .systemCall(_, let number) = self else { return false }
    return [ENOSPC, EDQUOT, EMFILE, ENFILE, ENOMEM].contains(number)
  }
}

extension FileError: CustomStringConvertible {
  /// A sentence fragment: "cannot open: Permission denied".
  public var description: String {
    switch self {
    case .systemCall(let name, let number): "cannot \(name): \(unsafe String(cString: strerror(number)))"
    case .notRegular: "not a regular file"
    case .tooLarge(let byteCount): "too large: \(byteCount) bytes are more than an image within --max-pixels has"
    }
  }
}

/// Calls `body` again as long as a signal interrupts it.
func retryingOnInterrupt(_ body: () -> Int) -> Int {
  while true {
    let result = body()
    if result >= 0 || errno != EINTR { return result }
  }
}
