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
        Lists the images, and writes the plan to OUTPUT/.augment. Then each process does some of the shards: give it the \
        same command line with --shard in place of --shards, and without 'plan'. OUTPUT must be the same folder for all, \
        INPUT must hold the same images. At the end, 'augment-cli finalize OUTPUT' gathers what the shards have done. \
        Planning again does nothing.
        """,
      subcommands: JobCatalog.all.map { command(of: $0) })
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
      URL of a folder, from which others fetch the images of a shard ('status --list images').
      """, valueName: "list"), completion: .file())
  var files: String?

  @OptionGroup var command: JobCommand<Work>

  func validate() throws {
    try require(command.runFlags.shards != nil, "--shards is missing")
    try require(
      command.runFlags.shard == nil && command.runFlags.cluster == nil,
      "--shard and --cluster do what is planned; plan without them")
    try require(!command.runFlags.noSaving, "--no-saving leaves nothing to plan")
    try require(files != nil || !URLList.isURL(command.input), "\(command.input) is a URL; --files says what is there")
  }

  func run() throws {
    let (session, shardCount) = (try command.session(), command.runFlags.shards ?? 1)
    if let files { return try session.plan(shardCount: shardCount, ImageList(files)) }
    try session.plan(shardCount: shardCount)
  }
}

/// What a plan holds.
struct PlanSummary: Encodable {
  private let input: String
  private let images: Int
  private let copiesPlanned: Int
  private let shards: Int
  private let hash: String
  private let problems: [FileProblem]

  init(_ plan: PlanFile<RunDescription.What>) {
    (input, images, copiesPlanned) = (plan.input, plan.imageCount, plan.outputCount)
    (shards, hash, problems) = (plan.shardCount ?? 1, plan.hash.description, plan.problems ?? [])
  }

  var text: String {
    let lines = problems.map { "\(Terminal.printable($0.path)): \($0.reason)\n" }.joined()
    let copies = "\(copiesPlanned) \(copiesPlanned == 1 ? "copy" : "copies")"
    return lines
      + "Planned \(copies) of \(NumberText.counted(images, "image")) in \(NumberText.counted(shards, "shard"))\n"
  }
}
