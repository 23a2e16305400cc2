/// Barrel or pincushion distortion of a lens. Grey, colour and alpha.
///
/// Source: Albumentations `OpticalDistortion`, OpenCV `initUndistortRectifyMap` and `remap`.
package struct OpticalDistortion: Transform, FieldWarp {
  /// The lens model.
  package enum Mode: String, CaseIterable, Sendable {
    /// Radial factor 1 + k r² + k r⁴, r as a fraction of width and height, shifted by half a pixel, as in
    /// Albumentations.
    case camera
    /// Radial factor 1 + k r², r in half diagonals.
    case fisheye
  }

  package struct Drawn: Codable, Sendable {
    /// Strength. Positive values sample farther out, so the image shrinks toward its centre.
    package var k: Double

    package init(k: Double) { self.k = k }
  }

  package static let summary = "Distorts the image like a lens (barrel or pincushion)."
  package static let parameters: [Parameter<OpticalDistortion>] =
    [
      .range("distort_limit", \.distortLimit, in: -1000...1000, "strength; positive values shrink toward the centre"),
      .choice("mode", \.mode, "lens model"),
    ] + Parameter.warping

  package var distortLimit = -0.05...0.05
  package var mode = Mode.camera
  package var resampling = Resampling()
  package var keypointRemapping = KeypointRemapping.mask

  package init() {}

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    Drawn(k: random.uniform(distortLimit))
  }

  package func fixed(at drawn: Drawn) -> PipelineNode? { always { $0.distortLimit = .only(drawn.k) } }

  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    .geometry(.field(LensField(k: drawn.k, isFisheye: mode == .fisheye)), resampling)
  }

  /// Warns of displacements too small to see, and of the fill.
  package var warnings: [String] {
    let most = max(abs(distortLimit.lowerBound), abs(distortLimit.upperBound))
    // Displacement at the corner of a 1000 × 1000 image, from the formula of each mode.
    let pixels = most * (mode == .camera ? 375 : 500)
    return (pixels < 0.1 ? ["in an image of 1000 pixels nothing is bent by 0.1 of one"] : []) + resampling.warnings
  }
}
