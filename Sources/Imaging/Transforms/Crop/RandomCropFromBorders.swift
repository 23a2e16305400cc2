/// Cuts a random strip off each side. Grey, colour and alpha.
///
/// Source: Albumentations `RandomCropFromBorders`. It fails where nothing would be left; here a pixel is.
package struct RandomCropFromBorders: Transform {
  package static let summary = "Cuts a random strip off each side."
  package static let defaultProbability = 1.0
  package static let parameters: [Parameter<RandomCropFromBorders>] = [
    .number("crop_left", \.left, in: 0...1, "most that is cut off, as a share of the width"),
    .number("crop_right", \.right, in: 0...1, "the same on the right"),
    .number("crop_top", \.top, in: 0...1, "the same above, as a share of the height"),
    .number("crop_bottom", \.bottom, in: 0...1, "the same below"),
  ]

  package var left = 0.1
  package var right = 0.1
  package var top = 0.1
  package var bottom = 0.1

  package init() {}

  package func check() throws(ParameterError) {
    guard left + right <= 1 else { throw ParameterError("must have a sum of crop_left and crop_right of at most 1") }
    guard top + bottom <= 1 else { throw ParameterError("must have a sum of crop_top and crop_bottom of at most 1") }
  }

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Rectangle {
    let columns = Self.kept(of: context.shape.width, from: left, to: right, using: &random)
    let rows = Self.kept(of: context.shape.height, from: top, to: bottom, using: &random)
    return Rectangle(x: columns.lowerBound, y: rows.lowerBound, width: columns.count, height: rows.count)
  }

  package func fixed(at drawn: Rectangle) -> PipelineNode? { .crop(drawn) }

  private static func kept(
    of length: Int, from start: Double, to end: Double, using random: inout RandomStream
  ) -> Range<Int> {
    guard length > 0 else { return 0..<0 }
    let first = random.integer(0...min(length - 1, Int(start * Double(length))))
    let least = min(length, max(first + 1, Int((1 - end) * Double(length))))
    return first..<random.integer(least...length)
  }

  package func operation(_ drawn: Rectangle, for shape: ImageShape) -> Operation { .crop(drawn, of: shape) }
}
