/// Crops a random quadrilateral and maps it to a rectangle. Grey, colour and alpha.
///
/// Source: Albumentations `Perspective`, OpenCV `warpPerspective`. Keeps a quirk of Albumentations: with `keep_size`
/// the quadrilateral is enlarged twice, so its right and lower parts are lost.
package struct Perspective: Transform, Resampled {
  package struct Drawn: Codable, Sendable {
    /// Upper left, upper right, lower right and lower left corners, in pixels.
    package var corners: [Point]

    package init(corners: [Point]) {
      precondition(corners.count == 4, "a quadrilateral has four corners")
      self.corners = corners
    }
  }

  package static let summary = "Crops a random quadrilateral and maps it to a rectangle."
  package static let parameters: [Parameter<Perspective>] =
    [
      .range(
        "scale", \.scale, in: 0...1e6, lowest: 0,
        "standard deviation of the corner offsets as a fraction of width and height"),
      .flag("keep_size", \.keepSize, "whether the output has the size of the input"),
      .flag("fit_output", \.fitOutput, "whether to keep the whole image instead of the quadrilateral's content"),
    ] + Parameter.remapping

  /// Range of the standard deviation of the corner offsets, as a fraction of width and height.
  package var scale = 0.05...0.1
  package var keepSize = true
  /// Whether the output is sized to hold the whole image.
  package var fitOutput = false
  package var resampling = Resampling()

  package init() {}

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    let scale = random.uniform(scale)
    let inward = (0..<8).map { _ in
      abs(random.normal(standardDeviation: scale)).truncatingRemainder(dividingBy: 0.32)
    }
    let (width, height) = (Double(context.shape.width), Double(context.shape.height))
    return Drawn(corners: [
      Point(inward[0] * width, inward[1] * height), Point((1 - inward[2]) * width, inward[3] * height),
      Point((1 - inward[4]) * width, (1 - inward[5]) * height), Point(inward[6] * width, (1 - inward[7]) * height),
    ])
  }

  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    guard shape.byteCount > 0 else { return .identity }
    return .geometry(.projective(projection(drawn, for: shape)), resampling)
  }

  private func projection(_ drawn: Drawn, for shape: ImageShape) -> Projection {
    let straightened = Projection(straightening: drawn.corners, of: shape)
    let fitted = fitOutput ? straightened.fitted(to: shape) : straightened
    return keepSize ? fitted.stretched(toWidth: shape.width, height: shape.height) : fitted
  }

  /// Warns of displacements too small to see, and of the fill.
  package var warnings: [String] {
    (scale.upperBound * 1000 < 0.1 ? ["in an image of 1000 pixels no corner moves by 0.1 of one"] : [])
      + resampling.warnings
  }
}
