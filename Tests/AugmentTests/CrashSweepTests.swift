import Foundation
import Glibc
import TestSupport
import Testing

/// A run whose processes are killed, or whose disk fails, at the N-th call of a kind leaves whole files, and goes on from
/// there. The long form is `make chaos`.
@Suite(.enabled(if: Strace.mayTrace, "strace is not installed, or tracing is not permitted"))
struct CrashSweepTests {
  private static let arguments = ["augment", "in", "out", "--copies", "3", "--ranks", "2", "--durability", "file"]
  /// Dense where a run begins, sparse behind.
  private static let places = [1, 2, 3, 4, 5, 7, 10, 15, 23, 34]

  private func sweep(_ injection: (_ place: Int) -> [String]) throws {
    let workspace = try Workspace(images: 4)
    #expect(try Program.run(Self.arguments, in: workspace).status == 0)
    let reference = workspace.tree("out")
    for place in Self.places {
      try FileManager.default.removeItem(atPath: workspace.absolute("out"))
      let outcome = try Program.run(Self.arguments, in: workspace, prefix: injection(place))
      let left = workspace.tree("out")
      #expect(left.withoutTemporaries.isPart(of: reference), "at call \(place): \(outcome.errorText)")
      #expect(outcome.status != 0 || left == reference)
      let again = try Program.run(Self.arguments + ["--resume"], in: workspace)
      #expect(again.status == 0 && workspace.tree("out") == reference, "after call \(place): \(again.errorText)")
    }
  }

  @Test(arguments: ["write", "rename,renameat,renameat2", "fsync,fdatasync,syncfs"])
  func deathAtTheNthCallLosesNothing(calls: String) throws {
    try sweep { place in
      ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "inject=\(calls):signal=SIGKILL:when=\(place)"]
    }
  }

  @Test(arguments: ["write", "rename,renameat,renameat2", "fsync,fdatasync,syncfs"])
  func faultOfTheDiskAtTheNthCallLosesNothing(calls: String) throws {
    try sweep { place in ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "inject=\(calls):error=EIO:when=\(place)"] }
  }
}
