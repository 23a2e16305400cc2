internal import CPlatform
internal import Glibc
internal import SystemPackage

/// A file descriptor that is closed with its owner; all system calls on files go through it. Calls are retried on
/// EINTR, and fail with the system's error.
struct Descriptor: ~Copyable {
  let number: Int32

  /// Opens `path`, in `folder` if it is relative. It never becomes the controlling terminal, and is closed on `exec`.
  init(_ path: FilePath, in folder: Folder, _ flags: Int32) throws(Errno) {
    let (folder, path) = try folder.near(path)
    number = try retrying {
      unsafe path.withPlatformString { unsafe openat(folder.number, $0, flags | O_CLOEXEC | O_NOCTTY, 0o666) }
    }
  }

  /// An anonymous file in memory.
  init(memoryNamed name: String) throws(Errno) {
    number = try retrying { unsafe cplatform_memfd(name) }
  }

  deinit { Glibc.close(number) }

  /// Closes the descriptor, for callers that must know whether their data was kept.
  consuming func close() throws(Errno) {
    let number = number
    discard self
    // After EINTR it is closed as well; a second close could hit a descriptor that was opened since.
    guard Glibc.close(number) < 0, errno != EINTR else { return }
    throw Errno(rawValue: errno)
  }

  func status() throws(Errno) -> Stat { try FileDescriptor(rawValue: number).stat() }

  /// Reads `count` bytes, or fewer at the end of the file.
  func read(count: Int) throws(Errno) -> [UInt8] {
    guard Memory.hasRoom(forArrayOf: count) else { throw .noMemory }
    var failure: Errno?
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { memory, filled in
      filled = 0
      do throws(Errno) {
        while filled < count {
          let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(memory)[filled...])
          let received = try retrying { unsafe Glibc.read(number, rest.baseAddress, count - filled) }
          if received == 0 { return }
          filled += received
        }
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return bytes
  }

  /// Reads to the end, but at most one byte more than `limit`.
  func readToEnd(limit: Int) throws(Errno) -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count <= limit {
      let chunk = try read(count: min(1 << 16, limit - bytes.count + 1))
      if chunk.isEmpty { break }
      bytes += chunk
    }
    return bytes
  }

  /// Reads `count` bytes from an offset, or fewer at the end of the file.
  func read(at offset: Int, count: Int) throws(Errno) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      let received = try retrying {
        unsafe bytes.withUnsafeMutableBytes { unsafe pread(number, $0.baseAddress, count - filled, offset + filled) }
      }
      if received == 0 { break }
      filled += received
    }
    return Array(bytes.prefix(filled))
  }

  /// Writes all bytes, in one call if the system takes them.
  func write(_ bytes: borrowing Span<UInt8>) throws(Errno) {
    try unsafe bytes.withUnsafeBytes { (memory: UnsafeRawBufferPointer) throws(Errno) in
      var sent = 0
      while sent < memory.count {
        let rest = unsafe UnsafeRawBufferPointer(rebasing: memory[sent...])
        sent += try retrying { unsafe Glibc.write(number, rest.baseAddress, rest.count) }
      }
    }
  }

  func truncate(to byteCount: Int) throws(Errno) { try retrying { ftruncate(number, byteCount) } }

  /// Waits until the content is on the disk.
  func sync() throws(Errno) { try retrying { fsync(number) } }

  /// Waits until everything written to its file system is on the disk.
  func syncFileSystem() throws(Errno) { try retrying { cplatform_syncfs(number) } }

  /// Drops the content from the page cache, as far as it is on the disk.
  func dropFromCache() { posix_fadvise(number, 0, 0, POSIX_FADV_DONTNEED) }

  /// Takes or changes the `flock` lock, which is held until every copy of the descriptor is closed, including those of
  /// forked processes.
  /// - Returns: `false` if another process holds a conflicting lock.
  func lock(_ operation: Int32) throws(Errno) -> Bool {
    do throws(Errno) {
      try retrying { flock(number, operation) }
      return true
    } catch {
      if error == .wouldBlock { return false }
      throw error
    }
  }
}

/// Retries a system call as long as it fails with EINTR.
@discardableResult
func retrying<Value: SignedInteger>(_ call: () -> Value) throws(Errno) -> Value {
  while true {
    let value = call()
    if value >= 0 { return value }
    if errno != EINTR { throw Errno(rawValue: errno) }
  }
}
