internal import Foundation

/// Injects faults into a program from outside.
package enum Strace {
  package static let executable = "/usr/bin/strace"

  /// Whether it is installed and may trace, which a container may forbid.
  package static let mayTrace: Bool = {
    let process = Process()
    process.executableURL = URL(filePath: executable)
    process.arguments = ["-f", "-o", "/dev/null", "/bin/true"]
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }()

  /// A command prefix under which a system call fails.
  package static func failing(_ call: String, _ error: String, when: String = "1+", path: String? = nil) -> [String] {
    ["strace", "-f", "-o", "/dev/null"] + (path.map { ["-P", $0] } ?? [])
      + ["-e", "trace=\(call)", "-e", "inject=\(call):error=\(error):when=\(when)"]
  }
}
