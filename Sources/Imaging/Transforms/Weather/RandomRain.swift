internal import CImaging

/// Draws streaks of rain, blurs them and darkens the image. Colour only.
///
/// Source: Albumentations `RandomRain`, OpenCV `polylines`, `blur` and `add`. Drops wider than a pixel that cross the edge
/// of the image are those of OpenCV 4, from which 5.0 differs by a few pixels.
package struct RandomRain: Transform {
  package enum RainType: String, CaseIterable, Sendable {
    case drizzle, heavy, torrential
    case standard = "default"
  }

  package struct Drawn: Codable, Sendable {
    /// Columns by which a drop moves while it falls its length.
    package var slant: Double
    /// Draws the place of every drop.
    package var seed: UInt64

    package init(slant: Double, seed: UInt64) { (self.slant, self.seed) = (slant, seed) }
  }

  /// The upper end of a drop, in pixels.
  package struct Drop: Sendable {
    package var x: Int
    package var y: Int

    package init(x: Int, y: Int) { (self.x, self.y) = (x, y) }
  }

  package static let summary = "Draws blurred streaks of rain and darkens the image."
  package static let parameters: [Parameter<RandomRain>] = [
    .range("slant_range", \.slantRange, in: -20...20, "columns by which a drop moves to the right as it falls"),
    .optionalInteger(
      "drop_length", \.dropLength, in: 0...65_535, "length of a drop in rows; null: an eighth of the image's height"),
    .integer("drop_width", \.dropWidth, in: 1...1000, "width of a drop in pixels"),
    .color("drop_color", \.dropColor, "colour that drops add"),
    .integer("blur_value", \.blurValue, in: 1...255, "side of the box that blurs the drops, in pixels"),
    .number("brightness_coefficient", \.brightnessCoefficient, in: 1e-9...1, "factor of all levels"),
    .choice("rain_type", \.rainType, "number of drops, a quarter to twice as many as rows"),
  ]

  /// Range of the columns by which a drop moves.
  package var slantRange = -10.0...10.0
  /// In rows; `nil`: an eighth of the height.
  package var dropLength: Int?
  package var dropWidth = 1
  package var dropColor: [UInt8] = [200, 200, 200]
  package var blurValue = 7
  package var brightnessCoefficient = 0.7
  package var rainType = RainType.standard

  package init() {}

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    let slant = random.uniform(slantRange)
    return Drawn(slant: slant, seed: random.next())
  }

  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    guard shape.channels == 3 else { return .inapplicable("it needs a colour image") }
    let (count, length) = (dropCount(shape.height), length(in: shape))
    // Albumentations darkens only where it rains.
    guard count > 0 && shape.byteCount > 0 else { return .identity }
    guard length < shape.height else { return .inapplicable("its drops are as long as the image is high") }
    var random = RandomStream(seed: drawn.seed)
    let drops = (0..<count).map { _ in
      let x = random.integer(0...shape.width - 1)
      return Drop(x: x, y: random.integer(0...shape.height - length - 1))
    }
    return operation(drops, slant: drawn.slant, for: shape)
  }

  /// Rain of given drops.
  package func operation(_ drops: [Drop], slant: Double, for shape: ImageShape) -> Operation {
    let length = length(in: shape)
    let ends = drops.flatMap { drop in
      [drop.x, drop.y, Int(Double(drop.x) + slant), drop.y + length].map { coordinate($0) }
    }
    let (thickness, blur) = (Int32(dropWidth), Int32(blurValue))
    let color = (dropColor[0], dropColor[1], dropColor[2])
    let wet = LookupTable { UInt8((Double($0) * brightnessCoefficient).rounded(.toNearestOrEven)) }.values
    return .kernel { source, destination, message in
      unsafe ends.withUnsafeBufferPointer { ends in
        unsafe wet.withUnsafeBufferPointer { wet in
          var rain = unsafe cimaging_rain(
            ends: ends.baseAddress, count: ends.count / 4, thickness: thickness, blur: blur, color: color,
            wet: wet.baseAddress)
          return unsafe cimaging_add_rain(source, destination, &rain, message)
        }
      }
    }
  }

  private func length(in shape: ImageShape) -> Int { dropLength ?? max(1, shape.height / 8) }

  private func dropCount(_ height: Int) -> Int {
    switch rainType {
    case .drizzle: height / 4
    case .standard: height / 3
    case .heavy: height
    case .torrential: height * 2
    }
  }
}
