import Foundation
import Glibc
import Strategies
import Testing

/// A run of `augment-cli`, which lies beside the tests, started as from a shell.
final class Program {
  struct Outcome {
    /// The exit status; 128 + n if signal n ended it.
    var status: Int32
    var output: String
    var errorText: String

    var errorLines: [String] { errorText.split(separator: "\n").map(String.init) }
  }

  static let path: String = {
    let tests = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    return tests.deletingLastPathComponent().appending(path: "augment-cli").path(percentEncoded: false)
  }()

  private let process = Process()
  /// In the environment of every process that descends from this run.
  private let token = UUID().uuidString
  private let outputFile, errorFile: URL

  var pid: Int32 { process.processIdentifier }
  var childPIDs: [Int32] {
    let text = (try? String(contentsOfFile: "/proc/\(pid)/task/\(pid)/children", encoding: .utf8)) ?? ""
    return text.split(separator: " ").compactMap { Int32($0) }
  }

  /// The processes that work. With `spawn`, the first child only starts the others.
  func workerPIDs(_ strategy: String) -> [Int32] {
    Array(strategy == Spawn.name ? childPIDs.dropFirst() : childPIDs[...])
  }

  /// A shell that runs the tests in the background makes them ignore signals, and programs they start would inherit
  /// that.
  private static let stopIgnoringSignals: Void = {
    for number in [SIGHUP, SIGINT, SIGTERM] { signal(number, SIG_DFL) }
  }()

  /// Starts the program in `folder`.
  /// - Parameter prefix: a command that runs the command after it, such as `setpriv` with options.
  init(_ arguments: [String], in folder: Workspace, prefix: [String] = []) throws {
    let texts = FileManager.default.temporaryDirectory
    outputFile = texts.appending(path: "augment-output-\(token)")
    errorFile = texts.appending(path: "augment-errors-\(token)")
    process.executableURL = URL(filePath: prefix.isEmpty ? Self.path : "/usr/bin/env")
    process.arguments = prefix.isEmpty ? arguments : prefix + [Self.path] + arguments
    process.environment = ["AUGMENT_TEST_TOKEN": token, "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]
    process.currentDirectoryURL = URL(filePath: folder.path)
    process.standardInput = FileHandle.nullDevice
    Self.stopIgnoringSignals
    for (file, isOutput) in [(outputFile, true), (errorFile, false)] {
      try Data().write(to: file)
      let handle = try FileHandle(forWritingTo: file)
      if isOutput { process.standardOutput = handle } else { process.standardError = handle }
    }
    try process.run()
  }

  /// Runs the program to its end.
  static func run(
    _ arguments: [String], in folder: Workspace, prefix: [String] = [],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> Outcome {
    try Program(arguments, in: folder, prefix: prefix).wait(sourceLocation: sourceLocation)
  }

  /// Runs `augment` and expects everything to succeed.
  @discardableResult
  static func augment(
    _ arguments: String..., in folder: Workspace, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> Outcome {
    let outcome = try run(["augment"] + arguments, in: folder, sourceLocation: sourceLocation)
    #expect(outcome.status == 0, "\(outcome.errorText)", sourceLocation: sourceLocation)
    return outcome
  }

  func send(_ signal: Int32) { kill(pid, signal) }

  /// Waits for a child, not one of `known`, that has used this much processor time: it is in the middle of a task, if
  /// tasks take longer.
  /// - Returns: `nil` if there is none within a minute, or before the program ends.
  func waitForChild(processorSeconds: Double, otherThan known: Set<Int32>) -> Int32? {
    let deadline = Date(timeIntervalSinceNow: 60)
    let ticks = processorSeconds * Double(sysconf(Int32(_SC_CLK_TCK)))
    while Date() < deadline && process.isRunning {
      for child in childPIDs where !known.contains(child) {
        let text = (try? String(contentsOfFile: "/proc/\(child)/stat", encoding: .utf8)) ?? ""
        // After the name, which may contain anything, come fields 3 to 52; user and system time are 14 and 15.
        let fields = text[(text.lastIndex(of: ")") ?? text.startIndex)...].split(separator: " ")
        if fields.count > 13, let user = Double(fields[12]), let system = Double(fields[13]), user + system >= ticks {
          return child
        }
      }
      sched_yield()
    }
    return nil
  }

  /// Stops the only worker repeatedly until it is stopped in the middle of writing a file in a folder.
  /// - Returns: `nil` if that never succeeds.
  func stopWorkerWhileWriting(in folder: String) -> Int32? {
    let deadline = Date(timeIntervalSinceNow: 60)
    while Date() < deadline && process.isRunning {
      guard let worker = childPIDs.first, kill(worker, SIGSTOP) == 0 else { continue }
      waitUntilStopped(worker)
      if !Tree(of: folder).temporaries.isEmpty { return worker }
      kill(worker, SIGCONT)
      sched_yield()
    }
    return nil
  }

  /// Waits until a process that was sent SIGSTOP has stopped.
  func waitUntilStopped(_ pid: Int32) {
    let deadline = Date(timeIntervalSinceNow: 60)
    while Self.state(of: pid) != "T" && Date() < deadline { sched_yield() }
  }

  private static func state(of pid: Int32) -> Substring? {
    let text = (try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)) ?? "T"
    return text[(text.lastIndex(of: ")") ?? text.startIndex)...].split(separator: " ").dropFirst().first
  }

  /// Waits for the program and all its children to end; kills it after the limit, because then it hangs.
  func wait(limitSeconds: Double = 120, sourceLocation: SourceLocation = #_sourceLocation) -> Outcome {
    let limit = DispatchSource.makeTimerSource()
    limit.schedule(deadline: .now() + limitSeconds)
    limit.setEventHandler { [pid] in kill(pid, SIGKILL) }
    limit.resume()
    process.waitUntilExit()
    limit.cancel()
    expectNoProcess(sourceLocation)
    let isSignal = process.terminationReason == .uncaughtSignal
    return Outcome(
      status: process.terminationStatus + (isSignal ? 128 : 0), output: Self.take(outputFile),
      errorText: Self.take(errorFile))
  }

  private static func take(_ file: URL) -> String {
    defer { try? FileManager.default.removeItem(at: file) }
    return String(decoding: (try? Data(contentsOf: file)) ?? Data(), as: UTF8.self)
  }

  /// Fails unless every process of this run ends soon: a child whose parent was killed needs a moment.
  private func expectNoProcess(_ sourceLocation: SourceLocation) {
    let deadline = Date(timeIntervalSinceNow: 10)
    var left = processes
    while !left.isEmpty && Date() < deadline {
      sched_yield()
      left = processes
    }
    #expect(left.isEmpty, "processes are left: \(left)", sourceLocation: sourceLocation)
  }

  private var processes: [Int32] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.compactMap { Int32($0) }.filter { pid in
      let environment = try? Data(contentsOf: URL(filePath: "/proc/\(pid)/environ"))
      return environment?.range(of: Data(token.utf8)) != nil
    }
  }
}
