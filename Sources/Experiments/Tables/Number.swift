/// Numbers for people, without the libraries that formatting in every language needs.
package enum Number {
  /// With so many digits behind the point: "3.10".
  package static func fixed(_ value: Double, _ digits: Int) -> String {
    let scale = (0..<digits).reduce(1.0) { scale, _ in scale * 10 }
    let scaled = Int((value.magnitude * scale).rounded())
    let whole = "\(value < 0 && scaled > 0 ? "-" : "")\(scaled / Int(scale))"
    guard digits > 0 else { return whole }
    let fraction = String(scaled % Int(scale))
    return "\(whole).\(String(repeating: "0", count: digits - fraction.count))\(fraction)"
  }

  /// Hours, minutes and seconds: "0:07", "1:02:03".
  package static func duration(seconds: Double) -> String {
    let total = Int(min(seconds.rounded(.up), 359_999))
    let (hours, minutes, rest) = (total / 3600, total / 60 % 60, total % 60)
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return hours > 0 ? "\(hours):\(two(minutes)):\(two(rest))" : "\(minutes):\(two(rest))"
  }
}
