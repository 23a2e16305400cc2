/// What the end of a training pipeline makes of bytes: `Normalize`, `ToFloat` and `ToTensorV2` of Albumentations. Only
/// files of arrays hold the result.
package struct TensorOptions: Codable, Hashable, Sendable {
  package enum Scaling: Codable, Hashable, Sendable {
    /// The bytes.
    case none
    case divided(by: Double)
    case normalized(Normalization)
  }

  package var scaling = Scaling.none
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
  /// The value of each byte of each channel; `nil` if bytes stay bytes. In single precision where Albumentations
  /// computes in it.
  func tables(for image: borrowing PixelBuffer) throws(ImagingError) -> [[Float]]? {
    let channels = image.shape.channels
    switch scaling {
    case .none: return nil
    case .divided(let divisor):
      return Array(repeating: (0...255).map { Float($0) / Float(divisor) }, count: channels)
    case .normalized(let normalization):
      let statistics = try normalization.statistics(of: image)
      return (0..<channels).map { channel in
        normalization.table(channel, statistics[statistics.count == 1 ? 0 : channel])
      }
    }
  }
}

extension Normalization {
  /// What a table needs to know of an image, or of one of its channels.
  struct Statistics {
    var mean = 0.0
    var deviation = 0.0
    var least = 0
    var most = 0

    /// - Parameter counts: of each byte; at least one is not 0.
    init(_ counts: [Int]) {
      let total = counts.reduce(0, +)
      mean = Double(counts.enumerated().reduce(0) { $0 + $1.offset * $1.element }) / Double(total)
      let squares = counts.enumerated().reduce(0.0) { sum, entry in
        let distance = Double(entry.offset) - mean
        return sum + distance * distance * Double(entry.element)
      }
      deviation = (squares / Double(total)).squareRoot()
      least = counts.firstIndex { $0 > 0 } ?? 0
      most = counts.lastIndex { $0 > 0 } ?? 0
    }

    fileprivate init() {}
  }

  /// Of the image, or of each channel.
  fileprivate func statistics(of image: borrowing PixelBuffer) throws(ImagingError) -> [Statistics] {
    if method == .standard { return [Statistics()] }
    let histograms = try image.histograms().map(\.counts)
    switch method {
    case .standard, .image, .minMax:
      return [Statistics((0...255).map { value in histograms.reduce(0) { $0 + $1[value] } })]
    case .imagePerChannel, .minMaxPerChannel: return histograms.map(Statistics.init)
    }
  }

  /// - Parameter statistics: of the channel or the image; not used by `standard`.
  fileprivate func table(_ channel: Int, _ statistics: Statistics) -> [Float] {
    func value(_ list: [Double]) -> Double { list[channel < list.count ? channel : 0] }
    // Keeps divisors of flat images from 0.
    let least = 1e-4
    switch method {
    case .standard:
      let maximum = Float(maxPixelValue)
      let (mean, scale) = (Float(value(mean)) * maximum, 1 / (Float(value(std)) * maximum))
      return (0...255).map { (Float($0) - mean) * scale }
    case .image, .imagePerChannel:
      return (0...255).map { value in
        Float(min(max((Double(value) - statistics.mean) / (statistics.deviation + least), -20), 20))
      }
    case .minMax, .minMaxPerChannel:
      let extent = Double(statistics.most - statistics.least) + least
      return (0...255).map { Float(Double($0 - statistics.least) / extent) }
    }
  }
}
