internal import ArgumentParser
internal import Strategies
internal import Studies

struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Simulates the strategies on more cores and ranks than there are, from a kept run.",
    discussion: """
      A discrete-event simulation, fed with the measured times of the baseline, sequential on one rank. It simulates the \
      measured cells first and says how far off it is, then the machine asked for. Every simulated number is marked so. \
      Leaves prediction.csv, which report shows.
      """)

  @Argument(
    help: ArgumentHelp("Folder that strong, weak or compare has left.", valueName: "run"), completion: .directory)
  var measured: String

  @Option(help: ArgumentHelp("Cores of the simulated machine.", valueName: "n"))
  var cores = 16

  @Option(
    help: ArgumentHelp("1,2,4 or 1..64, which doubles, or 1..8+1, which goes in steps.", valueName: "list"))
  var ranks = "1..64"

  @Option(help: ArgumentHelp("What the simulated disk takes; that of the run if left out.", valueName: "MB/s"))
  var writeBandwidth: Bandwidth?

  @Option(help: ArgumentHelp("Names, separated by commas; all if left out.", valueName: "names"))
  var strategies: String?

  @Option(
    help: ArgumentHelp("Folder for prediction.csv; RUN if left out.", valueName: "folder"), completion: .directory)
  var output: String?

  func validate() throws {
    guard (1...Self.most).contains(cores) else { throw ValidationError("--cores must lie between 1 and \(Self.most)") }
    _ = try RankList.option(ranks)
    _ = try strategyList
  }

  func run() throws {
    let (ranks, strategies) = (try RankList.option(ranks).ranks, try strategyList)
    let section = try Failure.asFailure { () throws(StudyError) in
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

  private var strategyList: [any Strategy.Type] {
    get throws {
      guard let strategies else { return StrategyCatalog.all }
      return try strategies.split(separator: ",").map { name in
        guard let strategy = StrategyCatalog.type(named: String(name)) else {
          let names = StrategyCatalog.all.map { $0.name }.joined(separator: ", ")
          throw ValidationError("no strategy is called \"\(name)\"; there are \(names)")
        }
        return strategy
      }
    }
  }
}
