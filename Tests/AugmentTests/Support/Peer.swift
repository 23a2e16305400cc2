import Foundation
import Testing

/// The Python with the peer packages, if there is one.
enum Peer {
  static let python = ProcessInfo.processInfo.environment["AUGMENT_PYTHON"]

  /// Whether it has Pillow with its module for colour profiles.
  static let hasPillow = python != nil && (try? run("import PIL.ImageCms; print(1)", in: "/")) == "1"

  /// Runs a script in `folder`.
  /// - Returns: its output, without surrounding white space.
  static func run(_ script: String, in folder: String) throws -> String {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: try #require(python))
    process.arguments = ["-c", script]
    process.currentDirectoryURL = URL(filePath: folder)
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
