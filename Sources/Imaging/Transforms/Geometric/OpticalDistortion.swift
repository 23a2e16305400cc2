/// Bulges an image, or draws it in, as a lens does. Grey, colour and alpha.
///
/// Source: Albumentations `OpticalDistortion`, OpenCV `initUndistortRectifyMap` and `remap`.
public struct OpticalDistortion: Transform, Resampled {
  /// Which lens.
  public enum Mode: String, CaseIterable, Sendable {
    /// Factor 1 + k r² + k r⁴ with r in widths and heights, and a shift by half a pixel, as in Albumentations.
    case camera
    /// Factor 1 + k r² with r in half diagonals.
    case fisheye
  }

  /// How strong.
  public struct Drawn: Codable, Sendable {
    /// Positive looks farther out, so that the image shrinks toward its middle.
    public var k: Double

    /// A lens of strength `k`.
    public init(k: Double) { self.k = k }
  }

  /// The sentence of `augment-cli transforms`.
  public static let summary = "Bulges the image or draws it in, as a lens does."
  /// As in Albumentations.
  public static let parameters: [Parameter<OpticalDistortion>] =
    [
      .range("distort_limit", \.distortLimit, in: -1000...1000, "strength; over 0 shrinks toward the middle"),
      .choice("mode", \.mode, "which lens"),
    ] + Parameter.resampling

  /// Range of the strength.
  public var distortLimit = -0.05...0.05
  /// Which lens.
  public var mode = Mode.camera
  /// Between pixels and beyond the edge.
  public var resampling = Resampling()

  /// The transform with its defaults.
  public init() {}

  /// Draws the strength.
  public func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    Drawn(k: random.uniform(distortLimit))
  }

  /// Looks through the lens.
  public func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    .geometry(.field(LensField(k: drawn.k, isFisheye: mode == .fisheye)), resampling)
  }

  /// Whether anybody would see it, and the fill.
  public var warnings: [String] {
    let most = max(abs(distortLimit.lowerBound), abs(distortLimit.upperBound))
    // At the corner of an image of 1000 × 1000 pixels, from the formulas of the modes.
    let pixels = most * (mode == .camera ? 375 : 500)
    return (pixels < 0.1 ? ["in an image of 1000 pixels nothing is bent by 0.1 of one"] : []) + resampling.warnings
  }
}
