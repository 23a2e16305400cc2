/// One transform with the parameters drawn for one copy of one image: all that is needed to apply it.
public struct Step: Sendable {
  private let content: any DrawnTransform

  init<Change: Transform>(_ transform: Change, _ drawn: Change.Drawn) {
    content = Pair(transform: transform, drawn: drawn)
  }

  /// The name of the transform.
  public var name: String { content.name }

  /// Whether pixels change places, and the alpha plane with them.
  public var isGeometric: Bool { content.isGeometric }

  /// The shape that `apply` gives to an image of `shape`.
  public func outputShape(for shape: ImageShape) -> ImageShape { content.outputShape(for: shape) }

  /// Writes the changed pixels of `source` into `destination`, which takes the output shape.
  public func apply(
    to source: borrowing PixelBuffer, into destination: inout PixelBuffer
  ) throws(ImagingError) {
    try content.apply(to: source, into: &destination)
  }
}

extension Step: CustomStringConvertible {
  /// The transform and what was drawn, numbers to four digits: `RandomGamma(gamma: 0.9312)`.
  public var description: String { content.description }
}

/// A transform and its draw behind one type.
private protocol DrawnTransform: Sendable {
  var name: String { get }
  var isGeometric: Bool { get }
  var description: String { get }
  func outputShape(for shape: ImageShape) -> ImageShape
  func apply(to source: borrowing PixelBuffer, into destination: inout PixelBuffer) throws(ImagingError)
}

private struct Pair<Change: Transform>: DrawnTransform {
  let transform: Change
  let drawn: Change.Drawn

  var name: String { Change.name }
  var isGeometric: Bool { Change.isGeometric }

  var description: String {
    let text = DrawnText.list(drawn)
    return text.isEmpty ? Change.name : "\(Change.name)(\(text))"
  }

  func outputShape(for shape: ImageShape) -> ImageShape { transform.outputShape(drawn, for: shape) }

  func apply(to source: borrowing PixelBuffer, into destination: inout PixelBuffer) throws(ImagingError) {
    try transform.apply(drawn, to: source, into: &destination)
  }
}
