/// Shifts each channel by its own number of levels. Colour; grey images by that of red.
///
/// Source: Albumentations `RGBShift`.
package struct RGBShift: Transform {
  /// In levels, truncated toward 0 when applied.
  package struct Drawn: Codable, Sendable {
    package var red, green, blue: Double
  }

  package static let summary = "Shifts red, green and blue, each by its own number of levels."
  package static let parameters: [Parameter<RGBShift>] = [
    .range("r_shift_limit", \.rShiftLimit, in: .anyNumber, "shift of red in levels; \(shares)"),
    .range("g_shift_limit", \.gShiftLimit, in: .anyNumber, "shift of green in levels; \(shares)"),
    .range("b_shift_limit", \.bShiftLimit, in: .anyNumber, "shift of blue in levels; \(shares)"),
  ]

  private static let shares = "limits between -1 and 1 are shares of 255"

  package var rShiftLimit = -20.0...20.0
  package var gShiftLimit = -20.0...20.0
  package var bShiftLimit = -20.0...20.0

  package init() {}

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    let red = 255 * random.uniform(Self.shares(rShiftLimit))
    let green = 255 * random.uniform(Self.shares(gShiftLimit))
    return Drawn(red: red, green: green, blue: 255 * random.uniform(Self.shares(bShiftLimit)))
  }

  package func fixed(at drawn: Drawn) -> PipelineNode? {
    always {
      // Shares, because limits of less than a level are taken for such.
      ($0.rShiftLimit, $0.gShiftLimit) = (.only(drawn.red.shareOfLevels), .only(drawn.green.shareOfLevels))
      $0.bShiftLimit = .only(drawn.blue.shareOfLevels)
    }
  }

  private static func shares(_ limit: ClosedRange<Double>) -> ClosedRange<Double> {
    guard max(abs(limit.lowerBound), abs(limit.upperBound)) > 1 else { return limit }
    return limit.lowerBound / 255...limit.upperBound / 255
  }

  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    let shifts = [drawn.red, drawn.green, drawn.blue].prefix(shape.channels)
    let tables = shifts.map { LookupTable.linear(slope: 1, offset: Float($0.rounded(.towardZero))) }
    return .lookup(LookupTable(channels: tables))
  }

  package var warnings: [String] {
    let limits = [rShiftLimit, gShiftLimit, bShiftLimit].map(Self.shares)
    let most = limits.map { max(abs($0.lowerBound), abs($0.upperBound)) }.max() ?? 0
    return most * 255 < 1 ? ["no shift reaches 1, the least that can be seen"] : []
  }
}
