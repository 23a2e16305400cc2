internal import ArgumentParser
internal import Datasets

/// Prints a script that runs the shards of a job on many machines.
struct ClusterScriptCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cluster-script",
    abstract: "Prints a script that runs a job on many machines, by the engine that they have.",
    usage: "augment-cli cluster-script <engine> [options] -- JOB INPUT OUTPUT --shards N [options of the job]",
    discussion: """
      The script plans the job, starts a task for each range of shards, tries again on another machine what a machine \
      has failed, and finishes the output. It says itself how to start it. All machines must see INPUT and OUTPUT \
      under the same paths.
      """)

  @Argument(help: "What starts the tasks: \(ClusterEngine.names).")
  var engine: ClusterEngine

  @OptionGroup var flags: ClusterScriptFlags

  @Argument(
    parsing: .postTerminator,
    help: ArgumentHelp("After --: JOB INPUT OUTPUT --shards N and other options of the job.", valueName: "job"))
  var words: [String] = []

  func validate() throws { _ = try script() }

  func run() throws { try Terminal.print(engine.text(try script())) }

  private func script() throws -> ClusterScript {
    let job = try parsedJob()
    try flags.validate(for: engine)
    if engine.usesContainers { try requirePathsOfContainers(job) }
    let ranges = ShardRanges(
      shardCount: job.shardCount, perTask: flags.shardsPerTask, limit: engine.taskLimit)
    guard let ranges else {
      let least = (job.shardCount - 1) / engine.taskLimit + 1
      throw ValidationError(
        "--shards-per-task: \(engine.rawValue) starts at most \(engine.taskLimit) tasks; give at least \(least)")
    }
    return ClusterScript(job: job, ranges: ranges, wishes: flags.wishes(defaultName: job.job))
  }

  private func parsedJob() throws -> ClusterJob {
    let job: ClusterJob
    do throws(ClusterJob.Invalid) {
      job = try ClusterJob(words: words)
    } catch {
      throw ValidationError(error.description)
    }
    // What a shard's command would refuse on every machine is refused here.
    do {
      _ = try AugmentCLI.parseAsRoot(job.shards + ["0/\(job.shardCount)"])
    } catch {
      throw ValidationError("after --: \(AugmentCLI.message(for: error))")
    }
    return job
  }

  /// A container starts in a folder of its own, and keeps only what it writes to the volume.
  private func requirePathsOfContainers(_ job: ClusterJob) throws {
    for word in job.plan + [flags.image ?? "", flags.volume ?? "", flags.mount ?? ""] {
      try require(QuotedString.canHold(word), "'\(word)': \(engine.rawValue) takes only UTF-8")
    }
    let mount = flags.mount ?? ClusterScript.Wishes().mount
    try require(
      job.input.hasPrefix("/") || URLList.isURL(job.input), "INPUT must begin with /, as the container sees it")
    try require(
      job.output.hasPrefix(mount.hasSuffix("/") ? mount : "\(mount)/"),
      "OUTPUT must lie in the volume, below \(mount): what else a container writes is lost (see --mount)")
  }
}

/// Options of `cluster-script`; each engine has some of them.
struct ClusterScriptFlags: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Shards a task runs one after the other, at most. (default: 1, or as few as the engine's largest number of tasks "
        + "allows)", valueName: "n"))
  var shardsPerTask: Int?

  @Option(
    help: ArgumentHelp(
      "Tasks at the same time; with parallel on each machine. (default: what the engine allows, 100 with kubernetes, "
        + "1 with parallel)", valueName: "n"))
  var atOnce: Int?

  @Option(help: ArgumentHelp("Stop a task after this time, and run it again.", valueName: "minutes|h:mm:ss"))
  var timeLimit: TaskTimeLimit?

  @Option(help: ArgumentHelp("Processors of a task. (default: the engine's, 1 with aws-batch)", valueName: "n"))
  var cpusPerTask: Int?

  @Option(help: ArgumentHelp("Memory of a task. (default: the engine's, 2048 with aws-batch)", valueName: "MiB"))
  var memory: Int?

  @Option(help: ArgumentHelp("Partition of slurm, job queue of aws-batch.", valueName: "name"))
  var queue: String?

  @Option(help: ArgumentHelp("Image of the containers, with augment-cli in its search path.", valueName: "image"))
  var image: String?

  @Option(
    help: ArgumentHelp(
      "Where the files are: a volume claim of kubernetes; for aws-batch a file system of EFS, or a folder of the host.",
      valueName: "name"))
  var volume: String?

  @Option(help: ArgumentHelp("Where containers see the volume. (default: /data)", valueName: "folder"))
  var mount: String?

  @Option(
    help: ArgumentHelp(
      "File that names a machine a line, for parallel to reach by SSH. (default: only this machine)",
      valueName: "file"),
    completion: .file())
  var hosts: String?

  @Option(help: ArgumentHelp("Name of the engine's jobs. (default: that of the job)", valueName: "name"))
  var name: String?

  func validate() throws {
    for (option, value) in [
      ("--shards-per-task", shardsPerTask), ("--at-once", atOnce), ("--cpus-per-task", cpusPerTask),
      ("--memory", memory),
    ] {
      try require(value.map { (1...1_000_000_000).contains($0) } ?? true, "\(option) must be at least 1")
    }
    for (option, value) in [
      ("--queue", queue), ("--image", image), ("--volume", volume), ("--hosts", hosts),
    ] {
      try require(value != "", "\(option) is empty")
    }
    try require(mount?.hasPrefix("/") ?? true, "--mount must begin with /")
    try require(
      name.map(Self.isName) ?? true,
      "--name: 1 to 40 of a to z, 0 to 9 and hyphens, with a letter first and no hyphen last")
  }

  /// What all engines take as a name, with room for a part behind it.
  private static func isName(_ name: String) -> Bool {
    let bytes = Array(name.utf8)
    guard (1...40).contains(bytes.count), bytes.last != UInt8(ascii: "-") else { return false }
    let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
    return letters.contains(bytes[0])
      && bytes.allSatisfy { letters.contains($0) || "0123456789-".utf8.contains($0) }
  }

  /// Refuses options that the engine has not, and the lack of those that it needs.
  func validate(for engine: ClusterEngine) throws {
    let containers = ClusterEngine.allCases.filter(\.usesContainers)
    let known: [(String, isGiven: Bool, [ClusterEngine], isNeeded: Bool)] = [
      ("--queue", queue != nil, [.slurm, .awsBatch], engine == .awsBatch),
      ("--image", image != nil, containers, engine.usesContainers),
      ("--volume", volume != nil, containers, engine.usesContainers),
      ("--mount", mount != nil, containers, false),
      ("--hosts", hosts != nil, [.parallel], false),
      ("--name", name != nil, [.slurm] + containers, false),
      ("--cpus-per-task", cpusPerTask != nil, [.slurm] + containers, false),
      ("--memory", memory != nil, [.slurm] + containers, false),
      ("--at-once", atOnce != nil, [.slurm, .kubernetes, .parallel], false),
    ]
    for (option, isGiven, engines, isNeeded) in known {
      let names = engines.map(\.rawValue).joined(separator: ", ")
      try require(!isGiven || engines.contains(engine), "\(option) is for \(names), not for \(engine.rawValue)")
      try require(isGiven || !isNeeded, "\(option) is missing, which \(engine.rawValue) needs")
    }
    // Slurm sends SIGTERM a minute before the end; AWS Batch takes no less than a minute.
    try require(timeLimit.map { $0.seconds > 60 } ?? true, "--time-limit must be more than a minute")
  }

  func wishes(defaultName: String) -> ClusterScript.Wishes {
    var wishes = ClusterScript.Wishes()
    wishes.name = name ?? defaultName
    (wishes.atOnce, wishes.cpusPerTask, wishes.memory) = (atOnce, cpusPerTask, memory)
    wishes.timeLimitSeconds = timeLimit?.seconds
    (wishes.queue, wishes.image, wishes.volume, wishes.hosts) = (queue, image, volume, hosts)
    wishes.mount = mount ?? wishes.mount
    return wishes
  }
}

/// A value of `--time-limit`: minutes, or hours, minutes and seconds.
struct TaskTimeLimit: ExpressibleByArgument {
  let seconds: Int

  init?(argument: String) {
    let parts = argument.split(separator: ":", omittingEmptySubsequences: false).map(Self.number)
    switch (parts.count, parts.first ?? nil) {
    case (1, let minutes?): seconds = minutes * 60
    case (3, let hours?):
      guard let minutes = parts[1], let rest = parts[2], minutes < 60, rest < 60 else { return nil }
      seconds = (hours * 60 + minutes) * 60 + rest
    default: return nil
    }
  }

  /// Small enough for seconds of a year or two.
  private static func number(_ text: Substring) -> Int? {
    guard (1...6).contains(text.utf8.count), text.utf8.allSatisfy("0123456789".utf8.contains) else { return nil }
    return Int(text)
  }
}

extension ClusterEngine: ExpressibleByArgument {
  static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }
}
