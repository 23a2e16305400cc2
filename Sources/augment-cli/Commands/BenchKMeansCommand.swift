internal import ArgumentParser
internal import Studies

struct BenchKMeansCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kmeans", abstract: "Measures the K-means of quantize on images, in seconds.",
    discussion: """
      Images are decoded before anything is measured, and no file is written: the time is that of the quantisation \
      alone. Each run measures the sequential version, every number of threads and every number of ranks once, in \
      fresh processes, after a warm-up that is not counted. Each run begins with other pixels. The inertia of each \
      parallel version is compared with that of the sequential one that began with the same.
      """)

  @Argument(help: "Images to quantise.", completion: .file())
  var images: [String]

  @Option(help: ArgumentHelp("Numbers of colours (K).", valueName: "list"))
  var colors = CommaList([8, 16, 32])

  @Option(help: ArgumentHelp("Numbers of threads, or of ranks.", valueName: "list"))
  var threads = CommaList([1, 2, 4, 8])

  @Option(help: ArgumentHelp("Who shares the work on an image: threads, ranks, or either in turn.", valueName: "list"))
  var ways = CommaList([ClusterBench.Way.threads, .ranks])

  @Option(help: ArgumentHelp("Measure everything this many times.", valueName: "n"))
  var runs = 5

  @Option(help: ArgumentHelp("Rounds of K-means, at most.", valueName: "n"))
  var iterations = 20

  @Option(help: ArgumentHelp("Seed of the draw of the first colours; each run adds its number.", valueName: "n"))
  var seed: UInt64 = 0

  @Flag(help: "Let sums of different threads or ranks share cache lines, to show what false sharing costs.")
  var unpadded = false

  @Option(
    help: ArgumentHelp(
      "Folder for the results. (default: results/<date>-<machine>-<commit>/kmeans)", valueName: "folder"),
    completion: .directory)
  var output: String?

  func validate() throws {
    try require(colors.values.allSatisfy((1...256).contains), "--colors must lie between 1 and 256")
    try require(threads.values.allSatisfy((1...1024).contains), "--threads must lie between 1 and 1024")
    try require((1...1000).contains(runs), "--runs must lie between 1 and 1000")
    try require((1...10_000).contains(iterations), "--iterations must lie between 1 and 10000")
    try require(!ways.values.contains(.sequential), "--ways: the sequential version is measured in any case")
  }

  func run() throws {
    try Failure.telling {
      var bench = try ClusterBench(images)
      (bench.colors, bench.threads, bench.ways) = (colors.values, threads.values, ways.values)
      (bench.runs, bench.iterations, bench.isPadded) = (runs, iterations, !unpadded)
      bench.seed = seed
      var folder = try ClusterBenchFolder(
        output ?? StudySession.defaultFolder("kmeans"), command: CommandText.ofThisProcess)
      try bench.run { try folder.add($0) }
      let table = try folder.finish()
      try Terminal.print(table.tables.map { "\($0.caption)\n\($0.text)\n" }.joined() + table.remarks)
      Terminal.write("The results are in \(Terminal.printable(folder.path)).\n")
      guard table.isSound else { throw Failure("the parallel versions do not find what the sequential one finds") }
    }
  }
}

extension ClusterBench.Way: ExpressibleByArgument {}

/// Values separated by commas, at least one, none twice.
struct CommaList<Value: ExpressibleByArgument & Hashable>: ExpressibleByArgument {
  let values: [Value]

  init(_ values: [Value]) { self.values = values }

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
    let values = parts.compactMap { Value(argument: String($0)) }
    guard values.count == parts.count, Set(values).count == values.count else { return nil }
    self.values = values
  }

  var defaultValueDescription: String { values.map(\.defaultValueDescription).joined(separator: ",") }
}
