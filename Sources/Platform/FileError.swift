internal import Glibc
package import SystemPackage

/// Why a file or folder could not be used: the operation, the path and the cause.
package struct FileError: Error, Hashable, Sendable {
  package enum Operation: String, Sendable {
    case open, list, read, write, rename, remove, lock, sync
    case makeFolder = "make the folder"
  }

  package enum Cause: Hashable, Sendable {
    case system(Errno)
    /// A device, FIFO, socket or folder where a file was expected.
    case notRegular
    case tooLarge(byteCount: Int, limit: Int)
    /// Another process holds the lock.
    case locked
    /// The name exists, and may not be replaced.
    case nameTaken
    /// It is not the file any more that it was when it was listed.
    case changed
    /// The folder that was opened is gone, or its path leads to another one now.
    case folderLost
  }

  package var operation: Operation
  package var path: FilePath
  package var cause: Cause

  package init(_ operation: Operation, _ path: FilePath, _ cause: Cause) {
    (self.operation, self.path, self.cause) = (operation, path, cause)
  }

  /// The system's error, if that is the cause.
  package var errno: Errno? { if case .system(let errno) = cause { errno } else { nil } }

  /// Whether the machine is short of a resource, such as disk space, so that other files will fail as well.
  package var isShortage: Bool { errno?.isShortage ?? false }

  /// Whether the operation is one of those that write.
  private var isOfWriting: Bool { [.write, .rename, .sync, .makeFolder].contains(operation) }

  /// Whether the output is gone for good, so that other files will fail as well.
  package var isLoss: Bool {
    // A disk that fails to take one file fails to take others; one that fails to give a file may have lost it alone. A
    // temporary file that is gone was removed by somebody who takes this run for dead.
    if errno == .ioError && isOfWriting || errno == .noSuchFileOrDirectory && operation == .rename { return true }
    return cause == .folderLost || errno?.isLoss == true
      || lacksRename && errno != .notPermitted
  }

  /// Whether the file system seems unable to rename files, as mounts of object stores are. Some of those say EPERM, which
  /// other file systems say of a single file.
  package var lacksRename: Bool {
    guard operation == .rename, let errno else { return false }
    return [Glibc.ENOSYS, Glibc.EOPNOTSUPP, Glibc.EPERM].contains(errno.rawValue)
  }
}

extension FileError: CustomStringConvertible {
  /// A sentence fragment without the path: "cannot open: Permission denied".
  package var reason: String {
    switch cause {
    case .system(let errno): "cannot \(operation.rawValue): \(errno)"
    case .notRegular: "not a regular file"
    case .tooLarge(let byteCount, let limit): "too large: \(byteCount) bytes are more than the limit of \(limit)"
    case .locked: "another process is writing to it"
    case .nameTaken: "there is a \(path.text) already"
    case .changed: "changed since the run was planned"
    case .folderLost: "the folder that was opened is gone"
    }
  }

  /// "in/a.jpg: cannot open: Permission denied"
  package var description: String { path.isEmpty ? reason : "\(path.text): \(reason)" }
}

extension FileError {
  /// Runs `body`, whose errors are about the file that people know as `path`.
  package static func naming(_ path: FilePath, _ body: () throws(FileError) -> Void) throws(FileError) {
    do throws(FileError) {
      try body()
    } catch {
      throw FileError(error.operation, path, error.cause)
    }
  }

  /// Runs `body` and adds the path and the operation to its `Errno`.
  @discardableResult
  static func at<Value: ~Copyable>(
    _ path: FilePath, _ operation: Operation, _ body: () throws(Errno) -> Value
  ) throws(FileError) -> Value {
    do throws(Errno) {
      return try body()
    } catch {
      throw FileError(operation, path, .system(error))
    }
  }
}

extension Errno {
  /// Whether the machine is short of something that others may give back: disk space, descriptors, processes or memory.
  /// Further calls would fail as well, but a later retry may succeed.
  package var isShortage: Bool {
    switch self {
    case .noSpace, .diskQuotaExceeded: true
    case .tooManyOpenFiles, .tooManyOpenFilesInSystem: true
    case .noMemory, .resourceTemporarilyUnavailable: true
    default: false
    }
  }

  /// Whether a file system is gone or takes no more data: further calls will fail as well, and so will retries.
  package var isLoss: Bool {
    // ENOTCONN: the server of a FUSE file system is gone.
    [Glibc.EROFS, Glibc.ENODEV, Glibc.ENXIO, Glibc.ESTALE, Glibc.ENOTCONN].contains(rawValue)
  }
}
