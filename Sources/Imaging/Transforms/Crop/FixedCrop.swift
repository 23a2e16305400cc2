/// A crop of a fixed size, placed by what the image shows; smaller images fail.
protocol FixedCrop: Transform where Drawn == Rectangle {
  var height: Int { get set }
  var width: Int { get set }

  /// Draws the place in an image that is large enough.
  func place(in context: SampleContext, using random: inout RandomStream) -> (x: Int, y: Int)
}

extension FixedCrop {
  package static var defaultProbability: Double { 1 }

  var size: ImageSize { ImageSize(width: width, height: height) }

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Rectangle {
    var crop = Rectangle(x: 0, y: 0, width: width, height: height)
    if context.shape.refusal(ofCrop: size) == nil { (crop.x, crop.y) = place(in: context, using: &random) }
    return crop
  }

  package func fixed(at drawn: Rectangle) -> PipelineNode? { .crop(drawn) }

  package func operation(_ drawn: Rectangle, for shape: ImageShape) -> Operation {
    if shape.byteCount > 0, let reason = shape.refusal(ofCrop: size) { return .impossible(reason) }
    return .crop(drawn, of: shape)
  }
}

extension Parameter where Root: FixedCrop {
  /// `height` and `width`.
  static var cropSize: [Parameter] {
    [
      .integer("height", \.height, in: 1...65_535, "rows of the crop").required,
      .integer("width", \.width, in: 1...65_535, "columns of the crop").required,
    ]
  }
}
