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
