import Foundation
import TestSupport
import Testing

/// Runs the example programs as a newcomer would.
struct ExampleTests {
  @Test func checksumsAreThoseOfTheFilesForAnyNumberOfWorkers() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(at: folder.url.appending(path: "sub"), withIntermediateDirectories: false)
    // Reference values of FNV-1a for these texts.
    let texts = ["one": ("a", "af63dc4c8601ec8c"), "sub/two": ("", "cbf29ce484222325")]
    for (name, (text, _)) in texts { try Data(text.utf8).write(to: folder.url.appending(path: name)) }
    let numbered = (0..<40).map { "x\($0)" }
    for name in numbered { try Data(name.utf8).write(to: folder.url.appending(path: name)) }

    let lines = try output(of: "folder-checksum", folder.path, "1").split(separator: "\n").map(String.init)
    #expect(lines.map { $0.split(separator: " ").last.map(String.init) } == (texts.keys + numbered).sorted())
    for (name, (_, sum)) in texts { #expect(lines.contains("\(sum)  \(name)")) }
    for workers in 2...4 {
      #expect(
        try output(of: "folder-checksum", folder.path, "\(workers)").split(separator: "\n").map(String.init) == lines)
    }
  }

  @Test func estimateOfPiDependsOnThePointsAlone() throws {
    let estimate = try output(of: "monte-carlo", "7", "1")
    let number = try #require(estimate.split(whereSeparator: \.isWhitespace).last.flatMap { Double($0) })
    #expect(abs(number - .pi) < 0.005)
    for workers in 2...4 { #expect(try output(of: "monte-carlo", "7", "\(workers)") == estimate) }
    #expect(try output(of: "monte-carlo", "8", "2") != estimate)
  }

  @Test func imagesAreBlurredAndOneThatFailsIsOneOutcome() throws {
    let folder = try TemporaryFolder()
    let lines = try output(of: "image-job", folder.path).split(separator: "\n")
    #expect(lines.count == 4 && lines.allSatisfy { $0.contains("success") })
    let scene = folder.url.appending(path: "scene-1.png")
    let blurred = try Data(contentsOf: folder.url.appending(path: "scene-1-blurred.png"))
    #expect(blurred.count < (try Data(contentsOf: scene)).count, "a blurred picture has less to say")

    let noImage = folder.url.appending(path: "no-image.png")
    try Data("nothing".utf8).write(to: noImage)
    let mixed = try output(of: "image-job", folder.path, noImage.path, scene.path).split(separator: "\n")
    #expect(mixed.filter { $0.contains("success") }.count == 1)
    #expect(mixed.filter { $0.contains("no-image.png failure") }.count == 1)
  }

  /// The output of a program that lies beside the tests; it must succeed and leave no process.
  private func output(of name: String, _ arguments: String...) throws -> String {
    let (process, pipe, token) = (Process(), Pipe(), UUID().uuidString)
    process.executableURL = Probe.executable.deletingLastPathComponent().appending(path: name)
    process.arguments = arguments
    process.environment = ["PROBE_TOKEN": token, "PATH": "/usr/bin:/bin"]
    process.standardOutput = pipe
    try process.run()
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0 && process.terminationReason == .exit)
    Probe.expectNoProcess(with: token)
    return text
  }
}
