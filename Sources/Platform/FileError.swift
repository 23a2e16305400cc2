package import SystemPackage

/// Why a file or folder could not be used: what was tried, where, and what the system said.
package struct FileError: Error, Hashable, Sendable {
  /// What was tried.
  package enum Operation: String, Sendable {
    case open, list, read, write, rename, remove, lock, sync
    case makeFolder = "make the folder"
  }

  /// What stood against it.
  package enum Cause: Hashable, Sendable {
    case system(Errno)
    /// A device, FIFO, socket or folder where a file was expected.
    case notRegular
    case tooLarge(byteCount: Int, limit: Int)
    /// Another process holds the lock.
    case locked
  }

  package var operation: Operation
  package var path: FilePath
  package var cause: Cause

  package init(_ operation: Operation, _ path: FilePath, _ cause: Cause) {
    (self.operation, self.path, self.cause) = (operation, path, cause)
  }

  /// The error of the system, where that is the cause.
  package var errno: Errno? { if case .system(let errno) = cause { errno } else { nil } }

  /// Whether the machine had no more of something, so that other files will fail as well: a full disk, say.
  package var isShortage: Bool { errno?.isShortage ?? false }
}

extension FileError: CustomStringConvertible {
  /// A sentence fragment without the path: "cannot open: Permission denied".
  package var reason: String {
    switch cause {
    case .system(let errno): "cannot \(operation.rawValue): \(errno)"
    case .notRegular: "not a regular file"
    case .tooLarge(let byteCount, let limit): "too large: \(byteCount) bytes are more than the limit of \(limit)"
    case .locked: "another process is writing to it"
    }
  }

  /// "in/a.jpg: cannot open: Permission denied"
  package var description: String { path.isEmpty ? reason : "\(path.text): \(reason)" }
}

extension FileError {
  /// What `body` gives; its `Errno` gets the place.
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
