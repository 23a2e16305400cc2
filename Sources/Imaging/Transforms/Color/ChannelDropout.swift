/// Sets one or two channels to a constant. Colour only.
///
/// Source: Albumentations `ChannelDropout`.
package struct ChannelDropout: Transform {
  package struct Drawn: Codable, Sendable {
    /// 0 red, 1 green, 2 blue.
    package var channels: [Int]
  }

  package static let summary = "Sets one or two of the channels to a constant."
  package static let parameters: [Parameter<ChannelDropout>] = [
    .integers("channel_drop_range", \.channelDropRange, in: 1...2, lowest: 1, "number of channels to drop"),
    .number("fill", \.fill, in: 0...255, "their level"),
  ]

  package var channelDropRange = 1...1
  package var fill = 0.0

  package init() {}

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    let count = random.integer(channelDropRange)
    return Drawn(channels: random.sample(count, of: 3))
  }

  /// No parameter names channels: shifts them to 0, and from there to their level.
  package func fixed(at drawn: Drawn) -> PipelineNode? {
    func shift(by share: Double) -> PipelineNode {
      let limits = (0..<3).map { channel in ClosedRange.only(drawn.channels.contains(channel) ? share : 0) }
      return RGBShift().always {
        ($0.rShiftLimit, $0.gShiftLimit, $0.bShiftLimit) = (limits[0], limits[1], limits[2])
      }
    }
    let level = Double(UInt8(truncating: Float(fill)))
    if level == 0 { return shift(by: -1) }
    // Half a level more, which is cut off: the share of a whole one may be a little too small.
    return .sequential([shift(by: -1), shift(by: min((level + 0.5) / 255, 1))], p: 1)
  }

  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    guard shape.channels == 3 else { return .inapplicable("a grey image has a single channel") }
    let level = UInt8(truncating: Float(fill))
    let tables = (0..<3).map { drawn.channels.contains($0) ? LookupTable { _ in level } : .identity }
    return .lookup(LookupTable(channels: tables))
  }
}
