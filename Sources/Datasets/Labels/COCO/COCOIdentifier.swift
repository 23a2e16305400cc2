/// What annotations refer to images and categories by: a whole number of any size by the rules, a text by some tools.
struct COCOIdentifier: Hashable {
  private let text: String
  private let isNumber: Bool

  init(_ value: LabelValue) throws(LabelError.Reason) {
    switch value {
    case .text(let text): (self.text, isNumber) = (text, false)
    case .number(let text):
      guard let text = Self.wholeNumber(text) else { throw .value("is not a whole number") }
      (self.text, isNumber) = (text, true)
    default: throw .value("is neither a whole number nor a text")
    }
  }

  /// A number without a fraction of zeros, which some tools write; `nil` if it has another fraction.
  private static func wholeNumber(_ text: String) -> String? {
    let digits = text.first == "-" ? text.dropFirst() : text[...]
    if digits.utf8.allSatisfy("0123456789".utf8.contains) { return text }
    return Double(text).flatMap { Int(exactly: $0) }.map { String($0) }
  }
}

/// Identifiers by small numbers in the order in which a file first mentions them, for annotations may come before what
/// they refer to.
struct COCOIdentifiers {
  private var keys: [COCOIdentifier: Int] = [:]

  mutating func key(_ value: LabelValue) throws(LabelError.Reason) -> Int {
    let identifier = try COCOIdentifier(value)
    if let key = keys[identifier] { return key }
    let key = keys.count
    keys[identifier] = key
    return key
  }
}
