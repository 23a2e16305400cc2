import Foundation
import Imaging
import Strategies
import TestSupport
import Testing

/// Runs to which the kernel refuses memory.
struct RefusedMemoryTests {
  /// Single-threaded from the start, so that there is one count of calls.
  private func trace(_ options: [String], _ arguments: [String], in workspace: Workspace) throws -> Program.Outcome {
    try Program.run(
      arguments, in: workspace,
      prefix: ["OPENBLAS_NUM_THREADS=1", "strace", "-f"] + options + ["-e", "trace=mmap,openat"])
  }

  /// From the number of mappings before the program opens its input, most of them the loader's, to that of all.
  private func mappings(_ arguments: [String], in workspace: Workspace) throws -> Range<Int> {
    let outcome = try trace(["-o", "trace"], arguments, in: workspace)
    #expect(outcome.status == 0, "\(outcome.errorText)")
    let text = String(decoding: try #require(workspace.contents("trace")), as: UTF8.self)
    let lines = text.split(separator: "\n")
    let begin = try #require(lines.firstIndex { $0.contains(#""in""#) })
    let (before, all) = (lines[..<begin].count { $0.contains("mmap(") }, lines.count { $0.contains("mmap(") })
    return before..<max(before, all)
  }

  @Test(
    .enabled(if: Strace.mayTrace, "strace is not installed, or tracing is not permitted"),
    // Without those that start the program again: its loader's mappings would be refused, too.
    arguments: StrategyNames.withFewestRanks.filter { $0[0] != Spawn.name })
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

  /// From too little memory for the pixels to enough for everything: each refusal is a sentence. Two strategies
  /// are enough: what asks for memory here is the decoder and the transforms, once in the main process and once in a
  /// worker. The others' shared memory is refused in `ShortageTests`.
  @Test(arguments: [[Sequential.name], [WorkerReads.name, "--ranks", "1"]])
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

  /// The least limit under which the program starts at all; below it, the loader reports its own error.
  private func leastKibibytes(in workspace: Workspace) throws -> Int? {
    try stride(from: 60_000, to: 1_000_000, by: 5_000).first { limit in
      let script = "ulimit -v \(limit); exec \"$@\""
      let prefix = ["OPENBLAS_NUM_THREADS=1", "sh", "-c", script, "sh"]
      return try Program.run(["explain"], in: workspace, prefix: prefix).status == 0
    }
  }
}
