internal import ArgumentParser
internal import Experiments

struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Simulates the strategies on more cores and ranks than there are, from a kept run.",
    discussion: """
      A discrete-event simulation, fed with the measured times of the baseline, sequential on one rank. It simulates the \
      measured cells first and says how far off it is, then the machine asked for. Every simulated number is marked so. \
      Leaves prediction.csv, which report shows.
      """)

  @Argument(help: "Folder that strong, weak or compare has left.", completion: .directory)
  var run: String

  @Option(help: ArgumentHelp("Cores of the simulated machine.", valueName: "n"))
  var cores = 16

  @Option(
    help: ArgumentHelp("Ranks: 1..64 doubles, 1..8+1 counts by ones, 1,2,3 are themselves.", valueName: "ranks"))
  var ranks = "1..64"

  @Option(help: ArgumentHelp("Names, separated by commas; all if left out.", valueName: "names"))
  var strategies: String?

  @Option(
    help: ArgumentHelp("Folder for prediction.csv; RUN if left out.", valueName: "folder"), completion: .directory)
  var output: String?

  func validate() throws {
    guard (1...Self.most).contains(cores) else { throw ValidationError("--cores must lie between 1 and \(Self.most)") }
    _ = try rankList
    _ = try strategyList
  }

  func run() throws {
    let folder = output ?? run
    do throws(StudyError) {
      let calibration = try Calibration(Study.load(run))
      let prediction = Prediction(
        calibration, cores: cores, ranks: (try? rankList) ?? [], strategies: (try? strategyList) ?? [])
      let path = "\(folder)/\(Prediction.fileName)"
      try ReportWriter.write(prediction.text, to: path, in: folder)
      let text = PredictionText(prediction: prediction, cores: calibration.analysis.cores)
      Terminal.write("\(text.explanation)\nWritten: \(Terminal.printable(path))\n")
      try Terminal.print(text.table)
    } catch {
      throw Failure(error.description)
    }
  }

  private static let most = 1024

  private var rankList: [Int] {
    get throws {
      guard let list = RankRange(ranks, most: Self.most) else {
        throw ValidationError("--ranks is like 1..64, 1..8+1 or 1,2,3, from 1 to \(Self.most)")
      }
      return list.ranks
    }
  }

  private var strategyList: [SimulatedStrategy] {
    get throws {
      guard let strategies else { return SimulatedStrategy.allCases }
      return try strategies.split(separator: ",").map { name in
        guard let strategy = SimulatedStrategy(rawValue: String(name)) else {
          let names = SimulatedStrategy.allCases.map(\.rawValue).joined(separator: ", ")
          throw ValidationError("no strategy is called \"\(name)\"; there are \(names)")
        }
        return strategy
      }
    }
  }
}
