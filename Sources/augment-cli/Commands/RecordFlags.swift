internal import ArgumentParser
internal import Datasets
internal import Platform

/// Options of every command that keeps a record of its run: where to go on, and which part to do.
struct RecordFlags: ParsableArguments {
  @Flag(help: "Allow an OUTPUT that is not empty, replace files of the same name, and begin anew.")
  var overwrite = false

  @Flag(
    help: """
      Go on with the run in OUTPUT that was interrupted: make only what is missing or has failed. Input, pipeline and \
      options that decide the files must be the same; strategy, ranks and durability may differ. If there is none, begin \
      one.
      """)
  var resume = false

  @Option(
    help: ArgumentHelp(
      """
      Do a part of a run that 'augment-cli plan' has divided into shards: one (7/100) or some (40-79/100), numbered from \
      0. Any number of processes may work on one OUTPUT, on any machines; what is done is not done again. \
      'augment-cli finalize' ends the run.
      """, valueName: "shards"))
  var shard: ShardRange?

  @Option(
    help: ArgumentHelp(
      """
      Plan the run in shards and have a Dask cluster do them: one that runs (dask://host:8786), or one that is started on \
      this machine (local, local:4). OUTPUT, INPUT and this program must be at the same paths on all its machines; or \
      INPUT, OUTPUT or both are URLs of folders in a store (s3://bucket/folder, gs://, https:// to read), whose files are \
      staged on the machines. The same command goes on after an interruption. Needs the Python package augment-cluster.
      """, valueName: "address"))
  var cluster: ClusterAddress?

  @Option(
    help: ArgumentHelp(
      """
      How many shards the run has, for 'augment-cli plan' and --cluster: runs of consecutive images, such as 10,000 each. \
      A shard is what is tried again.
      """, valueName: "n"))
  var shards: Int?

  @Flag(help: "Stop, as on SIGTERM, when the process that has started this one ends.")
  var dieWithParent = false

  @Option(
    help: ArgumentHelp(
      """
      When files are safe from a power failure: at the end of the run and every few seconds (batch), each before it \
      counts as done (file), or when the system gets round to it (none). A name never stands for a part of a file. On one \
      disk, a run of small images took 8 % longer with batch than with none, and 75 % longer with file.
      """, valueName: "none|batch|file"))
  var durability = Durability.batch

  func validate() throws {
    try require(!(overwrite && resume), "--resume goes on with a run, --overwrite begins anew; give one or the other")
    try require(
      shard == nil || !(overwrite || resume), "--shard goes on with what is there: leave out --overwrite and --resume")
    try require(cluster == nil || shards != nil, "--cluster needs --shards")
    try require(cluster == nil || shard == nil, "--cluster does all shards, --shard some; give one or the other")
    try require(
      cluster == nil || !(overwrite || resume),
      "--cluster goes on with what is there: leave out --overwrite and --resume")
    try require(
      shards.map { (1...ShardRange.mostShards).contains($0) } ?? true,
      "--shards must lie between 1 and \(ShardRange.mostShards)")
  }

  /// Throws a `ValidationError` for what a command that plans cannot do.
  func validateForPlan() throws {
    try require(shards != nil, "--shards is missing")
    try require(shard == nil && cluster == nil, "--shard and --cluster do what is planned; plan without them")
  }

  /// Becomes the driver of a cluster that does all shards, if that is asked for.
  /// - Parameter check: throws for what is wrong with the other options: told here, not by each machine.
  func runOnCluster(input: String, output: String, isQuiet: Bool, printsJSON: Bool, check: () throws -> Void) throws {
    guard let shards else { return }
    guard let cluster else {
      throw ValidationError("--shards belongs to --cluster, and to 'augment-cli plan'; --shard does some of them")
    }
    try check()
    let words = ClusterDriver.words(of: Startup.arguments, input: input, output: output)
    let flags = (printsJSON ? ["--json"] : []) + (isQuiet ? ["--quiet"] : [])
    try ClusterDriver().run(on: cluster, shards: shards, words, flags: flags)
  }
}

extension Durability: ExpressibleByArgument {}

extension ShardRange: ExpressibleByArgument {
  /// "7/100" or "40-79/100".
  package init?(argument: String) { self.init(text: argument) }
}
