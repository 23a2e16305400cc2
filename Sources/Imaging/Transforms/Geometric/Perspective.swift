/// Cuts out a random quadrilateral and straightens it. Grey, colour and alpha.
///
/// Source: Albumentations `Perspective`, OpenCV `warpPerspective`; its quirk included: with `keep_size` the
/// quadrilateral is enlarged once more than it should, so that its right and lower part is lost.
public struct Perspective: Transform, Resampled {
  /// The quadrilateral.
  public struct Drawn: Codable, Sendable {
    /// Upper left, upper right, lower right and lower left corner.
    public var corners: [Point]

    /// The quadrilateral of these four corners.
    public init(corners: [Point]) {
      precondition(corners.count == 4, "a quadrilateral has four corners")
      self.corners = corners
    }
  }

  /// The sentence of `augment-cli transforms`.
  public static let summary = "Cuts out a random quadrilateral and straightens it."
  /// As in Albumentations.
  public static let parameters: [Parameter<Perspective>] =
    [
      .range(
        "scale", \.scale, in: 0...1e6, lowest: 0, "standard deviation of each corner's place, in widths and heights"),
      .flag("keep_size", \.keepSize, "whether the output has the size of the input"),
      .flag("fit_output", \.fitOutput, "whether the whole image is kept, rather than what the quadrilateral holds"),
    ] + Parameter.resampling

  /// Range of the standard deviation of the corners' places.
  public var scale = 0.05...0.1
  /// Whether the output has the size of the input.
  public var keepSize = true
  /// Whether the whole image is kept.
  public var fitOutput = false
  /// Between pixels and beyond the edge.
  public var resampling = Resampling()

  /// The transform with its defaults.
  public init() {}

  /// Draws the scale, then the corners.
  public func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
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

  /// Straightens.
  public func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    guard shape.byteCount > 0 else { return .identity }
    return .geometry(.projective(projection(drawn, for: shape)), resampling)
  }

  private func projection(_ drawn: Drawn, for shape: ImageShape) -> Projection {
    let straightened = Projection(straightening: drawn.corners, of: shape)
    let fitted = fitOutput ? straightened.fitted(to: shape) : straightened
    return keepSize ? fitted.stretched(toWidth: shape.width, height: shape.height) : fitted
  }

  /// Whether anybody would see it, and the fill.
  public var warnings: [String] {
    (scale.upperBound * 1000 < 0.1 ? ["in an image of 1000 pixels no corner moves by 0.1 of one"] : [])
      + resampling.warnings
  }
}
