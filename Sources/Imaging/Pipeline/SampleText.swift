/// What a transform drew, as text for logs.
enum SampleText {
  /// `gamma: 0.9312, levels: [1, 2, 3]`; empty where nothing was drawn.
  static func list(_ drawn: Any) -> String {
    let mirror = Mirror(reflecting: drawn)
    guard mirror.displayStyle == .struct || mirror.displayStyle == .tuple else { return value(drawn) }
    return mirror.children.map { child in
      // An unlabelled element of a tuple is called ".0".
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
      // Fields and kernels would fill the log.
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
