internal import Glibc

/// Writes files so that a name never stands for half of one: under a temporary name in the same folder, then renamed.
public enum OutputFile {
  /// What every temporary name begins with.
  static let temporaryPrefix = ".augment-"

  /// Writes `bytes` to `folder/path`, by way of `folder/temporaryPath`; makes the folders on the way. After an error
  /// nothing is left but folders.
  static func write(
    _ bytes: [UInt8], to path: String, in folder: String, temporaryPath: String
  ) throws(FileError) {
    let temporary = "\(folder)/\(temporaryPath)"
    do throws(FileError) {
      try writeAll(bytes, to: temporary)
      guard unsafe rename(temporary, "\(folder)/\(path)") == 0 else { throw .last("rename") }
    } catch {
      unsafe unlink(temporary)
      throw error
    }
  }

  /// Makes a folder and those above it, as far as they do not exist.
  public static func makeFolder(_ path: String) throws(FileError) {
    if unsafe mkdir(path, 0o777) == 0 { return }
    if errno == EEXIST { return }
    guard errno == ENOENT, let parent = path.parentPath else { throw .last("make the folder") }
    try makeFolder(parent)
    guard unsafe mkdir(path, 0o777) == 0 || errno == EEXIST else { throw .last("make the folder") }
  }

  static func remove(_ path: String) { unsafe unlink(path) }

  private static func writeAll(_ bytes: [UInt8], to path: String) throws(FileError) {
    let descriptor = try create(path)
    var sent = 0
    var failure: FileError?
    while sent < bytes.count && failure == nil {
      let result = unsafe bytes.withUnsafeBytes { memory in
        retryingOnInterrupt {
          unsafe Glibc.write(descriptor, memory.baseAddress.map { unsafe $0 + sent }, bytes.count - sent)
        }
      }
      if result < 0 { failure = .last("write") }
      sent += max(0, result)
    }
    if close(descriptor) < 0 && failure == nil && errno != EINTR { failure = .last("write") }
    if let failure { throw failure }
  }

  private static func create(_ path: String) throws(FileError) -> Int32 {
    let flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW
    var descriptor = unsafe Glibc.open(path, flags, 0o666)
    if descriptor < 0 && errno == ENOENT, let parent = path.parentPath {
      try makeFolder(parent)
      descriptor = unsafe Glibc.open(path, flags, 0o666)
    }
    guard descriptor >= 0 else { throw .last("write") }
    return descriptor
  }
}

extension String {
  /// Everything before the last slash; `nil` where there is none or nothing before it.
  var parentPath: String? {
    guard let slash = utf8.lastIndex(of: UInt8(ascii: "/")), slash > startIndex else { return nil }
    return String(self[..<slash])
  }

  /// What follows the last slash.
  var lastPathComponent: String {
    guard let slash = utf8.lastIndex(of: UInt8(ascii: "/")) else { return self }
    return String(self[utf8.index(after: slash)...])
  }
}
