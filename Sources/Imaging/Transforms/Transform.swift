/// A change of an image: ranges to draw from, a draw, and an operation that follows from what was drawn.
///
/// One type per file, named as in Albumentations, whose parameter names, defaults and pixels (2.0.8) are the reference.
/// Chance is confined to `sample`. What is drawn is all that a manifest has to keep: the same draw gives the same
/// operation, and the same bytes, for ever.
public protocol Transform: Sendable {
  /// What `sample` draws and `operation` follows.
  associatedtype Drawn: Codable & Sendable

  /// What the transform does, in one sentence.
  static var summary: String { get }
  /// How often it applies where a pipeline does not say.
  static var defaultProbability: Double { get }
  /// How often a draw leaves the image as it was; for `explain`.
  static var identityProbability: Double { get }
  /// Its parameters: names, defaults, meaning, and how each is read from a pipeline file.
  static var parameters: [Parameter<Self>] { get }

  /// The transform with its defaults.
  init()

  /// Draws for an image.
  func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn

  /// What is done to an image of `shape`.
  func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation

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

  /// None.
  public var warnings: [String] { [] }

  /// Its operation, unless the output would be larger than what is decoded: a few short lines can ask for more memory
  /// than there is.
  func limitedOperation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    let operation = operation(drawn, for: shape)
    let output = operation.outputShape(for: shape)
    let limit = max(ImageDecoder.defaultMaxPixels, shape.width * shape.height)
    guard output.width * output.height > limit else { return operation }
    return .inapplicable("an output of \(output.width) × \(output.height) pixels is too large")
  }

  /// Why it leaves images of `shape` as they are, or `nil` where it has a meaning for them.
  public func reasonToSkip(_ shape: ImageShape) -> String? {
    var random = StreamKey(seed: 0, path: Self.name, copy: 0).stream(node: 0)
    let drawn = sample(for: SampleContext(shape), using: &random)
    guard case .inapplicable(let reason) = limitedOperation(drawn, for: shape) else { return nil }
    return reason
  }

  /// Writes the changed pixels of `source` into `destination`, for one who has drawn, or not, without a pipeline.
  public func apply(
    _ drawn: Drawn, to source: borrowing PixelBuffer, into destination: inout PixelBuffer
  ) throws(ImagingError) {
    let operation = limitedOperation(drawn, for: source.shape)
    if case .inapplicable(let reason) = operation { throw .notApplicable("\(Self.name): \(reason)") }
    try operation.apply(to: source, into: &destination)
  }
}

extension Transform where Drawn == NothingDrawn {
  /// Draws nothing.
  public func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn { NothingDrawn() }
}
