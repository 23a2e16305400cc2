/// Cuts out the middle; a smaller image may be padded first. Grey, colour and alpha.
///
/// Source: Albumentations `CenterCrop`, OpenCV `copyMakeBorder`.
public struct CenterCrop: Transform, Resampled {
  /// Where a smaller image lies in the padded one.
  public enum PadPosition: String, CaseIterable, Sendable {
    case center
    case topLeft = "top_left"
    case topRight = "top_right"
    case bottomLeft = "bottom_left"
    case bottomRight = "bottom_right"
    case random
  }

  /// The sentence of `augment-cli transforms`.
  public static let summary = "Cuts out the middle; a smaller image may be padded first."
  /// Always, as all crops in Albumentations.
  public static let defaultProbability = 1.0
  /// As in Albumentations.
  public static let parameters: [Parameter<CenterCrop>] =
    [
      .integer("height", \.height, in: 1...65_535, "rows of the crop").required,
      .integer("width", \.width, in: 1...65_535, "columns of the crop").required,
      .flag("pad_if_needed", \.padIfNeeded, "whether a smaller image is padded; else it is left out"),
      .choice("pad_position", \.padPosition, "where it then lies"),
    ] + Parameter.padding

  /// Rows of the crop.
  public var height = 224
  /// Columns of the crop.
  public var width = 224
  /// Whether a smaller image is padded.
  public var padIfNeeded = false
  /// Where a smaller image lies in the padded one.
  public var padPosition = PadPosition.center
  /// Beyond the edge.
  public var resampling = Resampling()

  /// The transform with its defaults.
  public init() {}

  /// The crop, in pixels of the image; drawn where `pad_position` is random.
  public func sample(for context: SampleContext, using random: inout RandomStream) -> Rectangle {
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

  /// Columns and rows of padding that come before the image, of those that are missing.
  private func position(_ missing: (x: Int, y: Int)) -> (x: Int, y: Int) {
    switch padPosition {
    case .center, .random: (missing.x / 2, missing.y / 2)
    case .topLeft: (0, 0)
    case .topRight: (missing.x, 0)
    case .bottomLeft: (0, missing.y)
    case .bottomRight: missing
    }
  }

  /// Cuts and pads in one.
  public func operation(_ drawn: Rectangle, for shape: ImageShape) -> Operation {
    guard shape.byteCount > 0 else { return .identity }
    guard padIfNeeded || (width <= shape.width && height <= shape.height) else {
      return .inapplicable("its crop of \(width) × \(height) is larger than the image")
    }
    return .geometry(.window(drawn), resampling.fillingEveryChannel)
  }
}
