/// A change of an image: ranges to draw from, a draw, and a pure function of what was drawn.
///
/// One type per file, named as in Albumentations, whose parameter names, defaults and pixels (2.0.8) are the reference.
/// Chance is confined to `sample`: it sees the shape of an image and never its pixels, so that what a pipeline will do
/// is known before anything is decoded, and `apply` gives the same bytes for the same parameters for ever.
public protocol Transform: Sendable {
  /// What `sample` draws and `apply` follows.
  associatedtype Drawn: Sendable

  /// What the transform does, in one sentence.
  static var summary: String { get }
  /// How often it applies where a pipeline does not say.
  static var defaultProbability: Double { get }
  /// How often a draw leaves the image as it was; for `explain`.
  static var identityProbability: Double { get }
  /// Its parameters: names, defaults, meaning, and how each is read from a pipeline file.
  static var parameters: [Parameter<Self>] { get }
  /// Whether pixels change places; if so, an alpha plane goes with them.
  static var isGeometric: Bool { get }

  /// The transform with its defaults.
  init()

  /// Draws parameters for an image of `shape`.
  func sample(for shape: ImageShape, using random: inout RandomStream) -> Drawn

  /// The shape that `apply` gives to an image of `shape`.
  func outputShape(_ drawn: Drawn, for shape: ImageShape) -> ImageShape

  /// Writes the changed pixels of `source` into `destination`, which takes the output shape. Draws nothing.
  func apply(
    _ drawn: Drawn, to source: borrowing PixelBuffer, into destination: inout PixelBuffer
  ) throws(ImagingError)

  /// For a transform that does nothing but send every byte through one table: that table, of 256 values, for an image of
  /// so many channels; else `nil`. Tables that follow each other are applied as one.
  func table(_ drawn: Drawn, channels: Int) -> [UInt8]?

  /// For a transform that only mirrors or turns: how; else `nil`.
  func turn(_ drawn: Drawn) -> Orientation?

  /// Why the transform would leave an image of `shape` unchanged, or `nil` where it has a meaning for it.
  static func reasonToSkip(_ shape: ImageShape) -> String?

  /// What is unusual about these parameters: a step that nobody would see, say. For `explain`.
  var warnings: [String] { get }
}

extension Transform {
  /// The name in pipeline files, which is the name of the type.
  public static var name: String { String(describing: Self.self) }

  /// 0.5, as of most transforms in Albumentations.
  public static var defaultProbability: Double { 0.5 }

  /// 0: most transforms draw from ranges of numbers.
  public static var identityProbability: Double { 0 }

  /// False: most transforms change colours only.
  public static var isGeometric: Bool { false }

  /// The shape of the source.
  public func outputShape(_ drawn: Drawn, for shape: ImageShape) -> ImageShape { shape }

  /// `nil`: most transforms do more.
  public func turn(_ drawn: Drawn) -> Orientation? { nil }

  /// `nil`: most transforms are no table.
  public func table(_ drawn: Drawn, channels: Int) -> [UInt8]? { nil }

  /// None: most transforms work on grey and on colour.
  public static func reasonToSkip(_ shape: ImageShape) -> String? { nil }

  /// None.
  public var warnings: [String] { [] }
}
