internal import Glibc

/// Bends the tone curve: a cubic Bézier curve from black to white, whose two inner points move up and down. Grey and
/// colour.
///
/// Source: Albumentations `RandomToneCurve`.
package struct RandomToneCurve: Transform {
  /// Heights of the inner points, 0 ... 1: one for all channels, or one per channel.
  package struct Drawn: Codable, Sendable {
    package var low, high: [Double]
  }

  package static let summary = "Bends the tone curve of shadows and lights at random."
  package static let parameters: [Parameter<RandomToneCurve>] = [
    .number("scale", \.scale, in: 0...1, "standard deviation of the curve's points, as a share of 255"),
    .flag("per_channel", \.perChannel, "whether each channel has its own curve"),
  ]

  /// Standard deviation of the heights.
  package var scale = 0.1
  package var perChannel = false

  package init() {}

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    let count = perChannel ? context.shape.channels : 1
    let low = (0..<count).map { _ in height(0.25, &random) }
    return Drawn(low: low, high: (0..<count).map { _ in height(0.75, &random) })
  }

  private func height(_ middle: Double, _ random: inout RandomStream) -> Double {
    min(max(middle + random.normal(standardDeviation: scale), 0), 1)
  }

  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    guard [1, shape.channels].contains(drawn.low.count) else { return .inapplicable("its curves are for colours") }
    return .lookup(LookupTable(channels: zip(drawn.low, drawn.high).map(Self.table)))
  }

  private static func table(low: Double, high: Double) -> LookupTable {
    LookupTable { level in
      let t = level == 255 ? 1 : Double(level) * (1.0 / 255)
      let rest = 1 - t
      return UInt8(nearest: (3 * (rest * rest) * t * low + 3 * rest * (t * t) * high + pow(t, 3)) * 255)
    }
  }

  package var warnings: [String] {
    scale * 255 < 1 ? ["no value changes by more than one of 255 levels"] : []
  }
}
