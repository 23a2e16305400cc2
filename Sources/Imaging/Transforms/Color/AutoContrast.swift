/// Stretches the contrast of each channel to the full range. Grey and colour.
///
/// Source: Albumentations `AutoContrast`, which counts no value of 255, and for which `ignore` of 0, 1 or 2 is also the
/// number of a channel that stays as it is.
package struct AutoContrast: Transform {
  package enum Method: String, CaseIterable, Sendable {
    /// Equalises between the bounds.
    case cdf
    /// Stretches between the bounds.
    case pil
  }

  package static let summary = "Stretches the contrast of each channel to the full range."
  package static let parameters: [Parameter<AutoContrast>] = [
    .number("cutoff", \.cutoff, in: 0...100, "per cent of the pixels to leave out at each end"),
    .optionalInteger("ignore", \.ignore, in: 0...255, "a level that is not counted and stays as it is, or null"),
    .choice("method", \.method, "by cumulated counts, or linear"),
  ]

  package var cutoff = 0.0
  package var ignore: Int?
  package var method = Method.cdf

  package init() {}

  package func operation(_ drawn: NothingDrawn, for shape: ImageShape) -> Operation {
    .pixels { (source, destination) throws(ImagingError) in
      let histograms = try source.histograms()
      let tables = histograms.enumerated().map { $0.offset == ignore ? .identity : table($0.element) }
      try LookupTable(channels: tables).apply(to: source, into: &destination)
    }
  }

  private func table(_ histogram: Histogram) -> LookupTable {
    var counts = histogram.counts
    counts[255] = 0
    if let ignore { counts[ignore] = 0 }
    guard let bounds = bounds(counts), bounds.low < bounds.high else { return .identity }
    var values = (method == .cdf ? Self.cumulated : Self.stretched)(counts, bounds)
    if let ignore { values[ignore] = UInt8(ignore) }
    return LookupTable(values)
  }

  private typealias Bounds = (low: Int, high: Int)

  /// The lowest and the highest level that count; `nil` if none does.
  private func bounds(_ counts: [Int]) -> Bounds? {
    guard let first = counts.firstIndex(where: { $0 > 0 }), let last = counts.lastIndex(where: { $0 > 0 }) else {
      return nil
    }
    if cutoff == 0 { return (first, last) }
    let cut = Float(Double(counts.reduce(0, +)) * cutoff / 100)
    func level(_ levels: some Collection<Int>) -> Int? {
      var sum: Float = 0
      return levels.first { level in
        sum += Float(counts[level])
        return sum >= cut
      }
    }
    return (min((level(0...255) ?? -1) + 1, 255), level((0...255).reversed()) ?? 255)
  }

  /// Single precision, as in Albumentations.
  private static func cumulated(_ counts: [Int], _ bounds: Bounds) -> [UInt8] {
    var sum: Float = 0
    let sums = counts[bounds.low...bounds.high].map { count in
      sum += Float(count)
      return sum
    }
    if sum == 0 { return LookupTable.identity.values }
    let inside = sums.map { $0 == sums[0] ? 0 : UInt8(nearest: Double(($0 - sums[0]) * 255 / (sum - sums[0]))) }
    return Array(repeating: 0, count: bounds.low) + inside + Array(repeating: 255, count: 255 - bounds.high)
  }

  private static func stretched(_ counts: [Int], _ bounds: Bounds) -> [UInt8] {
    let scale = 255 / Double(bounds.high - bounds.low)
    return (0...255).map { UInt8(nearest: Double($0 - bounds.low) * scale) }
  }
}
