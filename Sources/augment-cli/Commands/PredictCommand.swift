internal import ArgumentParser
internal import Strategies
internal import Studies

struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Simulates the strategies on other numbers of cores, ranks and nodes, from an earlier run.",
    discussion: """
      A discrete-event simulation that uses the measured stage times of the baseline (sequential on one rank). It \
      first simulates the measured cells and prints its error, then simulates the requested machine. Every simulated \
      number is marked as such. The result is written to prediction.csv, which report includes. Strategies that divide \
      one image among the ranks are not simulated.

      With --nodes it simulates shards on many machines instead, each with --cores and one strategy, and writes \
      prediction-nodes.csv: times, speedups, and what limits them. Its error is that for the node processes in \
      nodes.csv in the folder of the run, which experiments/cluster/nodes.py measures.
      """)

  @Argument(
    help: ArgumentHelp("Folder of a run of strong, weak or compare.", valueName: "run"), completion: .directory)
  var measured: String

  @Option(help: ArgumentHelp("Cores of the simulated machine, or of each node.", valueName: "n"))
  var cores = 16

  @Option(
    help: ArgumentHelp(
      """
      Numbers of ranks: a list (1,2,4), doubling (1..64), or in steps (1..8+1). (default: 1..64; of each node: one per \
      core)
      """, valueName: "list"))
  var ranks: String?

  @Option(help: ArgumentHelp("Write rate of the simulated disk in MB/s. (default: that of the run)", valueName: "MB/s"))
  var writeBandwidth: Bandwidth?

  @Option(
    help: ArgumentHelp(
      "Strategies, separated by commas. (default: all that can be simulated; on nodes: \(Adaptive.name))",
      valueName: "names"))
  var strategies: String?

  @OptionGroup(title: "Many nodes") var nodes: NodeFlags

  @Option(
    help: ArgumentHelp("Folder for the result. (default: the folder of the run)", valueName: "folder"),
    completion: .directory)
  var output: String?

  func validate() throws {
    guard (1...Self.most).contains(cores) else { throw ValidationError("--cores must lie between 1 and \(Self.most)") }
    let (ranks, strategies) = (try rankList, try strategyList)
    guard nodes.nodes != nil else { return }
    guard ranks.count == 1 else { throw ValidationError("with --nodes, --ranks is one number: the ranks of each node") }
    guard strategies.count == 1 else { throw ValidationError("with --nodes, --strategies is one name") }
  }

  func run() throws {
    if let counts = try nodes.counts { return try predictNodes(counts) }
    let (ranks, strategies) = (try rankList, try strategyList)
    let section = try Failure.telling {
      let calibration = try Calibration(Study.load(measured))
      let prediction = try Prediction(calibration, on: machine, ranks: ranks, strategies: strategies)
      try ReportWriter.write(prediction.text, to: path(Prediction.fileName))
      return PredictionSection(prediction, cores: calibration.analysis.cores)
    }
    try show(section.explanation, section.text, Prediction.fileName)
  }

  private func predictNodes(_ counts: [Int]) throws {
    var target = nodes.target
    (target.machine, target.ranks, target.strategy) = (machine, try rankList[0], try strategyList[0])
    let section = try Failure.telling {
      let calibration = try Calibration(Study.load(measured))
      let prediction = try NodePrediction(
        calibration, on: target, nodes: counts, measured: NodePrediction.measured(in: measured))
      try ReportWriter.write(prediction.text, to: path(NodePrediction.fileName))
      return NodeSection(prediction)
    }
    try show(section.explanation, section.text, NodePrediction.fileName)
  }

  private func show(_ explanation: String, _ text: String, _ name: String) throws {
    Terminal.write("\(explanation)\nWritten: \(Terminal.printable(path(name)))\n")
    try Terminal.print(text)
  }

  private func path(_ name: String) -> String { "\(output ?? measured)/\(name)" }

  private var machine: Prediction.Target {
    Prediction.Target(cores: cores, writeMegabytesPerSecond: writeBandwidth?.megabytesPerSecond)
  }

  private static let most = 4096

  private var rankList: [Int] {
    get throws {
      let ranks = ranks ?? (nodes.nodes == nil ? "1..64" : "\(min(cores, RankList.limits.upperBound))")
      return try RankList.option(ranks).ranks
    }
  }

  private var strategyList: [any SimulatedStrategy.Type] {
    get throws {
      guard let strategies else { return nodes.nodes == nil ? StrategyCatalog.simulated : [Adaptive.self] }
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
