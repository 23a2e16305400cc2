internal import CImaging

/// Mirrors an image left to right. Grey, colour and alpha.
///
/// Source: Albumentations `HorizontalFlip`, OpenCV `flip` with code 1.
public struct HorizontalFlip: Transform {
  /// The sentence of `augment-cli transforms`.
  public static let summary = "Mirrors the image left to right."
  /// It has none.
  public static let parameters: [Parameter<HorizontalFlip>] = []
  /// Pixels change places.
  public static let isGeometric = true

  /// The transform; it has no parameters.
  public init() {}

  /// Draws nothing.
  public func sample(for shape: ImageShape, using random: inout RandomStream) {}

  /// A mirror.
  public func turn(_ drawn: Void) -> Orientation? { .mirror }

  /// out(x, y) = in(width − 1 − x, y).
  public func apply(
    _ drawn: Void, to source: borrowing PixelBuffer, into destination: inout PixelBuffer
  ) throws(ImagingError) {
    unsafe try destination.fill(source.shape, from: source) { source, destination, message in
      unsafe cimaging_flip(source, destination, 1, message)
    }
  }
}
