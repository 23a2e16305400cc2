internal import ArgumentParser
internal import Datasets
internal import Glibc
internal import Imaging
internal import Jobs
internal import Platform
internal import Strategies

/// The command of a job, such as `augment`.
struct JobCommand<Work: Job>: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: Work.name, abstract: Work.abstract,
      discussion: """
        The folder tree of INPUT is mirrored in OUTPUT. Image files are recognised by their content, not their name. \
        A file that cannot be processed is reported with its path and the reason, and the run continues. Every \
        file is written under a temporary name and then renamed, so no half-written file has a final name. \
        \(Work.discussion)

        Strategies: \(strategies).
        """)
  }

  private static var strategies: String {
    StrategyCatalog.strategies(for: Work.self).map { "\($0.name) (\($0.summary))" }.joined(separator: ", ")
  }

  @Argument(
    help: "Folder of images, or a single image; with --tar a tar, with --cluster also the URL of a folder.",
    completion: .directory)
  var input: String

  @Argument(help: "Folder for the copies; created if missing. Optional with --no-saving.", completion: .directory)
  var output: String?

  @OptionGroup var flags: Work.Flags

  @Option(
    help: ArgumentHelp(
      "File name template of the copies, with {stem}, {copy}, {copy:06}, {ext}. (default: \(Work.defaultName))",
      valueName: "template"),
    transform: { try NameTemplate($0) })
  var name: NameTemplate?

  @OptionGroup(title: "Labels") var labelFlags: LabelFlags

  @OptionGroup(title: "Run") var runFlags: RunFlags

  @OptionGroup(title: "Tar") var tarFlags: TarFlags

  func validate() throws {
    guard output != nil || runFlags.noSaving else {
      throw ValidationError("OUTPUT is missing; it is optional only with --no-saving")
    }
    try runFlags.validate(for: Work.self)
    try tarFlags.validate(input: input, output: output, runFlags)
    try require(
      labelFlags.onLostBoxes != .retry || Work.self is Augment.Type,
      "--on-lost-boxes retry: only \(Augment.name) draws where pixels move")
    try require(
      flags.threads == nil || runFlags.ranks == .auto && runFlags.strategy == nil,
      "--threads takes the place of --strategy \(SplitThreads.name) --ranks; give one or the other")
  }

  /// The flags with the strategy that the job's own flags imply.
  private var settledFlags: RunFlags {
    guard let threads = flags.threads else { return runFlags }
    var settled = runFlags
    (settled.strategy, settled.ranks) = (.splitThreads, .number(threads))
    return settled
  }

  func run() throws {
    try refuseURLs()
    if tarFlags.isOn, runFlags.record.shards == nil, let output { try end(runOnTars(to: output)) }
    if let output {
      try runFlags.record.runOnCluster(
        input: input, output: output, isQuiet: runFlags.quiet, printsJSON: runFlags.json
      ) { _ = try session() }
    }
    try end(session().execute())
  }

  /// This program reads folders alone; others fetch what is elsewhere.
  private func refuseURLs() throws {
    guard runFlags.record.cluster == nil, let url = [input, output ?? ""].first(where: URLList.isURL) else { return }
    let remedy =
      tarFlags.isOn
      ? "--tar takes - for a pipe from or to the store's own program"
      : "--cluster local --shards N fetches what is there and puts back the copies"
    throw ValidationError("\(url) is in a store, not in a folder: \(remedy)")
  }

  private func end(_ status: ExitStatus) -> Never { Glibc.exit(status.code) }

  private func runOnTars(to output: String) throws -> ExitStatus {
    // What is wrong with the options is told before anything is unpacked.
    let session = try session()
    guard let shards = runFlags.shard else {
      return try TarSession(input: input, output: output, tarFlags, runFlags).execute(self.session)
    }
    let plan = try ShardPlan(in: output, .job(session.description.what), shards, usesTars: true)
    if plan.file.isOfTars { return try tarShards(in: output).execute(plan, self.session) }
    return try session.execute()
  }

  private func session(_ run: TarSession.FolderRun) throws -> JobSession {
    var command = self
    (command.input, command.output, command.runFlags) = (run.input, run.output, run.flags)
    var session = try command.session()
    (session.stopSignals, session.names, session.packing) = (run.stopSignals, run.names, nil)
    return session
  }

  func tarShards(in output: String) throws -> TarShardSession {
    TarShardSession(try session().description.what, input: input, output: output, tarFlags, runFlags)
  }

  func session() throws -> JobSession {
    if runFlags.record.dieWithParent { Startup.stopWithParent() }
    let job = try Failure.telling { Work(try flags.options()) }
    let template = try Failure.telling { try name ?? NameTemplate(Work.defaultName) }
    var what = RunDescription.What(job, OutputNames(template, format: runFlags.format.format))
    (what.files, what.labels) = (runFlags.files, labelFlags.treatment)
    job.adapt(&what.labels)
    try Failure.telling {
      try job.adapt(&what.files)
      try job.adapt(&what.names)
    }
    let runFlags = settledFlags
    var session = try JobSession(RunDescription(what, runFlags.how), input: input, output: output, runFlags)
    session.ignoresLabels = labelFlags.ignoreLabels
    session.packing = tarFlags.isOn ? JobSession.Packing(scratch: tarFlags.scratch) : nil
    return session
  }
}

enum JobCommands {
  static var all: [any ParsableCommand.Type] { JobCatalog.all.map { command(of: $0) } }

  private static func command<Work: Job>(of job: Work.Type) -> any ParsableCommand.Type { JobCommand<Work>.self }
}
