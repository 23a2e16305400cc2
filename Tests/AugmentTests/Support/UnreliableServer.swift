import Foundation
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
  private let port: Substring

  /// Starts it.
  /// - Parameter image: the file that it serves.
  init(image: String) throws {
    let output = Pipe()
    process.executableURL = URL(filePath: try #require(Self.python))
    process.arguments = [Self.script.path(percentEncoded: false), image]
    (process.standardInput, process.standardOutput) = (input, output)
    try process.run()
    // It prints its ports once it listens.
    let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    port = try #require(line.split(separator: " ").first)
  }

  deinit {
    try? input.fileHandleForWriting.close()
    process.waitUntilExit()
  }

  /// A URL with one of the behaviours that the script lists.
  func url(_ behaviour: String) -> String { "http://127.0.0.1:\(port)/\(behaviour)/1" }
}
