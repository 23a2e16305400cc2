/// Overwrites stripes of the full height and of the full width. Grey and colour.
///
/// Source: Albumentations `XYMasking`.
package struct XYMasking: HoleDropout {
  package static let summary = "Overwrites stripes of the full height and of the full width."
  package static let parameters: [Parameter<XYMasking>] =
    [
      .integers("num_masks_x", \.numMasksX, in: 0...10_000, lowest: 0, "number of upright stripes, at most 10,000"),
      .integers("num_masks_y", \.numMasksY, in: 0...10_000, lowest: 0, "number of level stripes, at most 10,000"),
      .integers("mask_x_length", \.maskXLength, in: 0...65_535, lowest: 0, "width of an upright stripe in pixels"),
      .integers("mask_y_length", \.maskYLength, in: 0...65_535, lowest: 0, "height of a level stripe in pixels"),
    ] + Parameter.holeFills

  package var numMasksX = 0...0
  package var numMasksY = 0...0
  package var maskXLength = 0...0
  package var maskYLength = 0...0
  package var fill = HoleFill.levels([0])
  package var fillMask: [Double]?

  package init() {}

  /// The defaults change nothing.
  package static var example: XYMasking {
    var transform = XYMasking()
    (transform.numMasksX, transform.numMasksY) = (1...3, 1...3)
    (transform.maskXLength, transform.maskYLength) = (10...40, 10...40)
    return transform
  }

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Holes {
    let (width, height) = (context.shape.width, context.shape.height)
    guard context.shape.byteCount > 0, reason(against: context.shape) == nil else { return Holes() }
    let upright = Stripes(count: numMasksX, length: maskXLength).sample(in: width, using: &random).map { columns in
      Rectangle(x: columns.lowerBound, y: 0, width: columns.count, height: height)
    }
    let level = Stripes(count: numMasksY, length: maskYLength).sample(in: height, using: &random).map { rows in
      Rectangle(x: 0, y: rows.lowerBound, width: width, height: rows.count)
    }
    return Holes(upright + level, seed: random.next())
  }

  package func operation(_ drawn: Holes, for shape: ImageShape) -> Operation {
    if let reason = reason(against: shape) { return .inapplicable(reason) }
    return operation(drawn, in: shape)
  }

  private func reason(against shape: ImageShape) -> String? {
    if shape.byteCount == 0 { return nil }
    if maskXLength.upperBound > shape.width { return "a stripe is wider than the image" }
    return maskYLength.upperBound > shape.height ? "a stripe is higher than the image" : nil
  }

  package var warnings: [String] {
    numMasksX.upperBound * maskXLength.upperBound + numMasksY.upperBound * maskYLength.upperBound == 0
      ? ["there are no stripes: a number and a length must be above 0"] : []
  }
}

/// Parallel stripes at random places.
private struct Stripes {
  let count, length: ClosedRange<Int>

  func sample(in side: Int, using random: inout RandomStream) -> [Range<Int>] {
    (0..<random.integer(count)).map { _ in
      let length = random.integer(length)
      let start = random.integer(0...side - length)
      return start..<start + length
    }
  }
}
