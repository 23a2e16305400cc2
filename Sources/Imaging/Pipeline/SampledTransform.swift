/// One transform with the parameters sampled for one copy of one image, and the resulting operation.
package struct SampledTransform: Sendable {
  package let name: String
  /// The number of its pipeline node.
  package let node: Int
  /// The sampled parameters: all that a manifest has to keep.
  package let drawn: any Codable & Sendable
  package let operation: Operation
}

extension SampledTransform: CustomStringConvertible {
  /// Name and sampled parameters, numbers to four digits: `RandomGamma(gamma: 0.9312)`.
  package var description: String {
    let text = SampleText.list(drawn)
    return text.isEmpty ? name : "\(name)(\(text))"
  }
}

extension SampledTransform: Encodable {
  enum Key: String, CodingKey { case name, node, drawn }

  /// Leaves out the operation, which follows from the rest.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(name, forKey: .name)
    try container.encode(node, forKey: .node)
    try drawn.encode(to: container.superEncoder(forKey: .drawn))
  }
}

/// Sampled parameters as text for logs.
enum SampleText {
  /// `gamma: 0.9312, levels: [1, 2, 3]`; empty if nothing was sampled.
  static func list(_ drawn: Any) -> String {
    let mirror = Mirror(reflecting: drawn)
    guard mirror.displayStyle == .struct || mirror.displayStyle == .tuple else { return value(drawn) }
    return mirror.children.map { child in
      // Unlabelled tuple elements are named ".0" and so on.
      guard let label = child.label, !label.hasPrefix(".") else { return value(child.value) }
      return "\(label): \(value(child.value))"
    }.joined(separator: ", ")
  }

  private static func value(_ value: Any) -> String {
    switch value {
    case let number as Double: short(number)
    case let number as Float: short(Double(number))
    case let text as String: "\"\(text)\""
    default: compound(value)
    }
  }

  private static func compound(_ value: Any) -> String {
    let mirror = Mirror(reflecting: value)
    switch mirror.displayStyle {
    case .collection:
      // Long fields and kernels would fill the log.
      return mirror.children.count > 12
        ? "[\(mirror.children.count) values]"
        : "[\(mirror.children.map { self.value($0.value) }.joined(separator: ", "))]"
    case .struct, .tuple: return "(\(list(value)))"
    case .optional: return mirror.children.first.map { self.value($0.value) } ?? "nil"
    default: return String(describing: value)
    }
  }

  /// Four significant digits, without trailing zeros.
  private static func short(_ number: Double) -> String {
    guard number != 0, number.isFinite else { return format(number) }
    var scale = 1.0
    while abs(number) * scale < 1000 { scale *= 10 }
    return format((number * scale).rounded() / scale)
  }
}
