/// Crops the centre; smaller images may be padded first. Grey, colour and alpha.
///
/// Source: Albumentations `CenterCrop`, OpenCV `copyMakeBorder`.
package struct CenterCrop: Transform, Resampled {
  /// Position of the image within the padding.
  package enum PadPosition: String, CaseIterable, Sendable {
    case center
    case topLeft = "top_left"
    case topRight = "top_right"
    case bottomLeft = "bottom_left"
    case bottomRight = "bottom_right"
    case random
  }

  package static let summary = "Crops the centre; smaller images may be padded first."
  /// 1, as for all crops in Albumentations.
  package static let defaultProbability = 1.0
  package static let parameters: [Parameter<CenterCrop>] =
    [
      .integer("height", \.height, in: 1...65_535, "rows of the crop").required,
      .integer("width", \.width, in: 1...65_535, "columns of the crop").required,
      .flag("pad_if_needed", \.padIfNeeded, "whether to pad smaller images; if false, they are not cropped"),
      .choice("pad_position", \.padPosition, "position of a smaller image within the padding"),
    ] + Parameter.padding

  package var height = 224
  package var width = 224
  /// Whether smaller images are padded.
  package var padIfNeeded = false
  package var padPosition = PadPosition.center
  package var resampling = Resampling()

  package init() {}

  /// The crop in pixels of the image, with negative coordinates for padding. Draws only where `pad_position` is random.
  package func sample(for context: SampleContext, using random: inout RandomStream) -> Rectangle {
    let missing = (x: max(0, width - context.shape.width), y: max(0, height - context.shape.height))
    var before = position(missing)
    if padPosition == .random && missing != (0, 0) {
      before.y = random.integer(0...missing.y)
      before.x = random.integer(0...missing.x)
    }
    return Rectangle(
      x: max(0, context.shape.width - width) / 2 - before.x, y: max(0, context.shape.height - height) / 2 - before.y,
      width: width, height: height)
  }

  /// How many of the `missing` columns and rows come before the image.
  private func position(_ missing: (x: Int, y: Int)) -> (x: Int, y: Int) {
    switch padPosition {
    case .center, .random: (missing.x / 2, missing.y / 2)
    case .topLeft: (0, 0)
    case .topRight: (missing.x, 0)
    case .bottomLeft: (0, missing.y)
    case .bottomRight: missing
    }
  }

  /// Crops and pads in one step.
  package func operation(_ drawn: Rectangle, for shape: ImageShape) -> Operation {
    guard shape.byteCount > 0 else { return .identity }
    guard padIfNeeded || (width <= shape.width && height <= shape.height) else {
      return .impossible("its crop of \(width) × \(height) is larger than the image")
    }
    return .geometry(.window(drawn), resampling.fillingEveryChannel)
  }
}
