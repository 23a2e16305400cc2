/// One transform with the parameters drawn for one copy of one image: all that is needed to apply it.
public struct Step: Sendable {
  private let content: any DrawnTransform

  package init<Change: Transform>(_ transform: Change, _ drawn: Change.Drawn) {
    content = Pair(transform: transform, drawn: drawn)
  }

  /// The name of the transform.
  public var name: String { content.name }

  /// Whether pixels change places, and the alpha plane with them.
  public var isGeometric: Bool { content.isGeometric }

  /// The shape that `apply` gives to an image of `shape`.
  public func outputShape(for shape: ImageShape) -> ImageShape { content.outputShape(for: shape) }

  /// The table of 256 that is all there is to the step, for an image of so many channels.
  func table(channels: Int) -> [UInt8]? { content.table(channels: channels) }

  /// The mirroring or turning that is all there is to the step.
  var turn: Orientation? { content.turn }

  /// The steps, with tables that follow each other made one.
  static func folded(_ steps: [Step], channels: Int) -> [Step] {
    var folded: [Step] = []
    for step in steps {
      guard let table = step.table(channels: channels), let before = folded.last?.table(channels: channels) else {
        folded.append(step)
        continue
      }
      folded[folded.count - 1] = Step(content: FoldedTable(table: before.map { table[Int($0)] }))
    }
    return folded
  }

  private init(content: any DrawnTransform) { self.content = content }

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
  func table(channels: Int) -> [UInt8]?
  var turn: Orientation? { get }
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

  func table(channels: Int) -> [UInt8]? { transform.table(drawn, channels: channels) }

  var turn: Orientation? { transform.turn(drawn) }

  func apply(to source: borrowing PixelBuffer, into destination: inout PixelBuffer) throws(ImagingError) {
    try transform.apply(drawn, to: source, into: &destination)
  }
}

/// Several tables in one.
private struct FoldedTable: DrawnTransform {
  let table: [UInt8]

  var name: String { "table" }
  var isGeometric: Bool { false }
  var description: String { name }

  func outputShape(for shape: ImageShape) -> ImageShape { shape }

  func table(channels: Int) -> [UInt8]? { table }

  var turn: Orientation? { nil }

  func apply(to source: borrowing PixelBuffer, into destination: inout PixelBuffer) throws(ImagingError) {
    try destination.look(upIn: table, from: source)
  }
}
