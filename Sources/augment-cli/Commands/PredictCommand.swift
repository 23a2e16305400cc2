internal import ArgumentParser
internal import Strategies
internal import Studies

struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Simulates the strategies on other numbers of cores and ranks, from an earlier run.",
    discussion: """
      A discrete-event simulation that uses the measured stage times of the baseline (sequential on one rank). It \
      first simulates the measured cells and prints its error, then simulates the requested machine. Every simulated \
      number is marked as such. The result is written to prediction.csv, which report includes. Strategies that divide \
      one image among the ranks are not simulated.
      """)

  @Argument(
    help: ArgumentHelp("Folder of a run of strong, weak or compare.", valueName: "run"), completion: .directory)
  var measured: String

  @Option(help: ArgumentHelp("Cores of the simulated machine.", valueName: "n"))
  var cores = 16

  @Option(
    help: ArgumentHelp("Numbers of ranks: a list (1,2,4), doubling (1..64), or in steps (1..8+1).", valueName: "list"))
  var ranks = "1..64"

  @Option(help: ArgumentHelp("Write rate of the simulated disk in MB/s. (default: that of the run)", valueName: "MB/s"))
  var writeBandwidth: Bandwidth?

  @Option(
    help: ArgumentHelp("Strategies, separated by commas. (default: all that can be simulated)", valueName: "names"))
  var strategies: String?

  @Option(
    help: ArgumentHelp("Folder for prediction.csv. (default: the folder of the run)", valueName: "folder"),
    completion: .directory)
  var output: String?

  func validate() throws {
    guard (1...Self.most).contains(cores) else { throw ValidationError("--cores must lie between 1 and \(Self.most)") }
    _ = try RankList.option(ranks)
    _ = try strategyList
  }

  func run() throws {
    let (ranks, strategies) = (try RankList.option(ranks).ranks, try strategyList)
    let section = try Failure.telling {
      let calibration = try Calibration(Study.load(measured))
      let prediction = try Prediction(
        calibration, on: .init(cores: cores, writeMegabytesPerSecond: writeBandwidth?.megabytesPerSecond), ranks: ranks,
        strategies: strategies)
      try ReportWriter.write(prediction.text, to: path)
      return PredictionSection(prediction, cores: calibration.analysis.cores)
    }
    Terminal.write("\(section.explanation)\nWritten: \(Terminal.printable(path))\n")
    try Terminal.print(section.text)
  }

  private var path: String { "\(output ?? measured)/\(Prediction.fileName)" }

  private static let most = 4096

  private var strategyList: [any SimulatedStrategy.Type] {
    get throws {
      guard let strategies else { return StrategyCatalog.simulated }
      return try strategies.split(separator: ",").map { try Self.strategy(named: String($0)) }
    }
  }

  private static func strategy(named name: String) throws -> any SimulatedStrategy.Type {
    if let strategy = StrategyCatalog.simulated.first(where: { $0.name == name }) { return strategy }
    let names = StrategyCatalog.simulated.map { $0.name }.joined(separator: ", ")
    let isKnown = StrategyCatalog.type(named: name) != nil
    throw ValidationError(
      isKnown
        ? "the strategy \(name) cannot be simulated; those that can are \(names)"
        : "unknown strategy \"\(name)\"; the strategies are \(names)")
  }
}
