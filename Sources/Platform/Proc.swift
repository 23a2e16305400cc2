internal import CPlatform
internal import Glibc
package import SystemPackage

/// Reads /proc and similar files that the kernel generates. Any of them may be missing: in a sandbox, or if /proc is
/// not mounted.
package enum Proc {
  /// The whole text; `nil` if the file does not exist or cannot be read to its end.
  package static func text(_ path: FilePath) -> String? {
    (try? File.readToEnd(path)).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The text, trimmed of whitespace.
  package static func word(_ path: FilePath) -> String? { text(path).map { trimmed($0[...]) } }

  /// The trimmed value of the first line "name: value" with this name.
  package static func value(of name: String, in path: FilePath, separator: Character = ":") -> String? {
    for line in text(path)?.split(separator: "\n") ?? [] {
      let parts = line.split(separator: separator, maxSplits: 1).map { trimmed($0) }
      if parts.count == 2 && parts[0] == name { return parts[1] }
    }
    return nil
  }

  /// A line of /proc/PID/status that is a size, in bytes; `process` is a PID or "self".
  package static func statusBytes(_ name: String, ofProcess process: String) -> Int? {
    value(of: name, in: FilePath("/proc/\(process)/status"))
      .flatMap { Int($0.prefix(while: \.isNumber)) }.map { $0 * 1024 }
  }

  /// PIDs of the children of this process that are not reaped.
  package static var childPIDs: [Int32]? {
    text(FilePath("/proc/self/task/\(getpid())/children"))?.split(separator: " ").compactMap { Int32($0) }
  }

  /// The type of the file system that holds a folder.
  package static func fileSystem(of folder: FilePath) -> String? {
    guard let path = folder.resolved else { return nil }
    let mounts = text("/proc/mounts")?.split(separator: "\n").map { $0.split(separator: " ") } ?? []
    let holding = mounts.filter { $0.count > 2 && path.starts(with: FilePath(unescaped($0[1]))) }
    // Of mounts at one point the last hides the others.
    return holding.reversed().max { $0[1].utf8.count < $1[1].utf8.count }.map { String($0[2]) }
  }

  /// A field of the kernel's tables of mounts, which write blanks and backslashes in octal.
  static func unescaped(_ field: some StringProtocol) -> String {
    [("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")].reduce(String(field)) {
      $0.replacing($1.0, with: $1.1)
    }
  }

  private static func trimmed(_ text: Substring) -> String {
    String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }
}

extension FilePath {
  /// The absolute path without links.
  package func realPath() throws(Errno) -> FilePath {
    guard let memory = unsafe withPlatformString({ unsafe realpath($0, nil) }) else { throw Errno(rawValue: errno) }
    defer { unsafe free(memory) }
    return unsafe FilePath(platformString: memory)
  }

  /// The absolute path without links; `nil` if nothing lies there.
  package var resolved: FilePath? { try? realPath() }
}

/// Tests whether memory is available where it may be refused: under a limit of the address space, or by a kernel that
/// does not overcommit.
///
/// Allocations that grow with an image are tested here first, and a refusal is an error. Swift's own allocations cannot
/// fail: a refusal ends the process. In a worker, the pool survives that; in the main process only small allocations
/// are left, for which the C library has a reserve once anything large was freed.
package enum Memory {
  /// Whether an array of `byteCount` bytes can be allocated. The memory is freed at once; in a single-threaded process
  /// nothing takes it before the array does.
  package static func hasRoom(forArrayOf byteCount: Int) -> Bool {
    let headerByteCount = 64  // headers of the Swift array and of the C library's block
    return byteCount < Int.max - headerByteCount && cplatform_has_room(byteCount + headerByteCount)
  }
}

/// The average number of processes that wanted to run, as the kernel counts them.
package enum LoadAverage {
  /// Over the last minute; `nil` if the kernel does not say.
  package static var lastMinute: Double? { Proc.text("/proc/loadavg").flatMap(lastMinute) }

  /// Parses, for example, "0.71 0.93 1.03 2/613 4711".
  package static func lastMinute(in text: String) -> Double? {
    guard let load = text.split(separator: " ").first.flatMap({ Double($0) }), load >= 0, load.isFinite else {
      return nil
    }
    return load
  }
}

extension LoadAverage {
  /// Whether other processes use so much of the machine that measurements are not reliable: more than a quarter of the
  /// cores, and more than half a core, the load of an idle system's services.
  package static func isBusy(_ load: Double, cores: Int) -> Bool { load > max(0.5, 0.25 * Double(cores)) }
}
