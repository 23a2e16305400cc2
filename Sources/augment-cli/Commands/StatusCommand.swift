internal import ArgumentParser
internal import Datasets
internal import Glibc
internal import Jobs
internal import Strategies
internal import Studies

/// Tells how far a run has come.
struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Tells how far the run of an output folder has come.",
    discussion: """
      Reads the record of the run in OUTPUT/.augment, and looks at no image; see verify for that. Exit status 0 if the \
      run is complete, 1 if copies are missing or have failed.
      """)

  @Argument(help: "Folder that a run writes or has written to.", completion: .directory)
  var output: String

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    let run = try Failure.telling(at: output) { try RecordedRun<RunDescription.What>(in: output) }
    let status = try Failure.telling(at: output) { try RunStatus(run) }
    try Terminal.print(json ? "\(JSONText.line(status))\n" : "\(status.text)\n")
    Glibc.exit((status.isComplete ? ExitStatus.done : .someImagesFailed).code)
  }
}

/// How far a run has come.
struct RunStatus: Encodable {
  private let job: String
  private let input: String
  private let images: Int
  private let copiesPlanned: Int
  private var copies = 0
  private var copiesFailed = 0
  private var copiesLeftOut = 0
  private let finished: Bool
  /// The process that works on it, if one may.
  private let worker: RunHolder?
  /// Of a run that is divided into shards.
  private let shards: Int?
  private var shardsDone: Int?
  /// Numbers of shards that are not done: "3", "7-9".
  private var missing: [String]?

  init(_ run: RecordedRun<RunDescription.What>) throws {
    job = type(of: run.plan.what.job).name
    (input, images, copiesPlanned) = (run.plan.input, run.plan.imageCount, run.plan.outputCount)
    (finished, worker) = (run.isFinished, run.holder)
    shards = run.plan.shardCount
    if let shards = run.shards {
      let gathered = GatheredShards(shards, of: run.plan.hash, in: run.record)
      (shardsDone, missing) = (gathered.heads.count, gathered.missing.map(ShardRange.text))
      copies = gathered.heads.reduce(0) { $0 + $1.copies }
      copiesFailed = gathered.heads.reduce(0) { $0 + $1.failed }
      copiesLeftOut = gathered.heads.reduce(0) { $0 + $1.leftOut }
    } else {
      (copies, copiesFailed, copiesLeftOut) = try run.outcomeCounts()
    }
  }

  var isComplete: Bool { finished && copies + copiesLeftOut == copiesPlanned }

  var text: String {
    let rest = copiesPlanned - copies - copiesFailed - copiesLeftOut
    let parts = [
      "\(copies) of \(copiesPlanned) copies made", copiesFailed > 0 ? "\(copiesFailed) failed" : "",
      copiesLeftOut > 0 ? "\(copiesLeftOut) left out" : "", rest > 0 ? "\(rest) missing" : "",
    ].filter { !$0.isEmpty }
    let state =
      if let shardsDone, let shards {
        "\(shardsDone) of \(NumberText.counted(shards, "shard")) done\(finished ? ", finished" : "")"
      } else if let worker { "in progress (\(worker))" } else if finished { "finished" } else { "interrupted" }
    return "\(job) of \(NumberText.counted(images, "image")) in \(Terminal.printable(input)): \(state); "
      + parts.joined(separator: ", ")
  }
}
