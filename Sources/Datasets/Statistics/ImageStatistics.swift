internal import Imaging

/// Formats and sizes of images.
package struct ImageStatistics: Encodable, Hashable, Sendable {
  package struct SizeCount: Encodable, Hashable, Sendable {
    package var width, height, images: Int
  }

  package let count: Int
  /// Images by format.
  package let formats: [String: Int]
  package let grey: Int
  package let withAlpha: Int
  package let byteCount: Int
  /// In pixels; `nil` if there are no images.
  package let width, height, longerSide: Distribution?
  package let longerSides: Histogram
  /// The most frequent first; of equally frequent ones the larger.
  package let sizes: [SizeCount]

  package init(_ images: [ImageFacts]) {
    count = images.count
    formats = images.reduce(into: [:]) { $0[$1.format.rawValue, default: 0] += 1 }
    grey = images.count(where: \.isGrey)
    withAlpha = images.count(where: \.hasAlpha)
    byteCount = images.reduce(0) { $0 + $1.byteCount }
    let longer = images.map { Double(max($0.size.width, $0.size.height)) }
    width = Distribution(images.map { Double($0.size.width) })
    height = Distribution(images.map { Double($0.size.height) })
    longerSide = Distribution(longer)
    longerSides = Histogram(longer, binsAbout: 10, wholeNumbers: true)
    let counts = images.reduce(into: [ImageSize: Int]()) { $0[$1.size, default: 0] += 1 }
    sizes = counts.map { SizeCount(width: $0.key.width, height: $0.key.height, images: $0.value) }
      .sorted { ($0.images, $0.width, $0.height) > ($1.images, $1.width, $1.height) }
  }
}
