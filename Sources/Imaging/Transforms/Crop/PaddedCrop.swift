/// A crop of a fixed size; smaller images may be padded first.
protocol PaddedCrop: Resampled where Drawn == Rectangle {
  var height: Int { get set }
  var width: Int { get set }
  /// Whether smaller images are padded; else they fail.
  var padIfNeeded: Bool { get set }
  var padPosition: PadPosition { get set }

  /// The first column or row of the crop, where it may begin at any of 0 ... `last`.
  func start(_ last: Int, using random: inout RandomStream) -> Int
}

extension PaddedCrop {
  /// 1, as for all crops in Albumentations.
  package static var defaultProbability: Double { 1 }

  package static var parameters: [Parameter<Self>] {
    [
      .integer("height", \.height, in: 1...65_535, "rows of the crop").required,
      .integer("width", \.width, in: 1...65_535, "columns of the crop").required,
      .flag("pad_if_needed", \.padIfNeeded, "whether to pad smaller images; if false, they fail"),
      .choice("pad_position", \.padPosition, "position of a smaller image within the padding"),
    ] + Parameter.padding
  }

  /// The crop in pixels of the image, with negative coordinates for padding.
  package func sample(for context: SampleContext, using random: inout RandomStream) -> Rectangle {
    let shape = context.shape
    let missing = ImageSize(width: max(0, width - shape.width), height: max(0, height - shape.height))
    let padded = padPosition.padded(shape, by: missing, using: &random)
    let y = padded.y + start(padded.height - height, using: &random)
    let x = padded.x + start(padded.width - width, using: &random)
    return Rectangle(x: x, y: y, width: width, height: height)
  }

  /// Padding whose amount follows from the image, and a crop.
  package func fixed(at drawn: Rectangle) -> PipelineNode? {
    guard padIfNeeded else { return .crop(drawn) }
    guard padPosition != .random else { return .window(drawn, resampling) }
    var pad = PadIfNeeded()
    (pad.minHeight, pad.minWidth, pad.position, pad.resampling) = (height, width, padPosition, resampling)
    let place = Rectangle(x: max(0, drawn.x), y: max(0, drawn.y), width: width, height: height)
    return PipelineNode.crop(place).map { .sequential([pad.always(), $0], p: 1) }
  }

  /// Crops and pads in one step.
  package func operation(_ drawn: Rectangle, for shape: ImageShape) -> Operation {
    if !padIfNeeded, shape.byteCount > 0, let reason = shape.refusal(ofCrop: ImageSize(width: width, height: height)) {
      return .impossible(reason)
    }
    return .window(drawn, of: shape, resampling)
  }
}
