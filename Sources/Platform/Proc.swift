internal import Glibc
package import SystemPackage

/// What the kernel tells in files that it makes up as they are read. All of it may be missing: in a sandbox, or where
/// /proc is not mounted.
package enum Proc {
  /// The whole text; `nil` where there is no such file, or it cannot be read to its end.
  package static func text(_ path: FilePath) -> String? {
    (try? File.readToEnd(path)).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The text without the space around it.
  package static func word(_ path: FilePath) -> String? { text(path).map { trimmed($0[...]) } }

  /// Of the first line "name: value" that has such a name, the value without the space around it.
  package static func value(of name: String, in path: FilePath, separator: Character = ":") -> String? {
    for line in text(path)?.split(separator: "\n") ?? [] {
      let parts = line.split(separator: separator, maxSplits: 1).map { trimmed($0) }
      if parts.count == 2 && parts[0] == name { return parts[1] }
    }
    return nil
  }

  /// A line of a process's status that is a number of bytes; `process` is a number, or "self".
  package static func statusBytes(_ name: String, ofProcess process: String) -> Int? {
    value(of: name, in: FilePath("/proc/\(process)/status"))
      .flatMap { Int($0.prefix(while: \.isNumber)) }.map { $0 * 1024 }
  }

  /// Numbers of the processes that this one has started and that are not reaped.
  package static var childPIDs: [Int32]? {
    text(FilePath("/proc/self/task/\(getpid())/children"))?.split(separator: " ").compactMap { Int32($0) }
  }

  /// The type of the file system that a folder lies on.
  package static func fileSystem(of folder: FilePath) -> String? {
    guard let path = folder.resolved else { return nil }
    let mounts = text("/proc/mounts")?.split(separator: "\n").map { $0.split(separator: " ") } ?? []
    let holding = mounts.filter { $0.count > 2 && path.starts(with: FilePath(String($0[1]))) }
    return holding.max { $0[1].utf8.count < $1[1].utf8.count }.map { String($0[2]) }
  }

  private static func trimmed(_ text: Substring) -> String {
    String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }
}

extension FilePath {
  /// The path without links, from the root; `nil` where nothing lies there.
  package var resolved: FilePath? {
    guard let memory = unsafe withPlatformString({ unsafe realpath($0, nil) }) else { return nil }
    defer { unsafe free(memory) }
    return unsafe FilePath(platformString: memory)
  }
}
