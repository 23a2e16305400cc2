internal import CImaging

/// Shifts hue, saturation and value. Colour; of grey, the value.
///
/// Source: Albumentations `HueSaturationValue`, OpenCV `cvtColor` between RGB and 8-bit HSV.
public struct HueSaturationValue: Transform {
  /// The three shifts. Those of saturation and value are cut to whole levels.
  public struct Drawn: Sendable {
    /// In units of 2 degrees.
    public var hue: Double
    /// In levels of 255.
    public var saturation: Double
    /// In levels of 255.
    public var value: Double

    /// Shifts by these numbers.
    public init(hue: Double, saturation: Double, value: Double) {
      self.hue = hue
      self.saturation = saturation
      self.value = value
    }

    fileprivate var isZero: Bool { hue == 0 && saturation == 0 && value == 0 }
  }

  /// The sentence of `augment-cli transforms`.
  public static let summary = "Shifts hue, saturation and value (HSV); of a grey image, the value."
  /// As in Albumentations.
  public static let parameters: [Parameter<HueSaturationValue>] = [
    .range("hue_shift_limit", \.hueShiftLimit, in: .anyNumber, "shift of the hue, in units of 2 degrees"),
    .range("sat_shift_limit", \.satShiftLimit, in: .anyNumber, "shift of the saturation, in levels of 255"),
    .range("val_shift_limit", \.valShiftLimit, in: .anyNumber, "shift of the value, in levels of 255"),
  ]

  /// Range of the hue's shift, in units of 2 degrees.
  public var hueShiftLimit = -20.0...20.0
  /// Range of the saturation's shift, in levels.
  public var satShiftLimit = -30.0...30.0
  /// Range of the value's shift, in levels.
  public var valShiftLimit = -20.0...20.0

  /// The transform with its defaults.
  public init() {}

  /// Draws hue, saturation and value.
  public func sample(for shape: ImageShape, using random: inout RandomStream) -> Drawn {
    let hue = random.uniform(hueShiftLimit)
    let saturation = random.uniform(satShiftLimit)
    return Drawn(hue: hue, saturation: saturation, value: random.uniform(valShiftLimit))
  }

  /// The table of the value, for a grey image.
  public func table(_ drawn: Drawn, channels: Int) -> [UInt8]? {
    channels == 1 ? Self.shifted(by: drawn.value) : nil
  }

  /// Shifts; grey pixels of a colour image stay grey.
  public func apply(
    _ drawn: Drawn, to source: borrowing PixelBuffer, into destination: inout PixelBuffer
  ) throws(ImagingError) {
    // The way to HSV and back loses a level here and there; without a shift Albumentations does not take it.
    if drawn.isZero { return try destination.copy(from: source) }
    let value = Self.shifted(by: drawn.value)
    if source.shape.channels == 1 { return try destination.look(upIn: value, from: source) }
    let hue = Self.turned(by: drawn.hue)
    var saturation = Self.shifted(by: drawn.saturation)
    saturation[0] = 0
    unsafe try destination.fill(source.shape, from: source) { source, destination, message in
      unsafe cimaging_lookup_hsv(source, destination, hue, saturation, value, message)
    }
  }

  /// Modulo 180, then cut: a turn by −0.4 takes 0 to 179.
  private static func turned(by shift: Double) -> [UInt8] {
    (0..<256).map { level in
      if shift == 0 { return UInt8(level) }
      let rest = (Double(level) + shift).truncatingRemainder(dividingBy: 180)
      return UInt8(rest < 0 ? rest + 180 : rest)
    }
  }

  private static func shifted(by shift: Double) -> [UInt8] {
    (0..<256).map { UInt8(clamping: $0 + Int(shift)) }
  }

  /// Whether nothing is shifted by a whole level.
  public var warnings: [String] {
    let limits = [hueShiftLimit, satShiftLimit, valShiftLimit]
    let most = limits.map { max(abs($0.lowerBound), abs($0.upperBound)) }.max() ?? 0
    return most < 1 ? ["no shift reaches 1, the least that can be seen"] : []
  }
}
