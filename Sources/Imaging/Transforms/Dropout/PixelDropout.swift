internal import CImaging

/// Overwrites random pixels, or random values. Grey and colour.
///
/// Source: Albumentations `PixelDropout`. It draws the pixels of masks anew; here masks lose those that the image loses:
/// those of its first channel if each has its own.
package struct PixelDropout: Transform {
  package struct Drawn: Codable, Sendable {
    /// A level for each channel.
    package var levels: [Double]
    /// Seeds which pixels are overwritten.
    package var seed: UInt64

    package init(levels: [Double], seed: UInt64) { (self.levels, self.seed) = (levels, seed) }
  }

  package static let summary = "Overwrites random pixels, or random values."
  package static let differences = ["masks lose the pixels that the image loses, not others"]
  package static let parameters: [Parameter<PixelDropout>] = [
    .number("dropout_prob", \.dropoutProb, in: 0...1, "share of the pixels, or values"),
    .flag("per_channel", \.perChannel, "whether values are chosen rather than pixels"),
    .optionalLevels(
      "drop_value", \.dropValue, "their level: one, [red, green, blue], or null for a random one per channel"),
    .optionalLevels("mask_drop_value", \.maskDropValue, upTo: 65_535, "the same in masks, or null to keep masks"),
  ]

  package var dropoutProb = 0.01
  package var perChannel = false
  package var dropValue: [Double]? = [0]
  package var maskDropValue: [Double]?

  package init() {}

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    let seed = random.next()
    // 255 is never drawn, as in Albumentations.
    let levels = dropValue ?? (0..<context.shape.channels).map { _ in Double(random.integer(0...254)) }
    return Drawn(levels: levels, seed: seed)
  }

  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    if let reason = HoleFill.levels(drawn.levels).reason(against: shape.channels) { return .inapplicable(reason) }
    guard dropoutProb * 0x1p32 >= 0.5 else { return .identity }
    let limit = UInt32(min((dropoutProb * 0x1p32).rounded() - 1, 0x1p32 - 1))
    let drop = PixelDrop(limit: limit, seed: drawn.seed)
    return .drop(
      Drop(
        try drop.area(in: shape, isPerChannel: perChannel), maskFill: maskDropValue?.map { $0.rounded(.towardZero) },
        hiding: perChannel ? [] : .visibility, change: drop.change(drawn.levels, isPerChannel: perChannel)))
  }

  /// Overwrites the values that are marked, row by row.
  package static func operation(marks: [UInt8], levels: [Double]) -> Operation {
    .kernel { source, destination, message in
      let levels = levels.threeLevels
      return unsafe cimaging_drop_marked(source, destination, marks, [levels.0, levels.1, levels.2], message)
    }
  }
}

/// Pixels whose random bits are at most a limit.
private struct PixelDrop: Sendable {
  let limit: UInt32
  let seed: UInt64

  func change(_ levels: [Double], isPerChannel: Bool) -> Operation.Pixels {
    let levels = levels.threeLevels
    return Operation.change { source, destination, message in
      var drop = cimaging_pixel_drop(seed: seed, limit: limit, is_per_channel: isPerChannel ? 1 : 0, levels: levels)
      return unsafe cimaging_drop_pixels(source, destination, &drop, message)
    }
  }

  /// The pixels that lose their first value.
  func area(in shape: ImageShape, isPerChannel: Bool) throws(ImagingError) -> PixelArea {
    var black = PixelBuffer()
    var marked = PixelBuffer()
    try black.blacken(ImageShape(width: shape.width, height: shape.height, channels: isPerChannel ? shape.channels : 1))
    try change([255, 0, 0], isPerChannel: isPerChannel)(black, &marked)
    guard marked.shape.channels > 1 else { return try RunLengths(marked).pixelArea }
    try black.take([0], of: marked)
    return try RunLengths(black).pixelArea
  }
}
