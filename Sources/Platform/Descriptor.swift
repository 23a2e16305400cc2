internal import CPlatform
internal import Glibc
internal import SystemPackage

/// The funnel of all system calls on files: a descriptor that is closed with its owner. Calls are made again as long as
/// a signal interrupts them, and fail with the system's error.
struct Descriptor: ~Copyable {
  let number: Int32

  /// Opens what lies at `path`, in `folder` if the path is relative. It never becomes the controlling terminal, and no
  /// other program inherits it.
  init(_ path: FilePath, in folder: Folder, _ flags: Int32) throws(Errno) {
    let (folder, path) = try folder.near(path)
    number = try retrying {
      unsafe path.withPlatformString { unsafe openat(folder.number, $0, flags | O_CLOEXEC | O_NOCTTY, 0o666) }
    }
  }

  /// A file in memory, without a name.
  init(memoryNamed name: String) throws(Errno) {
    number = try retrying { unsafe cplatform_memfd(name) }
  }

  deinit { Glibc.close(number) }

  /// Closes it, for those who must know whether what they wrote was kept.
  consuming func close() throws(Errno) {
    let number = number
    discard self
    // After EINTR it is closed as well; a second time would meet a descriptor of somebody else.
    guard Glibc.close(number) < 0, errno != EINTR else { return }
    throw Errno(rawValue: errno)
  }

  func status() throws(Errno) -> Stat { try FileDescriptor(rawValue: number).stat() }

  /// The next bytes, `count` of them unless the file ends before.
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

  /// All that follows, or one byte more than the limit.
  func readToEnd(limit: Int) throws(Errno) -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count <= limit {
      let chunk = try read(count: min(1 << 16, limit - bytes.count + 1))
      if chunk.isEmpty { break }
      bytes += chunk
    }
    return bytes
  }

  /// Bytes from an offset on, `count` of them unless the file ends before.
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

  /// All of the bytes, in one call if the system takes them.
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

  /// Waits until all that was written to its file system is on the disk.
  func syncFileSystem() throws(Errno) { try retrying { cplatform_syncfs(number) } }

  /// Takes or changes the lock on the file, which holds until every copy of the descriptor is closed, those of forked
  /// processes included.
  /// - Returns: whether it was taken; `false` where another process stands against it.
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

/// Makes a system call again as long as a signal interrupts it.
@discardableResult
func retrying<Value: SignedInteger>(_ call: () -> Value) throws(Errno) -> Value {
  while true {
    let value = call()
    if value >= 0 { return value }
    if errno != EINTR { throw Errno(rawValue: errno) }
  }
}
