internal import ArgumentParser
internal import Glibc
internal import Imaging
internal import Studies

struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Measures parts of the program by themselves.",
    subcommands: [BenchTransformsCommand.self])
}

struct BenchTransformsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "transforms", abstract: "Measures the milliseconds of every transform on one image.",
    discussion: """
      Each transform runs at its defaults on a generated scene, every repetition with other draws, in turn, after a \
      warm-up that is not counted. Beside it stands a copy of the image, below which nothing gets. Where the Python \
      environment of the repository has been made (make test), Albumentations is measured in the same run.
      """)

  @Argument(help: "Transforms to measure; all, if none is named.")
  var names: [String] = []

  @Option(help: ArgumentHelp("Width and height of the image.", valueName: "WxH"))
  var size = ImageSize(width: 2000, height: 1000)

  @Option(help: ArgumentHelp("How many work at once, each for itself.", valueName: "n"))
  var threads = 1

  @Option(help: ArgumentHelp("How often each is measured.", valueName: "n"))
  var repetitions = 9

  @Option(
    help: ArgumentHelp(
      "Folder for the rows. (default: results/<date>-<machine>-<commit>/transforms)", valueName: "folder"))
  var output: String?

  @Flag(help: "Do not measure Albumentations.")
  var alone = false

  func validate() throws {
    if threads < 1 { throw ValidationError("--threads must be at least 1") }
    if repetitions < 1 { throw ValidationError("--repetitions must be at least 1") }
    for name in names where TransformCatalog.type(named: name) == nil {
      throw ValidationError("there is no transform \(name); augment-cli transforms lists them")
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
          : "Albumentations is not measured: its environment is made by make test, in the folder of the repository")
    }
    do {
      var folder = try TransformBenchFolder(
        output ?? StudySession.defaultFolder("transforms"), bench, command: StudySession.commandLine)
      try bench.run { try folder.add($0) }
      try Terminal.print(folder.finish())
      Terminal.write("Rows are in \(Terminal.printable(folder.path)).\n")
    } catch let error as StudyError {
      throw Failure(error.description)
    }
  }
}
