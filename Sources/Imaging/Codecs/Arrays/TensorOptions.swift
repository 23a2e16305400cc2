/// What the end of a training pipeline makes of bytes: `ToFloat`, `Normalize` and `ToTensorV2` of Albumentations, in this
/// order. Only files of arrays hold the result.
package struct TensorOptions: Codable, Hashable, Sendable {
  /// What bytes are divided by; `nil`: nothing.
  package var divisor: Double?
  package var normalization: Normalization?
  /// Channels, rows, columns in place of rows, columns, channels.
  package var isChannelsFirst = false

  package init() {}
}

/// How values are normalised: `Normalize` of Albumentations.
package struct Normalization: Codable, Hashable, Sendable {
  package enum Method: String, CaseIterable, Codable, Sendable {
    /// By `mean` and `std`.
    case standard
    /// By the mean and deviation of the image.
    case image
    case imagePerChannel = "image_per_channel"
    /// From the darkest to the brightest value of the image.
    case minMax = "min_max"
    case minMaxPerChannel = "min_max_per_channel"
  }

  package var method = Method.standard
  /// One number for each channel, or one for all, as shares of `maxPixelValue`.
  package var mean = [0.485, 0.456, 0.406]
  package var std = [0.229, 0.224, 0.225]
  package var maxPixelValue = 255.0

  package init() {}
}

extension TensorOptions {
  /// Whether values are bytes no more.
  package var changesValues: Bool { normalization != nil || divisor != nil }

  /// The value of each byte of each channel; `nil` if bytes stay bytes. In single precision where Albumentations
  /// computes in it.
  func tables(for image: borrowing PixelBuffer) throws(ImagingError) -> [[Float]]? {
    guard changesValues else { return nil }
    let levels = (0...255).map { level in divisor.map { Float(level) / Float($0) } ?? Float(level) }
    let channels = 0..<image.shape.channels
    guard let normalization else { return channels.map { _ in levels } }
    if normalization.method == .standard { return channels.map { normalization.standard(levels, channel: $0) } }
    let histograms = try image.histograms().map(\.counts)
    return channels.map { channel in
      let counts =
        normalization.isPerChannel
        ? histograms[channel] : (0...255).map { level in histograms.reduce(0) { $0 + $1[level] } }
      return normalization.table(levels, counts)
    }
  }
}

extension Normalization {
  fileprivate var isPerChannel: Bool { method == .imagePerChannel || method == .minMaxPerChannel }

  fileprivate func standard(_ levels: [Float], channel: Int) -> [Float] {
    func value(_ list: [Double]) -> Float { Float(list[min(channel, list.count - 1)]) * Float(maxPixelValue) }
    let (mean, scale) = (value(mean), 1 / value(std))
    return levels.map { ($0 - mean) * scale }
  }

  /// - Parameter counts: how often each level occurs.
  fileprivate func table(_ levels: [Float], _ counts: [Int]) -> [Float] {
    // Keeps divisors of flat images from 0.
    let least = 1e-4
    let values = levels.map { Double($0) }
    if method == .minMax || method == .minMaxPerChannel {
      let (first, last) = (counts.firstIndex { $0 > 0 } ?? 0, counts.lastIndex { $0 > 0 } ?? 0)
      let extent = values[last] - values[first] + least
      return values.map { Float(($0 - values[first]) / extent) }
    }
    let total = Double(counts.reduce(0, +))
    let mean = zip(values, counts).reduce(0) { $0 + $1.0 * Double($1.1) } / total
    let squares = zip(values, counts).reduce(0) { $0 + ($1.0 - mean) * ($1.0 - mean) * Double($1.1) }
    let deviation = (squares / total).squareRoot() + least
    return values.map { Float(min(max(($0 - mean) / deviation, -20), 20)) }
  }
}
