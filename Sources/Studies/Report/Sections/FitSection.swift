internal import Imaging

/// The scaling laws fitted to the measurements, with their residuals.
struct FitSection {
  let analysis: Analysis
  let saving: Saving

  /// Which configurations a fit includes.
  private enum Extent: CaseIterable {
    case withinCores, all
  }

  /// A law fitted to a strategy, or why it could not be.
  private struct FittedLaw {
    var strategy: String
    var law: ScalingLaw
    var extent: Extent
    var result: Result<(fit: Fit, bootstrap: Bootstrap), Fit.Failure>

    var isOversubscribed: Bool { extent == .all }
    var fit: Fit? { (try? result.get())?.fit }
  }

  var html: HTML {
    guard !analysis.strategies(saving).isEmpty else { return .nothing }
    let fits = fits
    return .lines(
      [.element("h3", [], "Fits, saving \(saving.rawValue)"), .paragraph(explanation)]
        + [parameters(fits).html, residuals(fits.filter { $0.fit != nil }).html, serialFractions.html])
  }

  private var laws: [ScalingLaw] { analysis.isWeak ? [.gustafson, .universal] : [.amdahl, .universal] }

  private var explanation: String {
    let meaning =
      analysis.isWeak
      ? "Gustafson: S(p) = p − α (p − 1) with α, the serial share of the run time. "
      : "Amdahl: S(p) = 1 / (s + (1 − s) / p) with s, the serial share of the work. "
    return meaning + """
      Universal Scalability Law: S(p) = p / (1 + σ (p − 1) + κ p (p − 1)) with contention σ and coherence κ. \
      Least-squares fits of \(analysis.isWeak ? "relative speeds and times" : "relative times"), no parameter below 0; \
      p = 1 is the baseline. In brackets, the 95 % interval of \(Bootstrap.drawCount) bootstrap draws over the \
      repetitions, too narrow if these are few. R² is that of the speedups. Fits over all ranks (*) include more ranks \
      than cores: they describe this machine more than the program.
      """
  }

  private var fits: [FittedLaw] {
    analysis.strategies(saving).flatMap { strategy in
      laws.flatMap { law in Extent.allCases.compactMap { fit(law, strategy, $0) } }
    }
  }

  /// `nil` if it would repeat the other extent.
  private func fit(_ law: ScalingLaw, _ strategy: String, _ extent: Extent) -> FittedLaw? {
    let isBeyond = analysis.summaries(strategy, saving).contains {
      analysis.isOversubscribed($0.configuration.ranks)
    }
    if extent == .all && !isBeyond { return nil }
    var fitted = FittedLaw(
      strategy: strategy, law: law, extent: extent,
      result: .failure(.tooFewPoints(0, needed: law.symbols.count + 1)))
    let limit = extent == .withinCores ? analysis.cores : nil
    guard let bootstrap = analysis.bootstrap(strategy, saving, maxRanks: limit) else {
      return extent == .withinCores ? fitted : nil
    }
    do throws(Fit.Failure) {
      fitted.result = .success((try Fit(law, to: bootstrap.points), bootstrap))
    } catch {
      fitted.result = .failure(error)
    }
    return fitted
  }
}

extension FitSection {
  private func parameters(_ fits: [FittedLaw]) -> Table {
    Table(
      "Parameters of the fits, saving \(saving.rawValue)",
      names + [
        .words("Parameters", Self.parameters), Column("R²", { $0.fit?.rSquared }),
        Column(
          "Largest residual",
          { fitted in fitted.fit?.residuals.map(\.relative).max { $0.magnitude < $1.magnitude } },
          format: { NumberText.change($0, 1) }),
        Column("Maximum speedup by the law", text: { $0.fit.map(Self.ceiling) ?? NumberText.none }),
      ], fits
    ).oversubscribed(fits.map(\.isOversubscribed))
  }

  private func residuals(_ fits: [FittedLaw]) -> Table {
    Table(
      "Residuals: measured speedup / the law's − 1",
      names
        + ofRanks { fitted, ranks in
          NumberText.change(fitted.fit?.residuals.first { $0.point.ranks == ranks }?.relative, 1)
        }, fits
    ).oversubscribed(fits.map(\.isOversubscribed))
  }

  private var serialFractions: Table {
    Table(
      """
      Amdahl from each point alone: the serial fraction 1 − p (Karp and Flatt) and, in brackets, the highest speedup \
      that it allows, 1 / (1 − p), with p, the parallel fraction; beyond the cores (*) it shows how few they are
      """,
      [.words("Strategy") { $0 }]
        + ofRanks { strategy, ranks in
          let point = analysis.summaries(strategy, saving).last { $0.configuration.ranks == ranks }
            .flatMap(analysis.point)
          return Self.serialFraction(point)
        }, analysis.isWeak ? [] : analysis.strategies(saving))
  }

  private static func serialFraction(_ point: SpeedupPoint?) -> String {
    guard let fraction = point?.serialFraction else { return NumberText.none }
    let limit = point?.ceiling.map(NumberText.times) ?? (fraction < 1 ? "no limit" : "no gain")
    return "\(NumberText.significant(fraction)) (\(limit))"
  }

  private var names: [Column<FittedLaw>] {
    [
      .words("Strategy") { $0.strategy }, .words("Law") { $0.law.name },
      .words("Ranks") { $0.extent == .all ? "all *" : "up to \(analysis.cores)" },
    ]
  }

  /// One column per rank count above 1.
  private func ofRanks<Row>(_ text: @escaping (Row, Int) -> String) -> [Column<Row>] {
    Set(analysis.summaries(saving).map(\.configuration.ranks)).filter { $0 > 1 }.sorted().map { ranks in
      Column(analysis.ranksText(ranks), text: { text($0, ranks) })
    }
  }

  private static func parameters(_ fitted: FittedLaw) -> String {
    switch fitted.result {
    case .failure(.tooFewPoints(let count, let needed)):
      "too few points: \(count) of at least \(needed) above one rank"
    case .success((let fit, let bootstrap)): parameters(fit, bootstrap.intervals(of: fit.law))
    }
  }

  private static func parameters(_ fit: Fit, _ intervals: [ClosedRange<Double>]?) -> String {
    fit.law.symbols.enumerated().map { index, symbol in
      let interval = intervals.map {
        " [\(NumberText.significant($0[index].lowerBound))–\(NumberText.significant($0[index].upperBound))]"
      }
      let isBound = fit.parameters[index] == 0 ? " (at its bound)" : ""
      return "\(symbol) = \(NumberText.significant(fit.parameters[index]))\(interval ?? "")\(isBound)"
    }.joined(separator: ", ")
  }

  private static func ceiling(_ fit: Fit) -> String {
    guard fit.rSquared >= 0 else { return "the law does not describe these points" }
    guard let ceiling = fit.ceiling else { return "no limit" }
    let value = NumberText.significant(ceiling.speedup)
    return ceiling.ranks.map { "\(value) at \($0) ranks" } ?? "below \(value)"
  }
}
