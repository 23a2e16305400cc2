internal import ArgumentParser
internal import Datasets
internal import Glibc
internal import Imaging
internal import Studies

struct StatsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stats",
    abstract: "Counts images, labels and splits of a data set, and tells what is broken, missing or there twice.",
    discussion: """
      Images are told by their headers, so an image whose pixels are damaged counts as sound. Files are identical if \
      their bytes are. A box counts as outside if it reaches beyond the image by more than a millionth of it. DATASET \
      may also be the output of augment or convert.

      Exit status: 0 all can be read, 1 some images or labels are broken, 2 there are no statistics.
      """)

  private static let installation =
    "gnuplot is not installed: make deps-report installs it (on Debian: apt-get install gnuplot-nox)"

  @Argument(help: "Folder of images and labels.", completion: .directory)
  var dataset: String

  @Flag(help: "Print everything as one JSON object on standard output.")
  var json = false

  @Option(
    help: ArgumentHelp("PNG file to draw six charts in; needs gnuplot.", valueName: "file"),
    completion: .file(extensions: ["png"]))
  var charts: String?

  @Flag(help: "Print only errors: no progress.")
  var quiet = false

  @OptionGroup(title: "Labels") var flags: DatasetFlags

  func validate() throws {
    try require(charts?.lowercased().hasSuffix(".png") ?? true, "--charts must end in .png")
  }

  func run() throws {
    ImagingRuntime.prepareProcess()
    let statistics = try Failure.telling { try count() }
    if json {
      try Terminal.print("\(JSONText.line(statistics))\n")
    } else {
      try Terminal.print(StatisticsText(statistics: statistics).text)
    }
    Glibc.exit((statistics.hasBrokenFiles ? ExitStatus.someImagesFailed : .done).code)
  }

  private func count() throws -> DatasetStatistics {
    // Before a long count, not after it.
    if charts != nil, !DatasetCharts.canBeDrawn { throw Failure(Self.installation) }
    let folder = try LabelledFolder(dataset, flags)
    let reporter = Reporter(total: folder.listing.images.count, unit: "images", isQuiet: quiet)
    let statistics = try DatasetStatistics(reading: folder.source) { reporter.show(done: $0, failed: 0) }
    reporter.finish()
    if let charts { try DatasetCharts(statistics).write(to: charts) }
    return statistics
  }
}
