internal import ArgumentParser
internal import Datasets
internal import Glibc
internal import Strategies
internal import Studies

/// Compares an output folder with the record of its run.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Checks the files of an output folder against the record of its run.",
    discussion: """
      Prints a line for each file that is missing, has another size or content than was written, or is not of the run. \
      Exit status 0 if all files are there as they were written, 1 if not.
      """)

  @Argument(help: "Folder that a run has written to.", completion: .directory)
  var output: String

  @Flag(help: "Also read every file and compare its hash.")
  var full = false

  @Option(
    help: ArgumentHelp(
      "Look at some shards of a run alone, one (7/100) or some (40-79/100); files of others are not told.",
      valueName: "shards"))
  var shard: ShardRange?

  func run() throws {
    var run = try Failure.telling(at: output) { try RecordedRun<PlannedWork>(in: output) }
    let missing = try missingShards(of: &run)
    var faultCount = 0
    let soundCount = try Failure.telling(at: output) {
      try run.verify(isFull: full) { path, fault in
        faultCount += 1
        try Terminal.print("\(Terminal.printable(path)): \(fault.text)\n")
      }
    }
    let isFinished = shard == nil ? run.isFinished : missing.isEmpty
    if !missing.isEmpty { try Terminal.print("shards \(missing): missing\n") }
    let state = isFinished ? "" : "; \(shard == nil ? "the run is" : "the shards are") not finished"
    let faults = faultCount == 0 ? "" : ", \(faultCount) not"
    Terminal.write("\(NumberText.counted(soundCount, "file")) as written\(faults)\(state)\n")
    Glibc.exit((faultCount == 0 && isFinished ? ExitStatus.done : .someImagesFailed).code)
  }

  /// Leaves in a run the shards that are asked for.
  /// - Returns: those that are missing, as a text.
  private func missingShards(of run: inout RecordedRun<PlannedWork>) throws(Failure) -> String {
    if let shard { try run.choose(shard, at: output) }
    return run.shards.map { GatheredShards($0, of: run.plan.hash, in: run.record).missingText } ?? ""
  }
}

extension RecordedRun {
  /// Leaves some shards of the run in an output folder.
  mutating func choose(_ shards: ShardRange, at output: String) throws(Failure) {
    guard shards.count == self.shards?.count else {
      let count = self.shards.map { "has \(NumberText.counted($0.count, "shard"))" } ?? "is not divided into shards"
      throw Failure("\(output): the run \(count)", .wrongUsage)
    }
    self.shards = shards
  }
}
