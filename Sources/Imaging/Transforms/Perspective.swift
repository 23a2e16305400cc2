internal import CImaging

/// Cuts out a random quadrilateral and straightens it. Grey, colour and alpha.
///
/// Source: Albumentations `Perspective`, OpenCV `warpPerspective`; its quirk included: with `keep_size` the
/// quadrilateral is enlarged once more than it should, so that its right and lower part is lost.
public struct Perspective: Transform, Warp {
  /// A point of the image, in pixels.
  public struct Point: Hashable, Sendable {
    /// From the left edge.
    public var x: Float
    /// From the upper edge.
    public var y: Float

    /// The point (`x`, `y`).
    public init(x: Float, y: Float) {
      self.x = x
      self.y = y
    }
  }

  /// The quadrilateral.
  public struct Drawn: Sendable {
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
  /// Pixels change places.
  public static let isGeometric = true

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
  public func sample(for shape: ImageShape, using random: inout RandomStream) -> Drawn {
    let scale = random.uniform(scale)
    let inward = (0..<8).map { _ in
      abs(random.normal(standardDeviation: scale)).truncatingRemainder(dividingBy: 0.32)
    }
    let (width, height) = (Double(shape.width), Double(shape.height))
    let points = [
      (inward[0] * width, inward[1] * height), ((1 - inward[2]) * width, inward[3] * height),
      ((1 - inward[4]) * width, (1 - inward[5]) * height), (inward[6] * width, (1 - inward[7]) * height),
    ]
    return Drawn(corners: points.map { Point(x: Float($0.0), y: Float($0.1)) })
  }

  /// The size of the input, or that of the straightened quadrilateral.
  public func outputShape(_ drawn: Drawn, for shape: ImageShape) -> ImageShape {
    shape.byteCount == 0 ? shape : projection(drawn, for: shape).outputShape
  }

  /// Straightens.
  public func apply(
    _ drawn: Drawn, to source: borrowing PixelBuffer, into destination: inout PixelBuffer
  ) throws(ImagingError) {
    let projection = projection(drawn, for: source.shape)
    var resampling = resampling.cValue
    unsafe try destination.fill(outputShape(drawn, for: source.shape), from: source) { source, destination, message in
      unsafe cimaging_warp_perspective(source, destination, projection.matrix, &resampling, message)
    }
  }

  /// Where the points of an image of `shape` go.
  package func projection(_ drawn: Drawn, for shape: ImageShape) -> Projection {
    let straightened = Projection(straightening: drawn.corners, of: shape)
    let fitted = fitOutput ? straightened.fitted(to: shape) : straightened
    return keepSize ? fitted.stretched(to: shape) : fitted
  }

  /// Whether anybody would see it, and the fill.
  public var warnings: [String] {
    (scale.upperBound * 1000 < 0.1 ? ["in an image of 1000 pixels no corner moves by 0.1 of one"] : [])
      + resampling.warnings
  }
}
