internal import CImaging

/// Shifts hue, saturation and value. Colour; grey images have only the value.
///
/// Source: Albumentations `HueSaturationValue`, OpenCV `cvtColor` between RGB and 8-bit HSV.
package struct HueSaturationValue: Transform {
  /// The three shifts; saturation and value are truncated to whole levels.
  package struct Drawn: Codable, Sendable {
    /// In units of 2 degrees.
    package var hue: Double
    /// In levels of 0 ... 255.
    package var saturation: Double
    /// In levels of 0 ... 255.
    package var value: Double

    package init(hue: Double, saturation: Double, value: Double) {
      self.hue = hue
      self.saturation = saturation
      self.value = value
    }

    fileprivate var isZero: Bool { hue == 0 && saturation == 0 && value == 0 }
  }

  package static let summary = "Shifts hue, saturation and value (HSV); for grey images only the value."
  package static let parameters: [Parameter<HueSaturationValue>] = [
    .range("hue_shift_limit", \.hueShiftLimit, in: .anyNumber, "hue shift in units of 2 degrees"),
    .range("sat_shift_limit", \.satShiftLimit, in: .anyNumber, "saturation shift in levels of 0 to 255"),
    .range("val_shift_limit", \.valShiftLimit, in: .anyNumber, "value shift in levels of 0 to 255"),
  ]

  /// Range of the hue shift in units of 2 degrees.
  package var hueShiftLimit = -20.0...20.0
  /// Range of the saturation shift in levels.
  package var satShiftLimit = -30.0...30.0
  /// Range of the value shift in levels.
  package var valShiftLimit = -20.0...20.0

  package init() {}

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    let hue = random.uniform(hueShiftLimit)
    let saturation = random.uniform(satShiftLimit)
    return Drawn(hue: hue, saturation: saturation, value: random.uniform(valShiftLimit))
  }

  package func fixed(at drawn: Drawn) -> PipelineNode? {
    always {
      ($0.hueShiftLimit, $0.satShiftLimit) = (.only(drawn.hue), .only(drawn.saturation))
      $0.valShiftLimit = .only(drawn.value)
    }
  }

  /// Grey pixels of a colour image stay grey, because saturation 0 maps to 0.
  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    // The round trip through HSV loses a level here and there; Albumentations skips it when nothing is shifted.
    if drawn.isZero { return .identity }
    let value = Self.shifted(by: drawn.value)
    if shape.channels == 1 { return .lookup(LookupTable(value)) }
    let hue = Self.hues(shiftedBy: drawn.hue)
    var saturation = Self.shifted(by: drawn.saturation)
    saturation[0] = 0
    return .kernel { [saturation] source, destination, message in
      unsafe cimaging_lookup_hsv(source, destination, hue, saturation, value, message)
    }
  }

  /// Shifts the hue modulo 180, then truncates: a shift by −0.4 maps 0 to 179.
  static func hues(shiftedBy shift: Double) -> [UInt8] {
    (0..<256).map { level in
      if shift == 0 { return UInt8(level) }
      let rest = (Double(level) + shift).truncatingRemainder(dividingBy: 180)
      return UInt8(rest < 0 ? rest + 180 : rest)
    }
  }

  private static func shifted(by shift: Double) -> [UInt8] {
    (0..<256).map { UInt8(clamping: $0 + Int(shift)) }
  }

  package var warnings: [String] {
    let limits = [hueShiftLimit, satShiftLimit, valShiftLimit]
    let most = limits.map { max(abs($0.lowerBound), abs($0.upperBound)) }.max() ?? 0
    return most < 1 ? ["no shift reaches 1, the least that can be seen"] : []
  }
}
