/// Crops a fixed part; smaller images may be padded first. Grey, colour and alpha.
///
/// Source: Albumentations `Crop`, OpenCV `copyMakeBorder`. Keeps its way to pad: what is missing at the right or below is
/// added there, and where the position asks for it on the other side as well, which moves the crop.
package struct Crop: Resampled {
  package static let summary = "Crops a fixed part; smaller images may be padded first."
  package static let defaultProbability = 1.0
  package static let parameters: [Parameter<Crop>] =
    [
      .integer("x_min", \.xMin, in: 0...65_535, "first column"),
      .integer("y_min", \.yMin, in: 0...65_535, "first row"),
      .integer("x_max", \.xMax, in: 1...65_535, "column behind the last"),
      .integer("y_max", \.yMax, in: 1...65_535, "row behind the last"),
      .flag("pad_if_needed", \.padIfNeeded, "whether to pad smaller images; if false, they fail"),
      .choice("pad_position", \.padPosition, "position of a smaller image within the padding"),
    ] + Parameter.padding

  package var xMin = 0
  package var yMin = 0
  package var xMax = 1024
  package var yMax = 1024
  package var padIfNeeded = false
  package var padPosition = PadPosition.center
  package var resampling = Resampling()

  package init() {}

  package static var example: Crop {
    var transform = Crop()
    (transform.xMax, transform.yMax) = (256, 256)
    return transform
  }

  package func check() throws(ParameterError) {
    guard xMin < xMax else { throw ParameterError("must have x_max greater than x_min") }
    guard yMin < yMax else { throw ParameterError("must have y_max greater than y_min") }
  }

  /// The crop in pixels of the image, with negative coordinates for padding.
  package func sample(for context: SampleContext, using random: inout RandomStream) -> Rectangle {
    let missing = ImageSize(width: max(0, xMax - context.shape.width), height: max(0, yMax - context.shape.height))
    let padded = padPosition.padded(context.shape, by: padIfNeeded ? missing : none, using: &random)
    return Rectangle(x: xMin + padded.x, y: yMin + padded.y, width: xMax - xMin, height: yMax - yMin)
  }

  package func fixed(at drawn: Rectangle) -> PipelineNode? {
    padIfNeeded && padPosition == .random ? .window(drawn, resampling) : always()
  }

  private var none: ImageSize { ImageSize(width: 0, height: 0) }

  package func operation(_ drawn: Rectangle, for shape: ImageShape) -> Operation {
    padIfNeeded ? .window(drawn, of: shape, resampling) : .crop(drawn, of: shape)
  }
}
