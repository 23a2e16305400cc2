internal import ArgumentParser

/// Options of a job command that reads a tar and writes one, instead of folders.
struct TarFlags: ParsableArguments {
  @Flag(
    name: .customLong("tar"),
    help: """
      INPUT and OUTPUT are tar files; - is standard input or output. INPUT may be compressed (gzip, bzip2, xz, zstd, lz4). \
      OUTPUT holds what the folder would hold, sorted by name and without times and owners, so that equal copies give an \
      equal tar. Both are unpacked on disk for the time of the run. With 'plan', --shard and --cluster both are folders: \
      of each INPUT/a/b.tar (b.tar.gz, b.tgz, ...) comes OUTPUT/a/b.tar, the same as by itself, and a shard is some of \
      them; if INPUT holds images, all that comes of shard 40 goes into OUTPUT/000/00040.tar.
      """)
  var isOn = false

  @Option(
    name: .customLong("scratch"),
    help: ArgumentHelp(
      "With --tar: where there is room for files that come from a tar or go into one. (default: $TMPDIR, or else /tmp)",
      valueName: "folder"),
    completion: .directory)
  var scratch: String?

  /// What stands for standard input and standard output.
  static let stream = "-"

  /// Throws a `ValidationError` for what means nothing with tars.
  func validate(input: String, output: String?, _ run: RunFlags) throws {
    try require(isOn || scratch == nil, "--scratch belongs to --tar")
    guard isOn else { return }
    try require(scratch != "", "--scratch is empty; name a folder")
    try require(!run.noSaving, "--no-saving leaves nothing for a tar; leave out --tar")
    try require(!run.resume, "--tar makes a tar in one run: leave out --resume")
    if run.shard != nil || run.record.shards != nil { try validateShards(input: input, output: output, run) }
    try require(!input.isEmpty && output?.isEmpty == false, "--tar needs the names of two tar files; - is a pipe")
    guard output == Self.stream else { return }
    try require(!run.overwrite, "--overwrite replaces a file, and OUTPUT is standard output")
    try require(!run.json, "--json writes to standard output, where the tar goes; name a file as OUTPUT")
  }

  private func validateShards(input: String, output: String?, _ run: RunFlags) throws {
    try require(
      input != Self.stream && output != Self.stream, "shards need folders: name some as INPUT and OUTPUT")
    // Each would be of the last tar alone.
    try require(
      run.report == nil && run.quarantine == nil && run.maxErrors == nil,
      "--report, --quarantine and --max-errors are for one tar; 'augment-cli finalize' names what has failed in shards")
  }
}
