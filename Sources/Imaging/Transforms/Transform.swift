/// An image transform: ranges to draw from, a draw, and the operation determined by the draw.
///
/// One type per file, named as in Albumentations, whose parameter names, defaults and pixels (2.0.8) are the reference.
/// Only `sample` uses randomness. A manifest needs to store only the draw: the same draw always gives the same
/// operation and the same bytes.
package protocol Transform: Sendable {
  /// The parameters that `sample` draws and `operation` applies.
  associatedtype Drawn: Codable & Sendable

  /// One sentence, printed by `augment-cli transforms`.
  static var summary: String { get }
  /// What it does otherwise than Albumentations: sentences, printed by `augment-cli transforms NAME`.
  static var differences: [String] { get }
  /// Probability of applying it where a pipeline gives no `p`.
  static var defaultProbability: Double { get }
  /// Probability that a draw leaves the image unchanged; for `explain`.
  static var identityProbability: Double { get }
  static var parameters: [Parameter<Self>] { get }
  /// Keys that Albumentations writes to a file although the class does not take them.
  static var unusedKeys: [String] { get }

  /// The transform with the defaults of Albumentations.
  init()

  /// Settings to show it and to measure it with: the defaults, unless these do nothing or suit few images.
  static var example: Self { get }

  /// Draws the parameters for one image.
  func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn

  /// The steps that always do what was drawn, on any image for which it can be drawn; `nil` if parameters cannot say it.
  func fixed(at drawn: Drawn) -> PipelineNode?

  /// The operation on an image of `shape`.
  func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation

  /// What `sample` asks the context for beside the shape. A run loads nothing else.
  var needs: SampleNeeds { get }

  /// Unusual parameters, for example an effect too small to see. For `explain`.
  var warnings: [String] { get }

  /// Checks parameters that depend on each other, as read from a pipeline file.
  func check() throws(ParameterError)
}

extension Transform {
  /// The name in pipeline files: the type's name.
  package static var name: String { String(describing: Self.self) }

  /// None: the pixels are those of Albumentations for the same draw.
  package static var differences: [String] { [] }

  /// 0.5, as for most transforms in Albumentations.
  package static var defaultProbability: Double { 0.5 }

  /// 0: most transforms draw from continuous ranges.
  package static var identityProbability: Double { 0 }

  package static var example: Self { Self() }

  package func fixed(at drawn: Drawn) -> PipelineNode? { nil }

  package var needs: SampleNeeds { [] }

  package static var unusedKeys: [String] { [] }

  package var warnings: [String] { [] }

  package func check() throws(ParameterError) {}

  /// `operation`, or `inapplicable` if the output, or what is made on the way, would exceed both the decoder's pixel limit and the input's pixel
  /// count: a short pipeline file can request more memory than the machine has.
  func limitedOperation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    let operation = operation(drawn, for: shape)
    let output = operation.largestShape(from: shape)
    let limit = max(ImageDecoder.defaultMaxPixels, shape.width * shape.height)
    guard output.width * output.height > limit else { return operation }
    return .inapplicable("an output of \(output.width) × \(output.height) pixels is too large")
  }

  /// Why it does not apply to images of `shape`; `nil` if it does.
  package func reasonToSkip(_ shape: ImageShape) -> String? { reasonToSkip(SampleContext(shape)) }

  /// Why it does not apply to an image; `nil` if it does.
  package func reasonToSkip(_ context: SampleContext) -> String? {
    var random = StreamKey(seed: 0, path: Self.name, copy: 0).stream(node: 0)
    return limitedOperation(sample(for: context, using: &random), for: context.shape).refusal
  }

  /// Writes the transformed pixels of `source` into `destination`, without a pipeline.
  package func apply(
    _ drawn: Drawn, to source: borrowing PixelBuffer, into destination: inout PixelBuffer
  ) throws(ImagingError) {
    let operation = limitedOperation(drawn, for: source.shape)
    if let reason = operation.refusal { throw .notApplicable("\(Self.name): \(reason)") }
    try operation.apply(to: source, into: &destination)
  }
}

extension Transform where Drawn == NothingDrawn {
  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn { NothingDrawn() }

  package func fixed(at drawn: Drawn) -> PipelineNode? { always() }
}

package struct ParameterText {
  package var name: String
  /// As in a pipeline file; valid JSON.
  package var value: String
  package var isDefault: Bool
}

extension Transform {
  /// The parameters in the order of `parameters`.
  package var parameterTexts: [ParameterText] {
    let defaults = Self()
    return Self.parameters.map { parameter in
      let value = parameter.text(self)
      return ParameterText(name: parameter.name, value: value, isDefault: value == parameter.text(defaults))
    }
  }

  /// Summaries in the order of `parameterTexts`.
  package static var parameterSummaries: [String] { parameters.map(\.summary) }
}

/// The draw of a transform without random parameters.
package struct NothingDrawn: Hashable, Codable, Sendable {
  package init() {}
}
