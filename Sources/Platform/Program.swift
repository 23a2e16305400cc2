internal import Glibc
package import SystemPackage

/// Another installed program, run as a separate process.
package struct Program: Hashable, Sendable {
  /// The result of a run.
  package struct Outcome: Sendable {
    /// The exit status; 127 if it could not be started, 128 + n if signal n ended it.
    package var status: Int32
    package var output: [UInt8]
    package var errors: String

    package var text: String { String(decoding: output, as: UTF8.self) }
  }

  package let path: FilePath

  package init(path: FilePath) { self.path = path }

  /// Searches PATH.
  package static func find(_ name: String) -> Program? {
    let folders = environment("PATH")?.split(separator: ":") ?? []
    return folders.lazy.map { FilePath("\($0)/\(name)") }.first { $0.isExecutable }.map(Program.init)
  }

  /// Runs it to its end. Its input and output are files in memory, so neither process waits for the other.
  package func run(_ arguments: [String], input: String = "", environment: [String] = []) -> Outcome {
    do throws(Errno) {
      let input = try Self.file(input)
      let output = try Self.file()
      let errors = try Self.file()
      let status = try start(arguments, [input.number, output.number, errors.number], Self.kept + environment)
      return Outcome(
        status: status, output: try output.contents(),
        errors: String(decoding: try errors.contents(), as: UTF8.self))
    } catch {
      return Outcome(status: 127, output: [], errors: error.description)
    }
  }

  private static func file(_ text: String = "") throws(Errno) -> Descriptor {
    let file = try Descriptor(memoryNamed: "program")
    try file.write(Array(text.utf8).span)
    try retrying { lseek(file.number, 0, SEEK_SET) }
    return file
  }

  private func start(_ arguments: [String], _ files: [Int32], _ environment: [String]) throws(Errno) -> Int32 {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    for (number, file) in files.enumerated() {
      unsafe posix_spawn_file_actions_adddup2(&actions, file, Int32(number))
    }
    let words = unsafe Self.pointers([path.string] + arguments)
    let variables = unsafe Self.pointers(environment)
    defer { unsafe (words + variables).forEach { unsafe free($0) } }
    var pid = pid_t()
    let failure = unsafe path.withPlatformString { unsafe posix_spawn(&pid, $0, &actions, nil, words, variables) }
    guard failure == 0 else { throw Errno(rawValue: failure) }
    var status: Int32 = 0
    try retrying { unsafe waitpid(pid, &status, 0) }
    return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
  }

  /// Has this process become another program, which inherits environment and standard descriptors.
  /// - Returns: why it could not; only then it returns.
  package static func become(_ path: FilePath, _ arguments: [String]) -> Errno {
    let words = unsafe pointers([path.string] + arguments)
    defer { unsafe words.forEach { unsafe free($0) } }
    unsafe path.withPlatformString { _ = unsafe execv($0, words) }
    return Errno(rawValue: errno)
  }

  /// A NULL-terminated array of C strings, which the caller frees.
  private static func pointers(_ texts: [String]) -> [UnsafeMutablePointer<CChar>?] {
    unsafe texts.map { unsafe strdup($0) } + [nil]
  }

  /// The environment of the program: what it needs of this one's, and a locale with decimal points.
  private static var kept: [String] {
    let names = ["PATH", "HOME", "TMPDIR", "XDG_CACHE_HOME", "FONTCONFIG_FILE"]
    return names.compactMap { name in environment(name).map { "\(name)=\($0)" } } + ["LC_ALL=C.UTF-8"]
  }

  package static func environment(_ name: String) -> String? {
    unsafe getenv(name).map { unsafe String(cString: $0) }
  }
}

extension FilePath {
  /// Whether this process may execute the file.
  package var isExecutable: Bool { unsafe withPlatformString { unsafe access($0, X_OK) } == 0 }
}

extension Descriptor {
  fileprivate func contents() throws(Errno) -> [UInt8] {
    try retrying { lseek(number, 0, SEEK_SET) }
    return try readToEnd(limit: .max - 1)
  }
}
