/// Something that a label says and that is kept without being understood, such as a licence or a pose.
package struct LabelField: Codable, Hashable, Sendable {
  package var name: String
  package var value: LabelValue

  package init(_ name: String, _ value: LabelValue) { (self.name, self.value) = (name, value) }
}

/// The value of a field, in any format.
package indirect enum LabelValue: Codable, Hashable, Sendable {
  /// A number as it is written, so that no digit changes.
  case number(String)
  case text(String)
  case flag(Bool)
  case null
  case list([LabelValue])
  /// In order; XML may repeat a name.
  case object([LabelField])
}

extension [LabelField] {
  /// The first value of this name.
  package subscript(name: String) -> LabelValue? { first { $0.name == name }?.value }
}
