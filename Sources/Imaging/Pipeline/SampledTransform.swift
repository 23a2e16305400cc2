/// One transform with what was drawn for one copy of one image, and what follows from it.
public struct SampledTransform: Sendable {
  /// The name of the transform.
  public let name: String
  /// The node of the pipeline that it stands at.
  public let node: Int
  /// What was drawn: all that a manifest has to keep.
  public let drawn: any Codable & Sendable
  /// What is done to the image.
  public let operation: Operation
}

extension SampledTransform: CustomStringConvertible {
  /// The transform and what was drawn, numbers to four digits: `RandomGamma(gamma: 0.9312)`.
  public var description: String {
    let text = SampleText.list(drawn)
    return text.isEmpty ? name : "\(name)(\(text))"
  }
}

extension SampledTransform: Encodable {
  enum Key: String, CodingKey { case name, node, drawn }

  /// Name, node and what was drawn; the operation follows from these.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(name, forKey: .name)
    try container.encode(node, forKey: .node)
    try drawn.encode(to: container.superEncoder(forKey: .drawn))
  }
}
