internal import ArgumentParser
internal import Imaging
internal import Studies

struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Benchmarks parts of the program in isolation.",
    subcommands: [BenchTransformsCommand.self, BenchKMeansCommand.self])
}

struct BenchTransformsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "transforms", abstract: "Measures the time of each transform on one image, in milliseconds.",
    discussion: """
      Each transform runs on a generated scene, with its default parameters or, where these do little, with others, \
      after a warm-up that is not counted. Each repetition runs all transforms and draws new parameters. A plain copy \
      of the image is measured for comparison. If the Python environment of the repository exists (make test creates \
      it), Albumentations is measured in the same run with the same parameters. AUGMENT_INSTRUCTIONS=avx2 limits both \
      to what processors without AVX-512 have.
      """)

  @Argument(help: "Transforms to measure. (default: all)")
  var names: [String] = []

  @Option(help: ArgumentHelp("Width and height of the image in pixels.", valueName: "WxH"))
  var size = ImageSize(width: 2000, height: 1000)

  @Option(help: ArgumentHelp("Run the benchmark in this many processes at the same time.", valueName: "n"))
  var threads = 1

  @Option(help: ArgumentHelp("Measure each transform this many times.", valueName: "n"))
  var repetitions = 9

  @Option(
    help: ArgumentHelp(
      "Folder for the results. (default: results/<date>-<machine>-<commit>/transforms)", valueName: "folder"))
  var output: String?

  @Flag(help: "Skip Albumentations.")
  var alone = false

  func validate() throws {
    if threads < 1 { throw ValidationError("--threads must be at least 1") }
    if repetitions < 1 { throw ValidationError("--repetitions must be at least 1") }
    for name in names where TransformCatalog.type(named: name) == nil {
      throw ValidationError("unknown transform \(name); augment-cli transforms lists them")
    }
  }

  func run() throws {
    var bench = TransformBench(width: size.width, height: size.height)
    (bench.threads, bench.repetitions, bench.names) = (threads, repetitions, names)
    bench.peer = alone || threads > 1 ? nil : .albumentations
    let reporter = StudyReporter(isQuiet: false)
    if bench.peer == nil && !alone {
      reporter.say(
        threads > 1
          ? "Albumentations is measured on one thread only"
          : "Albumentations is skipped: run make test to create its environment, and start in the repository folder")
    }
    try Failure.telling {
      var folder = try TransformBenchFolder(
        output ?? StudySession.defaultFolder("transforms"), bench, command: CommandText.ofThisProcess)
      try bench.run(skipping: { reporter.say("\($0) is left out: \($1)") }, each: { try folder.add($0) })
      try Terminal.print(folder.finish())
      Terminal.write("The results are in \(Terminal.printable(folder.path)).\n")
    }
  }
}
