internal import CImaging

/// Mirrors an image top to bottom. Grey, colour and alpha.
///
/// Source: Albumentations `VerticalFlip`, OpenCV `flip` with code 0.
public struct VerticalFlip: Transform {
  /// The sentence of `augment-cli transforms`.
  public static let summary = "Mirrors the image top to bottom."
  /// It has none.
  public static let parameters: [Parameter<VerticalFlip>] = []
  /// Pixels change places.
  public static let isGeometric = true

  /// The transform; it has no parameters.
  public init() {}

  /// Draws nothing.
  public func sample(for shape: ImageShape, using random: inout RandomStream) {}

  /// A flip.
  public func turn(_ drawn: Void) -> Orientation? { .flip }

  /// out(x, y) = in(x, height − 1 − y).
  public func apply(
    _ drawn: Void, to source: borrowing PixelBuffer, into destination: inout PixelBuffer
  ) throws(ImagingError) {
    unsafe try destination.fill(source.shape, from: source) { source, destination, message in
      unsafe cimaging_flip(source, destination, 0, message)
    }
  }
}
