internal import ArgumentParser
internal import Datasets
internal import Jobs
internal import Platform
internal import Strategies
internal import Studies

/// Plans runs that many processes work on.
struct PlanCommand: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "plan", abstract: "Plans a run that many processes or machines will work on in shards.",
      discussion: """
        Lists the images, or with --tar the tars, and writes the plan to OUTPUT/.augment. Then each process does some of \
        the shards: give it the same command line with --shard in place of --shards, and without 'plan'. OUTPUT must be \
        the same folder for all, INPUT must hold the same images. At the end, 'augment-cli finalize OUTPUT' gathers what \
        the shards have done. Planning again does nothing.
        """,
      subcommands: JobCatalog.all.map { command(of: $0) } + [IngestPlanCommand.self])
  }

  private static func command<Work: Job>(of job: Work.Type) -> any ParsableCommand.Type { JobPlanCommand<Work>.self }
}

/// The command that plans a job, such as `plan augment`.
struct JobPlanCommand<Work: Job>: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(commandName: Work.name, abstract: Work.abstract)
  }

  @Option(
    help: ArgumentHelp(
      """
      Take the images from this list instead of looking through INPUT: paths relative to it, a line each, sorted by bytes \
      (LC_ALL=C sort -u). No image is looked at before its shard is done; labels are not looked for. INPUT may then be the \
      URL of a folder, from which others fetch the images of a shard ('status --list images'). With --tar, it may be \
      one of tars.
      """, valueName: "list"), completion: .file())
  var files: String?

  @OptionGroup var command: JobCommand<Work>

  func validate() throws {
    try command.runFlags.record.validateForPlan()
    try require(!command.runFlags.noSaving, "--no-saving leaves nothing to plan")
    try require(files != nil || !URLList.isURL(command.input), "\(command.input) is a URL; --files says what is there")
  }

  func run() throws {
    let (session, shardCount) = (try command.session(), command.runFlags.record.shards ?? 1)
    let list = files.map { ImageList($0) }
    if command.tarFlags.isOn, let output = command.output {
      if try command.tarShards(in: output).plan(shardCount: shardCount, list) { return }
    }
    if let list { return try session.plan(shardCount: shardCount, list) }
    try session.plan(shardCount: shardCount)
  }
}

/// The command that plans downloads: `plan ingest`.
struct IngestPlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: IngestCommand.configuration.commandName, abstract: IngestCommand.configuration.abstract)

  @OptionGroup var command: IngestCommand

  func validate() throws { try command.record.validateForPlan() }

  func run() throws { try command.session().plan(shardCount: command.record.shards ?? 1) }
}

/// What a plan holds.
struct PlanSummary: Encodable {
  private let input: String
  /// `nil` if it is not known what the tars hold.
  private let images, copiesPlanned: Int?
  private let tars: Int?
  private let shards: Int
  private let packsShards: Bool
  private let hash: String
  private let problems: [FileProblem]
  private let unit: String

  private enum CodingKeys: String, CodingKey { case input, images, copiesPlanned, tars, shards, hash, problems }

  init(_ plan: PlanFile<PlannedWork>) {
    (input, unit) = (plan.input, plan.what.unit)
    (images, copiesPlanned) = plan.isOfTars ? (nil, nil) : (plan.imageCount, plan.outputCount)
    tars = plan.isOfTars ? plan.imageCount : nil
    packsShards = plan.tars == .ofShard
    (shards, hash, problems) = (plan.shardCount ?? 1, plan.hash.description, plan.problems ?? [])
  }

  /// Prints it as the flags say.
  func tell(isQuiet: Bool, printsJSON: Bool) throws(Failure) {
    if printsJSON {
      try Terminal.print("\(JSONText.line(self))\n")
    } else if !isQuiet {
      Terminal.write(text)
    }
  }

  private var text: String {
    let lines = problems.map { "\(Terminal.printable($0.path)): \($0.reason)\n" }.joined()
    return lines + "Planned \(work) in \(NumberText.counted(shards, "shard"))\(packsShards ? ", each a tar" : "")\n"
  }

  private var work: String {
    if let tars { return NumberText.counted(tars, "tar") }
    let (copies, images) = (copiesPlanned ?? 0, NumberText.counted(images ?? 0, "image"))
    return unit == "copies" ? "\(copies) \(copies == 1 ? "copy" : "copies") of \(images)" : images
  }
}
