internal import ArgumentParser
internal import Datasets
internal import Glibc
internal import Jobs
internal import Platform
internal import Strategies
internal import Studies

/// Tells how far a run has come.
struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Tells how far the run of an output folder has come.",
    discussion: """
      Reads the record of the run in OUTPUT/.augment, and looks at no image; see verify for that. Exit status 0 if the \
      run is complete, 1 if copies are missing or have failed; with --list 0.
      """)

  @Argument(help: "Folder that a run writes or has written to.", completion: .directory)
  var output: String

  @Option(
    help: ArgumentHelp(
      "With --list: of some shards alone, one (7/100) or some (40-79/100).", valueName: "shards"))
  var shard: ShardRange?

  @Option(
    help: ArgumentHelp(
      """
      Print paths instead, each with a NUL behind: of the images of the run, or its tars or URLs, as rsync --from0 \
      --files-from and xargs -0 take them; or of the files that it has written, each after its shard (0 in a run without) \
      and its size, with tabs between.
      """, valueName: "images|files"))
  var list: RunPaths?

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    try require(list == nil || !json, "--list prints no JSON; leave out --json")
    try require(list != nil || shard == nil, "--shard says what --list is to print; name images or files")
  }

  func run() throws {
    var run = try Failure.telling(at: output) { try RecordedRun<PlannedWork>(in: output) }
    if let shard { try run.choose(shard, at: output) }
    if let list { return try Failure.telling(at: output) { try list.print(of: run) } }
    let status = try Failure.telling(at: output) { try RunStatus(run) }
    try Terminal.print(json ? "\(JSONText.line(status))\n" : "\(status.text)\n")
    Glibc.exit((status.isComplete ? ExitStatus.done : .someImagesFailed).code)
  }
}

/// What `--list` prints: paths as they are on the disk, for programs.
enum RunPaths: String, CaseIterable, ExpressibleByArgument {
  case images, files

  func print(of run: RecordedRun<PlannedWork>) throws {
    var text: [UInt8] = []
    func append(_ path: String, after fields: String = "") throws {
      text += fields.utf8
      text += PathText.bytes(of: path)
      text.append(0)
      if text.count >= 1 << 16 { try flush() }
    }
    func flush() throws {
      try Terminal.print(text)
      text.removeAll(keepingCapacity: true)
    }
    switch self {
    case .images: try run.sources().forEach { try append($0) }
    case .files: try run.forEachFile { shard, file in try append(file.path, after: "\(shard)\t\(file.byteCount)\t") }
    }
    try flush()
  }
}

/// How far a run has come.
struct RunStatus: Encodable {
  private let job: String
  private let input: String
  /// Of a run from tar to tar: those of shards that are done.
  private var images: Int
  /// `nil` if it is not known what the tars hold.
  private let copiesPlanned: Int?
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
  /// Of a run from tar to tar.
  private var tarsPlanned: Int?
  private var tars: TarOutcome.Counts?
  private var failures: [FileProblem]?

  private let unit: String

  private enum CodingKeys: String, CodingKey {
    case job, input, images, copiesPlanned, copies, copiesFailed, copiesLeftOut, finished, worker, shards, shardsDone
    case missing, tarsPlanned, tars, failures
  }

  init(_ run: RecordedRun<PlannedWork>) throws {
    (job, unit) = (run.plan.what.name, run.plan.what.unit)
    (input, images) = (run.plan.input, run.plan.imageCount)
    copiesPlanned = run.plan.isOfTars ? nil : run.plan.outputCount
    (finished, worker) = (run.isFinished, run.holder)
    shards = run.plan.shardCount
    if let shards = run.shards {
      let gathered = GatheredShards(shards, of: run.plan.hash, in: run.record)
      (shardsDone, missing) = (gathered.heads.count, gathered.missing.map(ShardRange.text))
      copies = gathered.heads.reduce(0) { $0 + $1.copies }
      copiesFailed = gathered.heads.reduce(0) { $0 + $1.failed }
      copiesLeftOut = gathered.heads.reduce(0) { $0 + $1.leftOut }
      if run.plan.isOfTars { addTars(ShardIndex(of: run.plan.hash, gathered.heads, [], in: run.record), run) }
    } else {
      (copies, copiesFailed, copiesLeftOut) = try run.outcomeCounts()
    }
  }

  private mutating func addTars(_ index: ShardIndex, _ run: RecordedRun<PlannedWork>) {
    (images, tars, tarsPlanned) = (index.images, index.tars ?? TarOutcome.Counts(), run.plan.imageCount)
    failures = (run.plan.problems ?? []) + index.failures
  }

  var isComplete: Bool {
    guard let failures else { return finished && copies + copiesLeftOut == copiesPlanned }
    return finished && failures.isEmpty
  }

  var text: String {
    let lines = (failures ?? []).map { "\(Terminal.printable($0.path)): \(Terminal.printable($0.reason))\n" }.joined()
    let work = tarsPlanned.map { NumberText.counted($0, "tar") } ?? NumberText.counted(images, "image")
    return "\(lines)\(job) of \(work) in \(Terminal.printable(input)): \(state); \(counts)"
  }

  private var counts: String {
    var parts: [String] = []
    if let tars, let tarsPlanned {
      parts.append("\(tars.made) of \(NumberText.counted(tarsPlanned, "tar")) made")
      if tars.failed > 0 { parts.append("\(tars.failed) failed") }
      if tars.made + tars.failed < tarsPlanned { parts.append("\(tarsPlanned - tars.made - tars.failed) missing") }
    }
    parts.append("\(copies)\(copiesPlanned.map { " of \($0)" } ?? "") \(unit) made")
    let rest = copiesPlanned.map { $0 - copies - copiesFailed - copiesLeftOut } ?? 0
    for (count, word) in [(copiesFailed, "failed"), (copiesLeftOut, "left out"), (rest, "missing")] where count > 0 {
      parts.append("\(count) \(word)")
    }
    return parts.joined(separator: ", ")
  }

  private var state: String {
    if let shardsDone, let shards {
      "\(shardsDone) of \(NumberText.counted(shards, "shard")) done\(finished ? ", finished" : "")"
    } else if let worker {
      "in progress (\(worker))"
    } else {
      finished ? "finished" : "interrupted"
    }
  }
}
