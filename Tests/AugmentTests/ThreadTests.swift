import Foundation
import Testing

/// Threads that libraries start before `main`.
struct ThreadTests {
  private static let library = "/usr/lib/x86_64-linux-gnu/libopenblas.so.0"

  @Test(.enabled(if: FileManager.default.fileExists(atPath: library), "OpenBLAS is not installed"))
  func libraryThatStartsThreadsDoesNotKeepThePoolFromForking() throws {
    let workspace = try Workspace(images: 1)
    let outcome = try Program.run(
      ["augment", "in", "out", "--ranks", "2"], in: workspace,
      prefix: ["LD_PRELOAD=\(Self.library)", "OPENBLAS_NUM_THREADS=4"])
    #expect(outcome.status == 0, "\(outcome.errorText)")
    #expect(workspace.tree("out").files.count == 5)
  }
}
