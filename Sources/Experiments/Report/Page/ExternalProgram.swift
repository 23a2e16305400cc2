internal import Glibc

/// A program that is installed beside this one, and is run as a process of its own.
package struct ExternalProgram: Hashable, Sendable {
  /// What a run left behind.
  struct Outcome {
    /// The exit status; 127 where it could not be started, 128 + n where signal n ended it.
    var status: Int32
    var output: String
    var errors: String
  }

  /// Where it lies.
  package let path: String

  /// Looks for a program where a shell would.
  package static func find(_ name: String) -> ExternalProgram? {
    guard let folders = unsafe getenv("PATH") else { return nil }
    for folder in unsafe String(cString: folders).split(separator: ":") {
      let path = "\(folder)/\(name)"
      if unsafe access(path, X_OK) == 0 { return ExternalProgram(path: path) }
    }
    return nil
  }

  /// Runs it to its end. What it reads and writes goes through files without names, so neither waits for the other.
  func run(_ arguments: [String], input: String = "", environment: [String] = []) -> Outcome {
    let files = (0..<3).map { _ in Self.unnamedFile() }
    defer { for file in files where file >= 0 { close(file) } }
    guard files.allSatisfy({ $0 > STDERR_FILENO }), Self.fill(files[0], input) else {
      return Outcome(status: 127, output: "", errors: "no temporary file can be made")
    }
    let status = start(arguments, files, environment)
    return Outcome(status: status, output: Self.contents(files[1]), errors: Self.contents(files[2]))
  }

  private func start(_ arguments: [String], _ files: [Int32], _ environment: [String]) -> Int32 {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    for (number, file) in files.enumerated() {
      unsafe posix_spawn_file_actions_adddup2(&actions, file, Int32(number))
    }
    let words = unsafe Self.pointers([path] + arguments)
    let variables = unsafe Self.pointers(Self.environment + environment)
    defer { unsafe (words + variables).forEach { unsafe free($0) } }
    var pid = pid_t()
    guard unsafe posix_spawn(&pid, path, &actions, nil, words, variables) == 0 else { return 127 }
    var status: Int32 = 0
    while unsafe waitpid(pid, &status, 0) < 0 { if errno != EINTR { return 127 } }
    return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
  }

  /// Texts as C has them, with the end that it looks for; the caller frees them.
  private static func pointers(_ texts: [String]) -> [UnsafeMutablePointer<CChar>?] {
    unsafe texts.map { unsafe strdup($0) } + [nil]
  }

  /// What the program needs of this one's environment, in a language whose numbers have points.
  private static var environment: [String] {
    let names = ["PATH", "HOME", "TMPDIR", "XDG_CACHE_HOME", "FONTCONFIG_FILE"]
    let kept = names.compactMap { name in
      unsafe getenv(name).map { value in "\(name)=\(unsafe String(cString: value))" }
    }
    return kept + ["LC_ALL=C.UTF-8"]
  }

  private static func unnamedFile() -> Int32 {
    var name = Array("/tmp/augment-XXXXXX".utf8CString)
    let file = unsafe name.withUnsafeMutableBufferPointer { name in
      unsafe name.baseAddress.map { name in
        let file = unsafe mkstemp(name)
        if file >= 0 { unsafe unlink(name) }
        if file >= 0 { _ = fcntl(file, F_SETFD, FD_CLOEXEC) }
        return file
      }
    }
    return file ?? -1
  }

  private static func fill(_ file: Int32, _ text: String) -> Bool {
    let bytes = Array(text.utf8)
    var sent = 0
    while sent < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { memory in
        unsafe write(file, memory.baseAddress.map { unsafe $0 + sent }, bytes.count - sent)
      }
      if count < 0 && errno != EINTR { return false }
      sent += max(0, count)
    }
    return lseek(file, 0, SEEK_SET) == 0
  }

  private static func contents(_ file: Int32) -> String {
    lseek(file, 0, SEEK_SET)
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe chunk.withUnsafeMutableBytes { unsafe read(file, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
      bytes += chunk.prefix(count)
    }
  }
}
