/// Something that a label says and that is kept without being understood, such as a licence or a pose.
package struct LabelField: Codable, Hashable, Sendable {
  package var name: String
  package var value: LabelValue

  package init(_ name: String, _ value: LabelValue) { (self.name, self.value) = (name, value) }
}

/// The value of a field, in any format.
package enum LabelValue: Codable, Hashable, Sendable {
  /// A number as it is written, so that no digit changes.
  case number(String)
  case text(String)
  case flag(Bool)
  case null
  case list([LabelValue])
  /// A list of several numbers and nothing else: as they are written, with commas between them. Each would take tens of
  /// bytes as a value of its own, and there are files with millions.
  case numbers(String)
  /// In order; XML may repeat a name.
  case object([LabelField])
}

extension LabelValue {
  /// The values of a list, in either form; `nil` if it is none.
  package var items: [LabelValue]? {
    switch self {
    case .list(let values): values
    case .numbers(let text): text.split(separator: ",").map { .number(String($0)) }
    default: nil
    }
  }

  /// Whether it holds coordinates, such as the corners of a polygon, which do not follow the image.
  var namesPlaces: Bool {
    let coordinates: Set = ["x", "y", "x1", "y1", "cx", "cy", "xmin", "ymin"]
    return switch self {
    case .object(let fields): fields.contains { coordinates.contains($0.name) || $0.value.namesPlaces }
    case .list(let values): values.contains(where: \.namesPlaces)
    default: false
    }
  }
}

extension [LabelField] {
  /// The first value of this name.
  package subscript(name: String) -> LabelValue? { first { $0.name == name }?.value }
}
