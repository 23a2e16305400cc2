/// Rotates an image by quarters. Grey, colour and alpha.
///
/// Source: Albumentations `RandomRotate90`, OpenCV `rotate`.
public struct RandomRotate90: Transform {
  /// How far to rotate.
  public struct Drawn: Codable, Sendable {
    /// Quarters counter-clockwise, 0 ... 3.
    public var quarters: Int

    /// A rotation by `quarters`.
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

  /// The transform; it has no parameters.
  public init() {}

  /// Draws the number of quarters.
  public func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    Drawn(quarters: random.integer(0...3))
  }

  /// Counter-clockwise.
  public func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    .geometry(.orientation([.upright, .rotate270, .rotate180, .rotate90][drawn.quarters % 4]))
  }
}
