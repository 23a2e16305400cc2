internal import CImaging

/// Turns an image by quarters. Grey, colour and alpha.
///
/// Source: Albumentations `RandomRotate90`, OpenCV `rotate`.
public struct RandomRotate90: Transform {
  /// How far to turn.
  public struct Drawn: Sendable {
    /// Quarters counter-clockwise, 0 ... 3.
    public var quarters: Int

    /// A turn by `quarters`.
    public init(quarters: Int) { self.quarters = quarters }
  }

  /// The sentence of `augment-cli transforms`.
  public static let summary = "Turns the image counter-clockwise by 0 to 3 quarters, each as likely."
  /// Always, unlike the others, as in Albumentations.
  public static let defaultProbability = 1.0
  /// No quarter is one of four draws.
  public static let identityProbability = 0.25
  /// It has none.
  public static let parameters: [Parameter<RandomRotate90>] = []
  /// Pixels change places.
  public static let isGeometric = true

  /// The transform; it has no parameters.
  public init() {}

  /// Draws the number of quarters.
  public func sample(for shape: ImageShape, using random: inout RandomStream) -> Drawn {
    Drawn(quarters: random.integer(0...3))
  }

  /// Width and height change places for an odd number of quarters.
  public func outputShape(_ drawn: Drawn, for shape: ImageShape) -> ImageShape {
    drawn.quarters.isMultiple(of: 2) ? shape : shape.transposed
  }

  /// By so many quarters.
  public func turn(_ drawn: Drawn) -> Orientation? {
    [.upright, .quarterTurnBack, .halfTurn, .quarterTurn][drawn.quarters % 4]
  }

  /// Turns.
  public func apply(
    _ drawn: Drawn, to source: borrowing PixelBuffer, into destination: inout PixelBuffer
  ) throws(ImagingError) {
    let shape = outputShape(drawn, for: source.shape)
    unsafe try destination.fill(shape, from: source) { source, destination, message in
      unsafe cimaging_rotate90(source, destination, Int32(drawn.quarters), message)
    }
  }
}
