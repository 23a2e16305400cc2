import Foundation
import Imaging
import Testing

/// Runs to which the kernel refuses memory.
struct RefusedMemoryTests {
  private static let strategies = [
    ["sequential"], ["worker-reads", "--ranks", "1"], ["main-reads", "--ranks", "1"], ["savers", "--ranks", "2"],
    ["adaptive", "--ranks", "1"],
  ]

  /// Whether a process may be traced here.
  private static let mayTrace: Bool = {
    guard let workspace = try? Workspace() else { return false }
    let outcome = try? Program.run(["--version"], in: workspace, prefix: ["strace", "-f", "-o", "/dev/null"])
    return outcome?.status == 0
  }()

  /// One thread from the start, so that there is one count of calls.
  private func trace(_ options: [String], _ arguments: [String], in workspace: Workspace) throws -> Program.Outcome {
    try Program.run(
      arguments, in: workspace,
      prefix: ["OPENBLAS_NUM_THREADS=1", "strace", "-f"] + options + ["-e", "trace=mmap,openat"])
  }

  /// Mappings before the program opens its input, most of them the loader's, and all of them.
  private func mappings(_ arguments: [String], in workspace: Workspace) throws -> Range<Int> {
    let outcome = try trace(["-o", "trace"], arguments, in: workspace)
    #expect(outcome.status == 0, "\(outcome.errorText)")
    let text = String(decoding: try #require(workspace.contents("trace")), as: UTF8.self)
    let lines = text.split(separator: "\n")
    let begin = try #require(lines.firstIndex { $0.contains(#""in""#) })
    let (before, all) = (lines[..<begin].count { $0.contains("mmap(") }, lines.count { $0.contains("mmap(") })
    return before..<max(before, all)
  }

  @Test(.enabled(if: mayTrace, "strace is not installed, or tracing is not permitted"), arguments: strategies)
  func mappingThatIsRefusedIsNoCrashAndLeavesNothingElse(strategy: [String]) throws {
    let workspace = try Workspace(images: 1)
    let arguments = ["augment", "in", "out", "--copies", "2", "--quiet", "--overwrite", "--strategy"] + strategy
    let mappings = try mappings(arguments, in: workspace)
    for number in mappings.lowerBound...mappings.upperBound {
      try FileManager.default.removeItem(atPath: workspace.absolute("out"))
      let inject = "inject=mmap:error=ENOMEM:when=\(number + 1)"
      let outcome = try trace(["-o", "/dev/null", "-e", inject], arguments, in: workspace)
      #expect([0, 75].contains(outcome.status), "\(number): \(outcome.status) \(outcome.errorText)")
      let out = workspace.tree("out")
      #expect(out.temporaries.isEmpty)
      #expect(outcome.status == 0 ? out.files.count == 2 : outcome.errorText.hasPrefix("augment-cli: "), "\(number)")
    }
  }

  /// From too little for the pixels to enough for all: whatever is refused is a sentence.
  @Test(arguments: [["sequential"], ["worker-reads", "--ranks", "1"]])
  func largeImageInLittleMemoryAsksToTryAgain(strategy: [String]) throws {
    let workspace = try Workspace()
    try workspace.addImage("in/large.png", as: .png, width: 3000, height: 2000)
    try workspace.addPipeline("p.json", "RandomRotate90", "GaussianBlur")
    let needed = try #require(try leastKibibytes(in: workspace))
    for extra in stride(from: 2_000, to: 100_000, by: 9_000) {
      let outcome = try Program.run(
        ["augment", "in", "out", "--copies", "1", "--quiet", "--overwrite", "--pipeline", "p.json", "--strategy"]
          + strategy,
        in: workspace,
        prefix: ["OPENBLAS_NUM_THREADS=1", "sh", "-c", "ulimit -v \(needed + extra); exec \"$@\"", "sh"])
      #expect([0, 75].contains(outcome.status), "\(extra): \(outcome.status) \(outcome.errorText)")
      #expect(workspace.tree("out").temporaries.isEmpty)
      #expect(outcome.status == 0 || outcome.errorText.contains("memory"), "\(extra): \(outcome.errorText)")
    }
  }

  /// What the program itself needs before it has done anything: the loader says what it thinks of less.
  private func leastKibibytes(in workspace: Workspace) throws -> Int? {
    try stride(from: 60_000, to: 1_000_000, by: 5_000).first { limit in
      let script = "ulimit -v \(limit); exec \"$@\""
      let prefix = ["OPENBLAS_NUM_THREADS=1", "sh", "-c", script, "sh"]
      return try Program.run(["explain"], in: workspace, prefix: prefix).status == 0
    }
  }
}
