/// Pads to a least size, or to a multiple of a number. Grey, colour and alpha.
///
/// Source: Albumentations `PadIfNeeded`, OpenCV `copyMakeBorder`.
package struct PadIfNeeded: Resampled {
  package static let summary = "Pads smaller images to a least size, or to a multiple of a number."
  package static let defaultProbability = 1.0
  package static let parameters: [Parameter<PadIfNeeded>] =
    [
      .optionalInteger("min_height", \.minHeight, in: 1...65_535, "least rows; null with a divisor"),
      .optionalInteger("min_width", \.minWidth, in: 1...65_535, "least columns; null with a divisor"),
      .optionalInteger("pad_height_divisor", \.heightDivisor, in: 1...65_535, "number that is to divide the rows"),
      .optionalInteger("pad_width_divisor", \.widthDivisor, in: 1...65_535, "number that is to divide the columns"),
      .choice("position", \.position, "position of the image within the padding"),
      padding,
    ] + Parameter.padding

  package var minHeight: Int? = 1024
  package var minWidth: Int? = 1024
  package var heightDivisor: Int?
  package var widthDivisor: Int?
  package var position = PadPosition.center
  package var resampling = Resampling()

  package init() {}

  package func check() throws(ParameterError) {
    guard (minHeight == nil) != (heightDivisor == nil) else {
      throw ParameterError("must have either min_height or pad_height_divisor, and null for the other")
    }
    guard (minWidth == nil) != (widthDivisor == nil) else {
      throw ParameterError("must have either min_width or pad_width_divisor, and null for the other")
    }
  }

  /// The padded image in pixels of the image.
  package func sample(for context: SampleContext, using random: inout RandomStream) -> Rectangle {
    let missing = ImageSize(
      width: missing(context.shape.width, minWidth, widthDivisor),
      height: missing(context.shape.height, minHeight, heightDivisor))
    return position.padded(context.shape, by: missing, using: &random)
  }

  package func fixed(at drawn: Rectangle) -> PipelineNode? {
    position == .random ? .window(drawn, resampling) : always()
  }

  private func missing(_ length: Int, _ least: Int?, _ divisor: Int?) -> Int {
    if let least { return max(0, least - length) }
    return divisor.map { ($0 - length % $0) % $0 } ?? 0
  }

  package func operation(_ drawn: Rectangle, for shape: ImageShape) -> Operation {
    .window(drawn, of: shape, resampling)
  }

  /// Albumentations writes that of `Pad`, from which its class is derived, and does not heed it.
  private static let padding = Parameter<Self>(name: "padding", summary: "always 0", text: { _ in "0" }) { _, _ in }
}
