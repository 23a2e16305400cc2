import Foundation
import ProcPool
import Testing

/// Processes that share the work on one image, processes that are started again, and processes that are confined. `team-probe`, which lies beside the
/// tests, shows it in a process of one thread.
struct ProcessTeamTests {
  @Test func aProcessThatDiesInAnyStepCostsNothing() throws { try expectSuccess([]) }

  @Test func spawnedWorkersServeOneCallAfterAnother() throws { try expectSuccess(["spawn"]) }

  @Test(
    .enabled(if: Sandbox.available.count == Sandbox.Guard.allCases.count, "this kernel has not all guards"))
  func aDecoderInTheWrongHandsCostsItsImageOnly() throws { try expectSuccess(["guards"]) }

  private func expectSuccess(_ arguments: [String]) throws {
    let tests = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    let process = Process()
    let errors = Pipe()
    process.executableURL = tests.deletingLastPathComponent().appending(path: "team-probe")
    process.arguments = arguments
    process.standardError = errors
    try process.run()
    let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 0, "\(text)")
  }
}
