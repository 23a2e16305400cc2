/// Numbers as a report shows them: as many digits as mean something.
enum Figures {
  /// Three digits: "82.1", "0.0123", "1204"; a dash for what is no number.
  static func plain(_ value: Double?) -> String {
    guard let value, value.isFinite, value.magnitude < 1e15 else { return none }
    switch value.magnitude {
    case 0: return "0"
    case 100...: return Number.fixed(value, 0)
    case 10...: return Number.fixed(value, 1)
    case 1...: return Number.fixed(value, 2)
    case 0.1...: return Number.fixed(value, 3)
    case 0.0001...: return Number.fixed(value, 4)
    default: return Number.fixed(value, 6)
    }
  }

  /// "94 %"
  static func percent(_ share: Double?, _ digits: Int = 0) -> String {
    guard let share, share.isFinite, share.magnitude < 1e12 else { return none }
    return "\(Number.fixed(100 * share, digits)) %"
  }

  /// With a sign: "+4 %".
  static func change(_ share: Double?, _ digits: Int = 0) -> String {
    guard let share, share.isFinite else { return none }
    let text = percent(share, digits)
    return text.first == "-" ? "−\(text.dropFirst())" : "+\(text)"
  }

  /// "1.97×"
  static func times(_ value: Double?) -> String {
    guard let value, value.isFinite, value.magnitude < 1e12 else { return none }
    return "\(Number.fixed(value, value.magnitude < 100 ? 2 : 0))×"
  }

  /// "43.7 [43.1–44.9]", or the median alone where there is one repetition.
  static func spread(_ spread: Spread) -> String {
    let median = plain(spread.median)
    return spread.min == spread.max ? median : "\(median) [\(plain(spread.min))–\(plain(spread.max))]"
  }

  static let none = "–"

  /// "a, b and c"
  static func list(_ items: [String]) -> String {
    guard items.count > 1, let last = items.last else { return items.first ?? "" }
    return "\(items.dropLast().joined(separator: ", ")) and \(last)"
  }
}
