import Foundation
import Glibc
import Testing

/// The server of `experiments/ingest`, which fails on purpose, for one test.
final class UnreliableServer {
  /// Python 3, of which it needs the standard library only.
  static let python = ["/usr/bin/python3", "/usr/local/bin/python3", Peer.python ?? ""].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  private static let script = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../../experiments/ingest/unreliable_server.py").standardizedFileURL

  private let process = Process()
  private let input = Pipe()
  private let output: Pipe
  private let port: Substring

  /// Starts it.
  /// - Parameter image: the file that it serves.
  init(image: String) throws {
    output = Pipe()
    process.executableURL = URL(filePath: try #require(Self.python))
    process.arguments = [Self.script.path(percentEncoded: false), image]
    (process.standardInput, process.standardOutput) = (input, output)
    try process.run()
    // It prints its ports once it listens.
    port = try #require(Self.text(of: output).split(separator: " ").first)
  }

  deinit {
    try? input.fileHandleForWriting.close()
    process.waitUntilExit()
  }

  /// Waits until a URL with this behaviour has been requested since the last call.
  /// - Returns: `false` if nothing has been requested for a minute.
  func waitForRequest(_ behaviour: String) -> Bool {
    var paths = ""
    while !paths.contains("/\(behaviour)/") {
      var entry = pollfd(fd: output.fileHandleForReading.fileDescriptor, events: Int16(POLLIN), revents: 0)
      guard unsafe poll(&entry, 1, 60_000) == 1 else { return false }
      paths += Self.text(of: output)
    }
    return true
  }

  private static func text(of pipe: Pipe) -> String {
    String(decoding: pipe.fileHandleForReading.availableData, as: UTF8.self)
  }

  /// A URL with one of the behaviours that the script lists.
  func url(_ behaviour: String) -> String { "http://127.0.0.1:\(port)/\(behaviour)/1" }
}
