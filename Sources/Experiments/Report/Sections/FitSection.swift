/// The laws of scaling, fitted to what was measured, with what they leave unexplained.
struct FitSection {
  let analysis: StudyAnalysis
  let saving: Saving

  /// Which cells a fit is of.
  private enum Extent: CaseIterable {
    case withinCores, all
  }

  var html: HTML {
    let strategies = analysis.strategies(saving)
    guard !strategies.isEmpty else { return .nothing }
    return .lines(
      [.element("h3", [], "Fits, saving \(saving.rawValue)"), .paragraph(explanation)]
        + [parameters.html, residuals.html, serialFractions.html])
  }

  private var isWeak: Bool { analysis.study.description.study == .weak }
  private var laws: [ScalingLaw] { isWeak ? [.gustafson, .universal] : [.amdahl, .universal] }

  private var explanation: String {
    let meaning =
      isWeak
      ? "Gustafson: S(p) = p − α (p − 1), α the serial share of the time of a run. "
      : "Amdahl: S(p) = 1 / (s + (1 − s) / p), s the serial share of the work. "
    return meaning + """
      Universal Scalability Law: S(p) = p / (1 + σ (p − 1) + κ p (p − 1)), σ contention, κ coherence. Least squares of \
      \(isWeak ? "relative speeds and times" : "relative times"), no parameter below 0; p = 1 is the baseline. In brackets, 95 % of \
      \(Bootstrap.drawCount) bootstrap draws over the repetitions, which few repetitions make too narrow. R² is of the \
      speedups. Fits over all ranks, *, go beyond the cores: they describe this machine more than the program.
      """
  }

  /// A fit, or why there is none; `nil` where it would only repeat the other extent.
  private func fit(_ law: ScalingLaw, _ strategy: String, _ extent: Extent) -> Result<(Fit, Bootstrap), Fit.Failure>? {
    let cells = analysis.cells(strategy, saving)
    if extent == .all && !cells.contains(where: { analysis.isOversubscribed($0.cell.ranks) }) { return nil }
    let limit = extent == .withinCores ? analysis.cores : nil
    guard let bootstrap = analysis.bootstrap(strategy, saving, maxRanks: limit) else {
      return extent == .withinCores ? .failure(.tooFewPoints(0, needed: law.symbols.count + 1)) : nil
    }
    do throws(Fit.Failure) {
      return .success((try Fit(law, to: bootstrap.points), bootstrap))
    } catch {
      return .failure(error)
    }
  }

  private var parameters: HTMLTable {
    let rows = analysis.strategies(saving).flatMap { strategy in
      laws.flatMap { law in
        Extent.allCases.compactMap { extent in
          fit(law, strategy, extent).map { row(strategy, law, extent, $0) }
        }
      }
    }
    return HTMLTable(
      caption: "Parameters of the fits, saving \(saving.rawValue)",
      columns: ["Strategy", "Law", "Ranks", "Parameters", "R²", "Largest residual", "Most speedup by the law"],
      textColumns: 4, rows: rows)
  }

  private func row(
    _ strategy: String, _ law: ScalingLaw, _ extent: Extent, _ result: Result<(Fit, Bootstrap), Fit.Failure>
  ) -> HTMLTable.Row {
    let isOver = extent == .all
    let head = [strategy, law.name, isOver ? "all *" : "up to \(analysis.cores)"]
    switch result {
    case .failure(.tooFewPoints(let count, let needed)):
      let reason = "too few points: \(count) of at least \(needed) above one rank"
      return HTMLTable.Row(cells: head + [reason, Figures.none, Figures.none, Figures.none], isOversubscribed: isOver)
    case .success((let fit, let bootstrap)):
      let worst = fit.residuals.map(\.relative).max { $0.magnitude < $1.magnitude }
      return HTMLTable.Row(
        cells: head + [
          parameterText(fit, bootstrap), Figures.plain(fit.rSquared), Figures.change(worst, 1), ceiling(fit),
        ], isOversubscribed: isOver)
    }
  }

  private func parameterText(_ fit: Fit, _ bootstrap: Bootstrap) -> String {
    let intervals = bootstrap.intervals(of: fit.law)
    return fit.law.symbols.enumerated().map { index, symbol in
      let interval = intervals.map {
        " [\(Figures.plain($0[index].lowerBound))–\(Figures.plain($0[index].upperBound))]"
      }
      let isBound = fit.parameters[index] == 0 ? " (at its bound)" : ""
      return "\(symbol) = \(Figures.plain(fit.parameters[index]))\(interval ?? "")\(isBound)"
    }.joined(separator: ", ")
  }

  private func ceiling(_ fit: Fit) -> String {
    guard fit.rSquared >= 0 else { return "the law does not describe these points" }
    guard let ceiling = fit.ceiling else { return "no limit" }
    let value = Figures.plain(ceiling.speedup)
    return ceiling.ranks.map { "\(value) at \($0) ranks" } ?? "below \(value)"
  }

  private var residuals: HTMLTable {
    var rows: [HTMLTable.Row] = []
    for strategy in analysis.strategies(saving) {
      for law in laws {
        for extent in Extent.allCases {
          guard case .success((let fit, _)) = fit(law, strategy, extent) else { continue }
          let ranks = allRanks.map { rank in
            fit.residuals.first { $0.point.ranks == rank }.map { Figures.change($0.relative, 1) } ?? Figures.none
          }
          rows.append(
            .init(
              cells: [strategy, law.name, extent == .all ? "all *" : "up to \(analysis.cores)"] + ranks,
              isOversubscribed: extent == .all))
        }
      }
    }
    return HTMLTable(
      caption: "Residuals: measured speedup over the law's, less 1",
      columns: ["Strategy", "Law", "Ranks"] + allRanks.map(marked),
      textColumns: 3, rows: rows)
  }

  private var serialFractions: HTMLTable {
    let rows = analysis.strategies(saving).map { strategy in
      let points = analysis.cells(strategy, saving)
      let texts = allRanks.map { rank in
        points.last { $0.cell.ranks == rank }.flatMap(analysis.speedup)
          .flatMap { SpeedupPoint(ranks: rank, speedup: $0).serialFraction }.map { Figures.plain($0) } ?? Figures.none
      }
      return HTMLTable.Row(cells: [strategy] + texts)
    }
    return HTMLTable(
      caption:
        "Serial fraction that each point alone would have (Karp and Flatt); beyond the cores, *, it says how few they are",
      columns: ["Strategy"] + allRanks.map(marked), rows: isWeak ? [] : rows)
  }

  private var allRanks: [Int] {
    Set(analysis.strategies(saving).flatMap { analysis.cells($0, saving) }.map(\.cell.ranks)).filter { $0 > 1 }.sorted()
  }

  private func marked(_ rank: Int) -> String { "\(rank)\(analysis.isOversubscribed(rank) ? " *" : "")" }
}
