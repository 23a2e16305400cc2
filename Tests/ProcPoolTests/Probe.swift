import Foundation
import Glibc
import Testing

/// Runs scenarios of `pool-probe`, which lies beside the tests: anything that forks needs a process of one thread.
enum Probe {
  struct Outcome {
    var status: Int32
    var wasKilled: Bool
    var errorText: String
  }

  static let executable: URL = {
    let tests = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    return tests.deletingLastPathComponent().appending(path: "pool-probe")
  }()

  /// A shell that runs the tests in the background makes them ignore signals, and programs they start would inherit
  /// that.
  private static let stopIgnoringSignals: Void = {
    for number in [SIGHUP, SIGINT, SIGTERM] { signal(number, SIG_DFL) }
  }()

  /// Starts a scenario. Every process that descends from it has `token` in its environment.
  static func start(_ arguments: [String], token: String, output: Pipe = Pipe(), errors: Pipe = Pipe()) throws
    -> Process
  {
    let process = Process()
    process.executableURL = executable
    process.arguments = arguments
    process.environment = ["PROBE_TOKEN": token, "PATH": "/usr/bin:/bin", "SWIFT_BACKTRACE": "enable=no"]
    process.standardOutput = output
    process.standardError = errors
    process.standardInput = FileHandle.nullDevice
    stopIgnoringSignals
    try process.run()
    return process
  }

  /// Runs a scenario to its end, or kills it after `limitSeconds`, because then it hangs.
  static func run(_ arguments: [String], limitSeconds: Double = 600) throws -> Outcome {
    let token = UUID().uuidString
    let errors = Pipe()
    let process = try start(arguments, token: token, errors: errors)
    let limit = DispatchSource.makeTimerSource()
    limit.schedule(deadline: .now() + limitSeconds)
    limit.setEventHandler { kill(process.processIdentifier, SIGKILL) }
    limit.resume()
    let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    limit.cancel()
    expectNoProcess(with: token)
    return Outcome(
      status: process.terminationStatus, wasKilled: process.terminationReason == .uncaughtSignal, errorText: text)
  }

  /// Fails unless a scenario shows its fact.
  static func expectFact(_ arguments: String...) throws {
    let outcome = try run(arguments)
    #expect(outcome.status == 0 && !outcome.wasKilled, "\(arguments): \(outcome.errorText)")
  }

  /// Fails unless all processes that carry `token` end soon: a child whose parent was killed needs a moment.
  static func expectNoProcess(with token: String, sourceLocation: SourceLocation = #_sourceLocation) {
    let deadline = Date(timeIntervalSinceNow: 10)
    var left = processes(with: token)
    while !left.isEmpty && Date() < deadline {
      sched_yield()
      left = processes(with: token)
    }
    #expect(left.isEmpty, "processes are left: \(left)", sourceLocation: sourceLocation)
  }

  /// Process ids of living processes whose environment holds `token`.
  static func processes(with token: String) -> [Int32] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.compactMap { Int32($0) }.filter { pid in
      guard let environment = try? Data(contentsOf: URL(filePath: "/proc/\(pid)/environ")) else { return false }
      return environment.range(of: Data(token.utf8)) != nil
    }
  }
}
