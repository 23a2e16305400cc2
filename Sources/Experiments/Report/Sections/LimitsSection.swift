internal import Strategies

/// What limits a run, by rules that are stated beside what they found.
struct LimitsSection {
  let analysis: StudyAnalysis
  let saving: Saving

  struct Finding {
    var limit: String
    var rule: String
    var found: String
    /// `nil` where the run cannot tell.
    var holds: Bool?
  }

  var table: HTMLTable {
    HTMLTable(
      caption: "What limits the run, saving \(saving.rawValue)", columns: ["Limit", "Rule", "Found", "It limits"],
      rows: findings.map { finding in
        let verdict = finding.holds.map { $0 ? "yes" : "no" } ?? "cannot tell"
        return HTMLTable.Row(cells: [finding.limit, finding.rule, finding.found, verdict])
      },
      isProse: true)
  }

  var findings: [Finding] {
    guard let base else { return [] }
    return [dominantStage(base), mainDecode(base), savers, disk, waiting, sharedMemory(base), oversubscription]
      .compactMap { $0 }
  }

  private var answers: AnswersSection { AnswersSection(analysis: analysis) }

  /// The baseline with the most work.
  private var base: CellSummary? {
    analysis.cells(StudyDescription.baselineStrategy, saving).last { analysis.isBaseline($0.cell) }
  }

  /// The fastest strategy on the ranks that fill the cores.
  private var reference: CellSummary? {
    answers.referenceRanks(saving).flatMap { answers.contest(saving, ranks: $0).first }
  }

  private func dominantStage(_ base: CellSummary) -> Finding? {
    let stages = Stage.allCases.filter { $0 != .wait }.map { ($0, base.stageSeconds($0)) }
    let total = stages.reduce(0) { $0 + $1.1 }
    guard total > 0, let most = stages.max(by: { $0.1 < $1.1 }) else { return nil }
    let shares = stages.filter { $0.1 > 0 }.map { "\($0.0.rawValue) \(Figures.percent($0.1 / total, 1))" }
    let isProcessor = [Stage.decode, .transform, .encode].contains(most.0)
    return Finding(
      limit: isProcessor ? "Processor: \(most.0.rawValue)" : "Files: \(most.0.rawValue)",
      rule: "A stage that takes more than half of the baseline's stages",
      found: "\(Figures.list(shares)) of the baseline's stages", holds: most.1 > total / 2)
  }

  private func mainDecode(_ base: CellSummary) -> Finding? {
    let cells = analysis.cells(MainReads.name, saving)
    guard let fastest = cells.max(by: { (analysis.speedup($0) ?? 0) < (analysis.speedup($1) ?? 0) }) else { return nil }
    let scale = StudyAnalysis.pixels(fastest.cell) / StudyAnalysis.pixels(base.cell)
    let imageScale = Double(fastest.cell.images) / Double(max(1, base.cell.images))
    let seconds = (base.stageSeconds(.read) + base.stageSeconds(.decode)) * scale * imageScale
    let share = seconds / fastest.wallSeconds.median
    let ceiling = analysis.baselineSeconds(of: fastest.cell).map { $0 / seconds }
    return Finding(
      limit: "Reading and decoding in the main process (main-reads)",
      rule: "The baseline's read and decode are more than half of main-reads' best time",
      found:
        "\(Figures.plain(seconds)) s, \(Figures.percent(share, 1)) of \(Figures.plain(fastest.wallSeconds.median)) s "
        + "on \(fastest.cell.ranks) ranks; alone it allows a speedup of \(Figures.plain(ceiling))",
      holds: share > 0.5)
  }

  private var savers: Finding? {
    let cells = analysis.cells(Savers.name, saving)
    guard let cell = cells.max(by: { (analysis.speedup($0) ?? 0) < (analysis.speedup($1) ?? 0) }), cell.savers > 0,
      cell.workers > 0
    else { return nil }
    let saverSeconds = (cell.stageSeconds(.encode) + cell.stageSeconds(.write)) / Double(cell.savers)
    let workerSeconds =
      [Stage.read, .decode, .transform].reduce(0) { $0 + cell.stageSeconds($1) } / Double(cell.workers)
    let wall = cell.wallSeconds.median
    let busiest = max(saverSeconds, workerSeconds)
    let side = saverSeconds > workerSeconds ? "the savers' side" : "the workers' side"
    return Finding(
      limit: "Division of roles (savers)",
      rule: "At its best speedup one side is busy for more than 80 % of the time and the other for less than 60 %",
      found:
        "\(cell.cell.ranks) ranks: \(cell.workers) workers busy \(Figures.percent(workerSeconds / wall)), \(cell.savers) "
        + "\(cell.savers == 1 ? "saver" : "savers") \(Figures.percent(saverSeconds / wall)): \(side) has more to do",
      holds: busiest > 0.8 * wall && min(saverSeconds, workerSeconds) < 0.6 * wall)
  }

  /// How busy the processors were, and what share of the ranks' time went to files.
  private func use(_ summary: CellSummary) -> (processors: Double, files: Double) {
    let wall = summary.wallSeconds.median
    let cores = Double(min(summary.cell.ranks, analysis.cores))
    let files = summary.stageSeconds(.read) + summary.stageSeconds(.write)
    return (summary.processorSeconds.median / (wall * cores), files / (wall * Double(summary.cell.ranks)))
  }

  private var disk: Finding? {
    guard let reference else { return nil }
    let (busy, files) = use(reference)
    let bytes = reference.spread { Double($0.writtenBytes) }.median / reference.wallSeconds.median / 1e6
    let limit = analysis.study.description.writeBandwidthMegabytesPerSecond
    return Finding(
      limit: "Disk",
      rule:
        "With ranks that fill the cores, processors idle for more than 15 % while reading and writing take more than 10 %",
      found: "\(named(reference)): processors busy \(Figures.percent(busy)), reading and writing "
        + "\(Figures.percent(files, 1)) of the ranks' time, \(Figures.plain(bytes)) MB written a second"
        + (limit.map { " of at most \(Figures.plain($0)) allowed" } ?? ""),
      holds: busy < 0.85 && files > 0.1)
  }

  private var waiting: Finding? {
    guard let reference else { return nil }
    let (busy, files) = use(reference)
    let wait = reference.stageSeconds(.wait) / (reference.wallSeconds.median * Double(reference.cell.ranks))
    return Finding(
      limit: "Starting processes and waiting for each other",
      rule:
        "With ranks that fill the cores, processors idle for more than 15 % while reading and writing take less than 10 %",
      found: "\(named(reference)): processors busy \(Figures.percent(busy)), "
        + "\(Figures.percent(wait, 1)) of the ranks' time in no stage",
      holds: busy < 0.85 && files <= 0.1)
  }

  private func sharedMemory(_ base: CellSummary) -> Finding? {
    let rule =
      "With ranks that fill the cores, processors are busy for more than 5 % longer than the baseline's for the same work"
    guard let reference, reference.cell.ranks <= analysis.cores, base.processorSeconds.median > 0 else {
      return Finding(
        limit: "What cores share (memory bandwidth, caches, clock)", rule: rule,
        found: "no cell of several ranks keeps to the cores", holds: nil)
    }
    let work = StudyAnalysis.work(reference.cell) / StudyAnalysis.work(base.cell)
    let growth = reference.processorSeconds.median / (base.processorSeconds.median * work) - 1
    let bandwidth = analysis.study.machine?.memoryBandwidth.map { measured in
      "; memory copies at \(Figures.plain(measured.oneCoreGigabytesPerSecond)) GB/s from one core, "
        + "\(Figures.plain(measured.allCoresGigabytesPerSecond)) GB/s from all"
    }
    return Finding(
      limit: "What cores share (memory bandwidth, caches, clock)", rule: rule,
      found: "\(named(reference)): \(Figures.change(growth, 1)) processor time\(bandwidth ?? "")", holds: growth > 0.05)
  }

  private var oversubscription: Finding? {
    let rule = "With more ranks than cores, a strategy falls below 95 % of its best speedup within the cores"
    let losses = analysis.strategies(saving).compactMap { strategy -> (text: String, loss: Double)? in
      let cells = analysis.cells(strategy, saving)
      let within = cells.filter { $0.cell.ranks <= analysis.cores }.compactMap(analysis.speedup).max()
      let beyond = cells.filter { $0.cell.ranks > analysis.cores }
      let worst = beyond.min { (analysis.speedup($0) ?? 0) < (analysis.speedup($1) ?? 0) }
      guard let within, let worst, let speedup = analysis.speedup(worst) else { return nil }
      let loss = speedup / within - 1
      return ("\(strategy) \(Figures.change(loss, 1)) at \(worst.cell.ranks)", loss)
    }
    guard !losses.isEmpty else { return nil }
    return Finding(
      limit: "More ranks than cores", rule: rule, found: "worst change of speedup: \(Figures.list(losses.map(\.text)))",
      holds: losses.contains { $0.loss < -0.05 })
  }

  private func named(_ summary: CellSummary) -> String { "\(summary.cell.strategy) on \(summary.cell.ranks) ranks" }
}
