/// Overwrites rectangles of random sizes and places. Grey and colour.
///
/// Source: Albumentations `CoarseDropout`.
package struct CoarseDropout: HoleDropout {
  package static let summary = "Overwrites rectangles of random sizes and places."
  package static let parameters: [Parameter<CoarseDropout>] =
    [
      .integers("num_holes_range", \.numHolesRange, in: 1...10_000, lowest: 1, "number of holes, at most 10,000"),
      .fixedOrRange(
        "hole_height_range", \.holeHeightRange, in: 0...65_535,
        "height of a hole as a share of the image's height; if the upper number is 1 or more, both sizes are in pixels"),
      .fixedOrRange("hole_width_range", \.holeWidthRange, in: 0...65_535, "the same of its width"),
    ] + Parameter.holeFills

  package var numHolesRange = 1...2
  package var holeHeightRange = 0.1...0.2
  package var holeWidthRange = 0.1...0.2
  package var fill = HoleFill.levels([0])
  package var fillMask: [Double]?

  package init() {}

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Holes {
    guard context.shape.byteCount > 0, reason(against: context.shape) == nil else { return Holes() }
    let (width, height) = (context.shape.width, context.shape.height)
    let count = random.integer(numHolesRange)
    let holes = (0..<count).map { _ in
      let size = (width: side(holeWidthRange, of: width, &random), height: side(holeHeightRange, of: height, &random))
      let y = random.integer(0...height - size.height)
      return Rectangle(x: random.integer(0...width - size.width), y: y, width: size.width, height: size.height)
    }
    return Holes(holes, seed: random.next())
  }

  package func operation(_ drawn: Holes, for shape: ImageShape) -> Operation {
    if let reason = reason(against: shape) { return .inapplicable(reason) }
    return operation(drawn, in: shape)
  }

  private var isInPixels: Bool { holeHeightRange.upperBound >= 1 }

  private func side(_ range: ClosedRange<Double>, of length: Int, _ random: inout RandomStream) -> Int {
    guard isInPixels else { return Int(Double(length) * random.uniform(range)) }
    return random.integer(Int(range.lowerBound)...Int(min(range.upperBound, Double(length))))
  }

  /// Why Albumentations fails on images of this shape.
  private func reason(against shape: ImageShape) -> String? {
    if shape.byteCount == 0 { return nil }
    if !isInPixels {
      return holeWidthRange.upperBound > 1 ? "hole_width_range is in pixels, and hole_height_range is not" : nil
    }
    let isLarger = Int(holeWidthRange.lowerBound) > shape.width || Int(holeHeightRange.lowerBound) > shape.height
    return isLarger ? "a hole is larger than the image" : nil
  }

  package var warnings: [String] {
    let lengths = (holeHeightRange.upperBound, holeWidthRange.upperBound)
    return lengths.0 >= 1 && min(lengths.0, lengths.1) < 1
      ? ["hole_height_range is in pixels, so hole_width_range is too: the holes have no width"] : []
  }
}
