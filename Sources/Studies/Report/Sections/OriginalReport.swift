package import Imaging
internal import Strategies

/// What "Speedup Image Augmentation with Python Multiprocessing" measured, on its author's machine, which it does not
/// name: tables 1 and 2.
package enum OriginalReport {
  /// A line of a table.
  package struct Line: Hashable, Sendable {
    /// Ranks; the sequential run is one.
    package var ranks: Int
    /// Size of the images.
    package var size: ImageSize
    /// Seconds by strategy, under the names that the strategies have here.
    package var seconds: [String: Double]
  }

  /// 10 images, 100 copies of each.
  package static let images = 10, copies = 100

  /// Those that the report has, in the order of its tables.
  package static var strategies: [String] { [Sequential.name, MainReads.name, Savers.name, WorkerReads.name] }

  /// Our name of a strategy, with the report's where that is another.
  package static func label(_ strategy: String) -> String {
    let names = [MainReads.name: "P1", Savers.name: "PQ", WorkerReads.name: "P2"]
    return names[strategy].map { "\(strategy) (\($0))" } ?? strategy
  }

  /// The lines of table 1 (strong) or 2 (weak), the first being the sequential run.
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

  /// P1, P2, PQ for 2, 4, … 64 ranks, behind the sequential run; without saving there is no PQ.
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
