internal import Imaging
internal import Strategies

/// The limits of a run: each rule is shown with what was found.
struct LimitsSection {
  let analysis: Analysis
  let saving: Saving

  struct Finding {
    var limit: String
    var rule: String
    var found: String
    /// `nil` if the run cannot tell.
    var holds: Bool?
  }

  var table: Table {
    var table = Table(
      "What limits the run, saving \(saving.rawValue)",
      [
        .words("Limit") { $0.limit }, .words("Rule") { $0.rule }, .words("Found") { $0.found },
        .words("Limiting") { finding in finding.holds.map { $0 ? "yes" : "no" } ?? "cannot tell" },
      ], findings)
    table.isProse = true
    return table
  }

  /// Round numbers that tell the kept runs on images of 2000×1000 apart: processors that nothing held up were busy 96 to
  /// 98 % of the time, 87 with savers, whose sides are not equal, and 30 behind a slow disk; reading and writing took 5
  /// to 9 % of the ranks' time, and 70 behind that disk. The rules name them as well.
  private static let (busyProcessors, littleForFiles) = (0.85, 0.1)

  /// A round number, about as much as the repetitions of a cell differ in the kept runs: less may be chance.
  private static let chance = 0.05

  var findings: [Finding] {
    guard let base else { return [] }
    return [dominantStage(base), mainDecode(base), savers, disk, waiting, sharedMemory(base), oversubscription]
      .compactMap { $0 }
  }

  /// The baseline with the most work.
  private var base: ConfigurationSummary? {
    analysis.baselines(saving).last
  }

  /// The fastest strategy on `referenceRanks`.
  private var reference: ConfigurationSummary? {
    analysis.referenceRanks(saving).flatMap { analysis.contest(saving, ranks: $0).first }
  }

  private func dominantStage(_ base: ConfigurationSummary) -> Finding? {
    let stages = Stage.allCases.filter { $0 != .wait }.map { ($0, base.stageSeconds($0)) }
    let total = stages.reduce(0) { $0 + $1.1 }
    guard total > 0, let most = stages.max(by: { $0.1 < $1.1 }) else { return nil }
    let shares = stages.filter { $0.1 > 0 }.map { "\($0.0.rawValue) \(NumberText.percent($0.1 / total, 1))" }
    let isProcessor = [Stage.decode, .transform, .encode].contains(most.0)
    return Finding(
      limit: isProcessor ? "Processor: \(most.0.rawValue)" : "Files: \(most.0.rawValue)",
      rule: "One stage takes more than half of the baseline's stage time",
      found: "\(NumberText.list(shares)) of the baseline's stage time", holds: most.1 > total / 2)
  }

  private func mainDecode(_ base: ConfigurationSummary) -> Finding? {
    let all = analysis.summaries(MainReads.name, saving)
    guard let fastest = all.max(by: { (analysis.speedup($0) ?? 0) < (analysis.speedup($1) ?? 0) }) else { return nil }
    let scale = fastest.configuration.pixels / base.configuration.pixels
    let imageScale = Double(fastest.configuration.images) / Double(max(1, base.configuration.images))
    let seconds = base.stageSeconds([.read, .decode]) * scale * imageScale
    let share = seconds / fastest.wallSeconds.median
    let ceiling = analysis.baselineSeconds(of: fastest.configuration).map { $0 / seconds }
    return Finding(
      limit: "Reading and decoding in the main process (main-reads)",
      rule: "The baseline's read and decode take more than half of main-reads' best time",
      found:
        "\(NumberText.significant(seconds)) s, \(NumberText.percent(share, 1)) of \(NumberText.significant(fastest.wallSeconds.median)) s "
        + "on \(NumberText.counted(fastest.configuration.ranks, "rank")); alone it limits the speedup to \(NumberText.significant(ceiling))",
      holds: share > 0.5)
  }

  private var savers: Finding? {
    let all = analysis.summaries(Savers.name, saving)
    guard let best = all.max(by: { (analysis.speedup($0) ?? 0) < (analysis.speedup($1) ?? 0) }), best.savers > 0,
      best.workers > 0
    else { return nil }
    let saverSeconds = best.stageSeconds([.encode, .write]) / Double(best.savers)
    let workerSeconds = best.stageSeconds([.read, .decode, .transform]) / Double(best.workers)
    let wall = best.wallSeconds.median
    let busiest = max(saverSeconds, workerSeconds)
    let side = saverSeconds > workerSeconds ? "the savers' side" : "the workers' side"
    return Finding(
      limit: "Division of roles (savers)",
      rule: "At its best speedup, one side is busy more than 80 % of the time and the other less than 60 %",
      found:
        "\(best.configuration.ranks) ranks: \(best.workers) workers busy \(NumberText.percent(workerSeconds / wall)), "
        + "\(NumberText.counted(best.savers, "saver")) \(NumberText.percent(saverSeconds / wall)): \(side) is busier",
      // Round numbers: one side has hardly any time left, and the other enough to take over some of its work.
      holds: busiest > 0.8 * wall && min(saverSeconds, workerSeconds) < 0.6 * wall)
  }

  /// Utilization of the processors, and the share of the ranks' time spent on files.
  private func use(_ summary: ConfigurationSummary) -> (processors: Double, files: Double) {
    let wall = summary.wallSeconds.median
    let cores = Double(min(summary.configuration.ranks, analysis.cores))
    let files = summary.stageSeconds([.read, .write])
    return (summary.processorSeconds.median / (wall * cores), files / (wall * Double(summary.configuration.ranks)))
  }

  private var disk: Finding? {
    guard let reference else { return nil }
    let (busy, files) = use(reference)
    let bytes = reference.spread { Double($0.writtenBytes) }.median / reference.wallSeconds.median / 1e6
    let limit = analysis.study.description.writeMegabytesPerSecond
    return Finding(
      limit: "Disk",
      rule:
        "With the cores filled, processors idle more than 15 % and reading and writing take more than 10 % of the time",
      found: "\(named(reference)): processors busy \(NumberText.percent(busy)), reading and writing "
        + "\(NumberText.percent(files, 1)) of the ranks' time, \(NumberText.significant(bytes)) MB/s written"
        + (limit.map { " of \(NumberText.significant($0)) allowed" } ?? ""),
      holds: busy < Self.busyProcessors && files > Self.littleForFiles)
  }

  private var waiting: Finding? {
    guard let reference else { return nil }
    let (busy, files) = use(reference)
    let wait = reference.stageSeconds(.wait) / (reference.wallSeconds.median * Double(reference.configuration.ranks))
    return Finding(
      limit: "Starting processes and waiting",
      rule:
        "With the cores filled, processors idle more than 15 % and reading and writing take less than 10 % of the time",
      found: "\(named(reference)): processors busy \(NumberText.percent(busy)), "
        + "\(NumberText.percent(wait, 1)) of the ranks' time in no stage",
      holds: busy < Self.busyProcessors && files <= Self.littleForFiles)
  }

  private func sharedMemory(_ base: ConfigurationSummary) -> Finding? {
    let rule =
      "With the cores filled, processor time is more than 5 % above the baseline's for the same work"
    guard let reference, reference.configuration.ranks <= analysis.cores, base.processorSeconds.median > 0 else {
      return Finding(
        limit: "Shared by the cores (memory bandwidth, caches, clock)", rule: rule,
        found: "no cell with several ranks fits the cores", holds: nil)
    }
    let work = reference.configuration.work / base.configuration.work
    let growth = reference.processorSeconds.median / (base.processorSeconds.median * work) - 1
    let bandwidth = analysis.study.machine?.memoryBandwidth.map { measured in
      "; memory copies at \(NumberText.significant(measured.oneCoreGigabytesPerSecond)) GB/s on one core, "
        + "\(NumberText.significant(measured.allCoresGigabytesPerSecond)) GB/s on all"
    }
    return Finding(
      limit: "Shared by the cores (memory bandwidth, caches, clock)", rule: rule,
      found: "\(named(reference)): \(NumberText.change(growth, 1)) processor time\(bandwidth ?? "")",
      holds: growth > Self.chance)
  }

  private var oversubscription: Finding? {
    let rule = "With more ranks than cores, a strategy falls below 95 % of its best speedup within the cores"
    let losses = analysis.strategies(saving).compactMap { strategy -> (text: String, loss: Double)? in
      let all = analysis.summaries(strategy, saving)
      let within = all.filter { $0.configuration.ranks <= analysis.cores }.compactMap(analysis.speedup).max()
      let beyond = all.filter { $0.configuration.ranks > analysis.cores }
      let worst = beyond.min { (analysis.speedup($0) ?? 0) < (analysis.speedup($1) ?? 0) }
      guard let within, let worst, let speedup = analysis.speedup(worst) else { return nil }
      let loss = speedup / within - 1
      return ("\(strategy) \(NumberText.change(loss, 1)) at \(worst.configuration.ranks)", loss)
    }
    guard !losses.isEmpty else { return nil }
    return Finding(
      limit: "More ranks than cores", rule: rule,
      found: "worst change of speedup: \(NumberText.list(losses.map(\.text)))",
      holds: losses.contains { $0.loss < -Self.chance })
  }

  private func named(_ summary: ConfigurationSummary) -> String {
    "\(summary.configuration.strategy) on \(NumberText.counted(summary.configuration.ranks, "rank"))"
  }
}
