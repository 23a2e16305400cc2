import Foundation
import Testing

/// Processes that share the work on one image.
struct ProcessTeamTests {
  /// `team-probe`, which lies beside the tests, shows it in a process of one thread.
  @Test func aProcessThatDiesInAnyStepCostsNothing() throws {
    let tests = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    let process = Process()
    let errors = Pipe()
    process.executableURL = tests.deletingLastPathComponent().appending(path: "team-probe")
    process.standardError = errors
    try process.run()
    let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 0, "\(text)")
  }
}
