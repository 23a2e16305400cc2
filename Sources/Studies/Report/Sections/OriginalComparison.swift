package import Imaging
internal import Strategies

/// Compares the original study's numbers with ours, as ratios.
struct OriginalComparison {
  let analysis: Analysis

  var html: HTML {
    let tables = analysis.savings.map { table($0).html }.filter { $0 != .nothing }
    guard !tables.isEmpty else { return .nothing }
    let note = """
      The original study ran the same pipeline with Albumentations and Python's multiprocessing on a machine that it \
      does not name; P1 is main-reads here, PQ savers, P2 worker-reads. A ratio above 1 is in our favour: its seconds \
      over ours, our speedup over its own. Seconds are compared only if the number and size of images and copies are \
      the same. Speedups depend on the cores, and its machine had more than two: it reached 7.59 with 16 ranks.
      """
    return .lines([.element("h3", [], "Compared with the original study"), .paragraph(note)] + tables)
  }

  /// One strategy on the same number of ranks in both; in a weak study, with the same image size.
  private struct Pair {
    var strategy: String
    var line: OriginalStudy.Line
    var theirSeconds: Double, theirSpeedup: Double
    var ours: ConfigurationSummary
    var ourSpeedup: Double?

    var isSameWork: Bool {
      ours.configuration.size == line.size && ours.configuration.images == OriginalStudy.images
        && ours.configuration.copies == OriginalStudy.copies
    }
  }

  private func table(_ saving: Saving) -> Table {
    let lines = OriginalStudy.table(analysis.study.description.study, saving)
    let pairs = lines.flatMap { line in
      OriginalStudy.strategies.compactMap { pair($0, line, lines[0], saving) }
    }
    return Table(
      "Table \(analysis.isWeak ? 2 : 1) of the original study compared with this run, saving \(saving.rawValue)",
      groups: [
        .init(title: "", columns: analysis.isWeak ? 3 : 2), .init(title: "Time [s]", columns: 3),
        .init(title: analysis.isWeak ? "Speedup for the same work" : "Speedup", columns: 3),
      ], columns, pairs
    ).oversubscribed(pairs.map { analysis.isOversubscribed($0.line.ranks) })
  }

  private var columns: [Column<Pair>] {
    let size: [Column<Pair>] = analysis.isWeak ? [.words("Size") { $0.line.size.description }] : []
    return [Column("Ranks", text: { analysis.ranksText($0.line.ranks) })] + size + [
      .words("Strategy") { OriginalStudy.label($0.strategy) },
      Column("original", text: { NumberText.fixed($0.theirSeconds, 2) }),
      Column("ours", { $0.ours.wallSeconds.median }),
      Column(
        "ratio",
        text: { pair in
          pair.isSameWork ? NumberText.times(pair.theirSeconds / pair.ours.wallSeconds.median) : "different work"
        }),
      Column("original", { $0.theirSpeedup }), Column("ours", { $0.ourSpeedup }),
      Column("ratio", { pair in pair.ourSpeedup.map { $0 / pair.theirSpeedup } }, format: { NumberText.times($0) }),
    ]
  }

  private func pair(
    _ strategy: String, _ line: OriginalStudy.Line, _ first: OriginalStudy.Line, _ saving: Saving
  ) -> Pair? {
    guard let seconds = line.seconds[strategy], let base = first.seconds[StudyDescription.baselineStrategy],
      let ours = analysis.summaries(strategy, saving).first(where: {
        $0.configuration.ranks == line.ranks && (!analysis.isWeak || $0.configuration.size == line.size)
      })
    else { return nil }
    let work = Double(line.size.pixelCount) / Double(first.size.pixelCount)
    return Pair(
      strategy: strategy, line: line, theirSeconds: seconds, theirSpeedup: base * work / seconds, ours: ours,
      ourSpeedup: analysis.speedup(ours))
  }
}

/// Tables 1 and 2 of the original study, "Speedup Image Augmentation with Python Multiprocessing", measured on its
/// author's machine, which it does not name.
package enum OriginalStudy {
  /// A row of a table.
  package struct Line: Hashable, Sendable {
    /// 1 for the sequential run.
    package var ranks: Int
    package var size: ImageSize
    /// Seconds by strategy, under our names.
    package var seconds: [String: Double]
  }

  /// Copies are per image.
  package static let images = 10, copies = 100

  /// Strategies of the original study, in the order of its tables.
  package static var strategies: [String] { [Sequential.name, MainReads.name, Savers.name, WorkerReads.name] }

  /// Our name of a strategy, with the original study's if it differs.
  package static func label(_ strategy: String) -> String {
    let names = [MainReads.name: "P1", Savers.name: "PQ", WorkerReads.name: "P2"]
    return names[strategy].map { "\(strategy) (\($0))" } ?? strategy
  }

  /// The rows of table 1 (strong) or 2 (weak); the first is the sequential run.
  package static func table(_ study: StudyDescription.Kind, _ saving: Saving) -> [Line] {
    let isWeak = study == .weak
    let times = isWeak ? weak(saving) : strong(saving)
    return zip(times, weakSizes).enumerated().map { index, line in
      let size = isWeak ? line.1 : ImageSize(width: 2000, height: 1000)
      let names = index == 0 ? [Sequential.name] : [MainReads.name, WorkerReads.name, Savers.name]
      return Line(
        ranks: 1 << index, size: size, seconds: Dictionary(uniqueKeysWithValues: zip(names, line.0)))
    }
  }

  private static let weakSizes = [
    ImageSize(width: 250, height: 250), ImageSize(width: 500, height: 250), ImageSize(width: 500, height: 500),
    ImageSize(width: 1000, height: 500), ImageSize(width: 1000, height: 1000), ImageSize(width: 2000, height: 1000),
    ImageSize(width: 2000, height: 2000),
  ]

  /// Seconds of the sequential run, then of P1, P2, PQ for 2, 4, … 64 ranks; without saving there is no PQ.
  private static func strong(_ saving: Saving) -> [[Double]] {
    switch saving {
    case .on:
      [
        [82.07], [43.72, 47.08, 87.95], [24.78, 27.16, 31.77], [14.03, 14.15, 20.79], [10.81, 10.99, 17.53],
        [14.41, 14.10, 15.51], [14.20, 13.62, 34.36],
      ]
    case .off:
      [[76.37], [49.27, 49.30], [27.46, 28.73], [17.34, 14.99], [10.80, 11.52], [9.88, 9.95], [10.87, 10.84]]
    }
  }

  private static func weak(_ saving: Saving) -> [[Double]] {
    switch saving {
    case .on:
      [
        [7.31], [5.94, 6.09, 11.66], [5.04, 4.86, 6.89], [4.72, 4.76, 6.45], [5.94, 5.57, 7.50], [9.99, 10.96, 15.26],
        [58.75, 62.54, 70.95],
      ]
    case .off: [[6.79], [5.58, 5.14], [4.53, 4.30], [4.41, 4.39], [5.58, 6.12], [16.13, 17.00], [57.77, 61.47]]
    }
  }
}
