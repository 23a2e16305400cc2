internal import Strategies

/// A dataset of the original study of object detection: grey images of a thermal camera, with boxes.
///
/// The report says that it used at most 10 000 images, and three sizes, but not which; these are ours: a tenth, a half
/// and all of them.
package enum StudyDataset: String, CaseIterable, Codable, Hashable, Sendable {
  case small, medium, big

  /// The report's largest number of images.
  package static let originalImageCount = 10_000

  /// Share of those.
  package var share: Double {
    switch self {
    case .small: 0.1
    case .medium: 0.5
    case .big: 1
    }
  }

  package var imageCount: Int { Int((Double(Self.originalImageCount) * share).rounded()) }

  /// A part of it for a small machine, at least one image.
  package func imageCount(scale: Double) -> Int { max(1, Int((Double(imageCount) * scale).rounded())) }

  /// "the small dataset, 100 of its 1000 images"
  package func text(images: Int) -> String {
    images == imageCount ? "the \(rawValue) dataset" : "the \(rawValue) dataset, \(images) of its \(imageCount) images"
  }
}

extension StudyDataset {
  /// A result of the original study.
  package struct Reported: Hashable, Sendable {
    package var ranks: Int
    package var speedup, efficiency: Double

    /// "3.06 (0.77) on 4"
    var text: String { "\(NumberText.fixed(speedup, 2)) (\(NumberText.fixed(efficiency, 2))) on \(ranks)" }
  }

  /// The best that the report has of the way in Python that a strategy stands for, on 2 to 12 cores of a laptop with 6.
  package func reported(_ strategy: String) -> Reported? {
    let all =
      switch strategy {
      case Executor.name: [(4, 1.56, 0.39), (6, 2.79, 0.47), (6, 3.00, 0.50)]
      case Threads.name: [(4, 3.06, 0.77), (4, 2.90, 0.73), (4, 2.68, 0.67)]
      case Spawn.name: [(4, 1.32, 0.33), (4, 2.39, 0.60), (4, 2.48, 0.62)]
      default: [(Int, Double, Double)]()
      }
    guard let index = Self.allCases.firstIndex(of: self), all.indices.contains(index) else { return nil }
    return Reported(ranks: all[index].0, speedup: all[index].1, efficiency: all[index].2)
  }
}
