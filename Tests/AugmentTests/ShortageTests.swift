import Foundation
import Glibc
import Strategies
import Testing

/// Runs on a machine that is short of something.
struct ShortageTests {

  @Test(arguments: StrategyNames.sharing)
  func noRoomForSharedMemoryAsksToTryAgain(strategy: String) throws {
    let workspace = try Workspace(images: 1)
    try workspace.addImage("in/large.jpg", width: 6000, height: 4000)
    for index in 0..<8 { try workspace.addSecondName("in/large\(index).jpg", of: "in/large.jpg") }
    let outcome = try Program.run(
      ["augment", "in", "out", "--ranks", "16", "--strategy", strategy], in: workspace,
      prefix: ["sh", "-c", "ulimit -v 400000; exec \"$@\"", "sh"])
    #expect(outcome.status == 75, "\(outcome.errorText)")
    #expect(
      outcome.errorLines.last?.contains(" MB of shared memory (mmap: Cannot allocate memory): try fewer ranks") == true)
    #expect(workspace.tree("out").files.isEmpty)
  }

  @Test func fileAboveTheLimitOfFileSizesFailsByNameAndLeavesNoTornFile() throws {
    let workspace = try Workspace(images: 2, width: 48, height: 36)
    try workspace.addImage("in/large.jpg", width: 1600, height: 1200)
    try Program.augment("in", "reference", in: workspace)
    let reference = workspace.tree("reference")
    // Without spawn: the memory files through which its workers report are files, too.
    for strategy in StrategyNames.all where strategy != Spawn.name {
      let outcome = try Program.run(
        ["augment", "in", strategy, "--quiet", "--strategy", strategy], in: workspace,
        prefix: ["sh", "-c", "ulimit -f 64; exec \"$@\"", "sh"])
      #expect(outcome.status == 1)
      #expect(outcome.errorText == "augment-cli: large.jpg: cannot write: File too large\n")
      let output = workspace.tree(strategy)
      #expect(output.files.count == 2 * 5 && output.isPart(of: reference))
    }
  }

  /// Runs the program with a disk of 256 KiB at `disk` in a private mount namespace, then shows the disk's contents.
  private static func withSmallDisk(_ command: String) -> [String] {
    let script = "mount -t tmpfs -o size=256k none disk && { \(command); }"
    let namespace = geteuid() == 0 ? ["unshare", "--mount"] : ["unshare", "--user", "--map-root-user", "--mount"]
    return namespace + ["sh", "-c", script, "sh"]
  }

  private static let mayMount: Bool = {
    guard let workspace = try? Workspace(), (try? workspace.addFolder("disk")) != nil else { return false }
    let outcome = try? Program.run([], in: workspace, prefix: withSmallDisk("true"))
    return outcome?.status == 0
  }()

  @Test(.enabled(if: mayMount, "mounting is not permitted here"), arguments: StrategyNames.all)
  func fullDiskEndsTheRunAndLeavesWholeFilesOnly(strategy: String) throws {
    let workspace = try Workspace(images: 30)
    try Program.augment("in", "reference", in: workspace)
    try workspace.addFolder("disk")
    try workspace.addFolder("copy")
    let outcome = try Program.run(
      ["augment", "in", "disk", "--strategy", strategy, "--ranks", "2", "--json"], in: workspace,
      prefix: Self.withSmallDisk("\"$@\"; status=$?; cp -a disk/. copy; exit $status"))
    #expect(outcome.status == 75)
    // Either a copy or a line of the manifest finds no room.
    #expect(
      outcome.errorLines.last?.hasPrefix("augment-cli: stopped because the next images would fail, too: ") == true)
    #expect(outcome.errorText.contains(": cannot write: No space left on device\n"))
    let output = workspace.tree("copy")
    #expect(output.files.count > 5 && output.files.count < 30 * 5)
    #expect(output.isPart(of: workspace.tree("reference")))
    // The last file of a worker may not have been reported.
    let heard = try Summary(outcome).copies
    #expect(strategy == Sequential.name ? heard == output.files.count : heard <= output.files.count)
  }

  @Test func tooFewDescriptorsAskToTryAgain() throws {
    let workspace = try Workspace(images: 2)
    let outcome = try Program.run(
      ["augment", "in", "out", "--ranks", "64"], in: workspace,
      prefix: ["sh", "-c", "ulimit -n 40; exec \"$@\"", "sh"])
    #expect(outcome.status == 75)
    #expect(outcome.errorLines.last?.hasSuffix(": Too many open files") == true)
    #expect(workspace.tree("out").files.isEmpty)
  }

  @Test func memoryDoesNotGrowWithTheNumberOfImages() throws {
    let few = try peakKibibytes(images: 20, copies: 20)
    let many = try peakKibibytes(images: 400, copies: 1)
    // If pixels were kept, the additional images would take 80 MiB in each worker.
    #expect(few > 0 && many < few * 5 / 4 + 8 * 1024, "few: \(few) KiB, many: \(many) KiB")
  }

  /// Peak memory of any process of a run once half of it is done.
  private func peakKibibytes(images: Int, copies: Int) throws -> Int {
    let workspace = try Workspace()
    try workspace.addImage("in/image0.jpg", width: 640, height: 480)
    try workspace.addFolder("out")
    try workspace.addPipeline("flip.json", "HorizontalFlip")
    for index in 1..<images { try workspace.addLink("in/image\(index).jpg", to: "image0.jpg") }
    let watch = FolderWatch(workspace.absolute("out"))
    let program = try Program(
      ["augment", "in", "out", "--copies", "\(copies)", "--ranks", "2", "--pipeline", "flip.json"],
      in: workspace)
    let isOnItsWay = watch.wait(for: images * copies / 2)
    program.send(SIGSTOP)  // workers live until their parent lets them go
    let peaks = (program.childPIDs + [program.pid]).map(Self.peakKibibytes(of:))
    program.send(SIGCONT)
    #expect(program.wait().status == 0)
    #expect(isOnItsWay && peaks.count == 3 && peaks.allSatisfy { $0 > 0 })
    return peaks.max() ?? 0
  }

  private static func peakKibibytes(of pid: Int32) -> Int {
    let status = (try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return line?.split(whereSeparator: { " \t".contains($0) }).dropFirst().first.flatMap { Int($0) } ?? 0
  }
}
