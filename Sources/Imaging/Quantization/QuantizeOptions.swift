/// What a colour quantisation is asked for; together with the pixels and the draws it determines every byte.
package struct QuantizeOptions: Codable, Hashable, Sendable {
  /// Number of clusters, and so of colours at most.
  package static let colorRange = 1...256

  package var colors = 16
  /// Rounds of Lloyd's algorithm at most.
  package var iterations = 20
  /// The rounds end when no centroid moved this far; in levels of 0 to 255.
  package var tolerance = 1e-4
  package var initialization = Initialization.random
  package var empty = EmptyCluster.black
  package var dither = Dither.none

  package init() {}

  package enum Initialization: String, CaseIterable, Codable, Sendable {
    /// The colours of random pixels.
    case random
    /// Colours of pixels, each drawn with a chance that grows with the squared distance to those drawn before (Arthur
    /// and Vassilvitskii 2007).
    case kmeansPlusPlus = "kmeans++"
  }

  /// What becomes of a cluster that no pixel is nearest to.
  package enum EmptyCluster: String, CaseIterable, Codable, Sendable {
    /// Its centroid is black, as in the original study.
    case black
    /// Its centroid moves to the colour that is farthest from its own centroid.
    case reseed
  }

  package enum Dither: String, CaseIterable, Codable, Sendable {
    case none
    case floydSteinberg = "floyd-steinberg"
  }
}

/// What a quantisation found.
package struct QuantizeOutcome: Hashable, Sendable {
  /// R, G, B of each cluster; for a grey image all three are the same.
  package var centroids: [SIMD3<Double>]
  /// The centroids rounded to whole levels: the colours of the result.
  package var palette: [SIMD3<UInt8>]
  /// Number of pixels of each cluster, before dithering.
  package var pixelCounts: [Int]
  /// Sum over all pixels of the squared distance to the centroid, before dithering.
  package var inertia: Double
  /// Rounds of assignment and update.
  package var iterations: Int
  /// Number of different colours in the image.
  package var uniqueColorCount: Int
}
