/// Formats numbers in English, without the libraries that localized formatting needs.
package enum NumberText {
  /// Stands for a missing number.
  package static let none = "–"

  /// With `digits` decimals: "3.10".
  package static func fixed(_ value: Double, _ digits: Int) -> String {
    let scale = (0..<digits).reduce(1.0) { scale, _ in scale * 10 }
    let scaled = Int((value.magnitude * scale).rounded())
    let whole = "\(value < 0 && scaled > 0 ? "-" : "")\(scaled / Int(scale))"
    guard digits > 0 else { return whole }
    let fraction = String(scaled % Int(scale))
    return "\(whole).\(String(repeating: "0", count: digits - fraction.count))\(fraction)"
  }

  /// About three significant digits: "82.1", "0.0123", "1204"; a dash for `nil`, infinity, NaN and 10¹⁵ or more.
  package static func significant(_ value: Double?) -> String {
    guard let value, isShown(value, below: 1e15) else { return none }
    switch value.magnitude {
    case 0: return "0"
    case 100...: return fixed(value, 0)
    case 10...: return fixed(value, 1)
    case 1...: return fixed(value, 2)
    case 0.1...: return fixed(value, 3)
    case 0.0001...: return fixed(value, 4)
    default: return fixed(value, 6)
    }
  }

  /// "94 %"
  package static func percent(_ share: Double?, _ digits: Int = 0) -> String {
    guard let share, isShown(share, below: 1e12) else { return none }
    return "\(fixed(100 * share, digits)) %"
  }

  /// With a sign: "+4 %".
  package static func change(_ share: Double?, _ digits: Int = 0) -> String {
    guard let share, isShown(share, below: 1e12) else { return none }
    let text = percent(share, digits)
    return text.first == "-" ? "−\(text.dropFirst())" : "+\(text)"
  }

  /// "1.97×"
  package static func times(_ value: Double?) -> String {
    guard let value, isShown(value, below: 1e12) else { return none }
    return "\(fixed(value, value.magnitude < 100 ? 2 : 0))×"
  }

  /// Hours, minutes and seconds, rounded up: "0:07", "1:02:03".
  package static func duration(seconds: Double) -> String {
    let total = Int(min(seconds.rounded(.up), 359_999))
    let (hours, minutes, rest) = (total / 3600, total / 60 % 60, total % 60)
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return hours > 0 ? "\(hours):\(two(minutes)):\(two(rest))" : "\(minutes):\(two(rest))"
  }

  /// With a noun whose plural takes an s: "1 core", "2 cores".
  package static func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

  /// "a, b and c"
  package static func list(_ items: [String]) -> String {
    guard items.count > 1, let last = items.last else { return items.first ?? "" }
    return "\(items.dropLast().joined(separator: ", ")) and \(last)"
  }

  /// Whether `fixed` can format the value; larger ones overflow its `Int`.
  private static func isShown(_ value: Double, below limit: Double) -> Bool {
    value.isFinite && value.magnitude < limit
  }
}
