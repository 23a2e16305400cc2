internal import Glibc
internal import Platform

/// Reads files that somebody else wrote, and may be writing still.
enum InputFile {
  /// The whole of a regular file of at most `limit` bytes. A file that shrinks while it is read gives what was there.
  static func read(_ path: String, limit: Int) throws(FileError) -> [UInt8] {
    let descriptor = try open(path)
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw .last("read") }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .notRegular }
    guard status.st_size <= limit else { throw .tooLarge(byteCount: Int(status.st_size)) }
    return try read(descriptor, count: Int(status.st_size))
  }

  /// The first bytes of a regular file, at most `count`.
  static func head(_ path: String, count: Int) throws(FileError) -> [UInt8] {
    let descriptor = try open(path)
    defer { close(descriptor) }
    return try read(descriptor, count: count)
  }

  /// Never waits: a FIFO is opened without a writer.
  private static func open(_ path: String) throws(FileError) -> Int32 {
    let descriptor = Int32(retryingOnInterrupt { unsafe Int(Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)) })
    guard descriptor >= 0 else { throw .last("open") }
    return descriptor
  }

  private static func read(_ descriptor: Int32, count: Int) throws(FileError) -> [UInt8] {
    guard Memory.hasRoom(forArrayOf: count) else { throw .systemCall("read", errno: ENOMEM) }
    var failure: FileError?
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { memory, filled in
      filled = 0
      while filled < count {
        let start = unsafe memory.baseAddress.map { unsafe $0 + filled }
        let received = retryingOnInterrupt { unsafe Glibc.read(descriptor, start, count - filled) }
        if received < 0 { failure = .last("read") }
        if received <= 0 { break }
        filled += received
      }
    }
    if let failure { throw failure }
    return bytes
  }
}
