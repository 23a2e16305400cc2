/// The values under the old keys of one transform, for a translation to new ones.
struct LegacyValues {
  private let entries: [ConfigValue.Entry]
  /// Where the translation is said to stand.
  let line: Int

  init(_ entries: [ConfigValue.Entry], line: Int) { (self.entries, self.line) = (entries, line) }

  /// The value under a key; `nil` where there is none, or null, which meant the same.
  subscript(_ key: String) -> ConfigValue? {
    guard let value = entries.first(where: { $0.key == key })?.value else { return nil }
    if case .null = value.content { return nil }
    return value
  }

  var isEmpty: Bool { entries.allSatisfy { self[$0.key] == nil } }

  func number(_ key: String, or other: Double) throws(ParameterError) -> Double {
    try self[key]?.number(in: .anyNumber) ?? other
  }

  func value(_ number: Double) -> ConfigValue { .number(number, line: line) }

  func list(_ numbers: Double...) -> ConfigValue { .numbers(numbers, line: line) }
}

extension ConfigValue {
  static func number(_ number: Double, line: Int) -> ConfigValue {
    ConfigValue(content: .number(number), line: line, source: format(number))
  }

  static func flag(_ flag: Bool, line: Int) -> ConfigValue {
    ConfigValue(content: .flag(flag), line: line, source: String(flag))
  }

  static func numbers(_ numbers: [Double], line: Int) -> ConfigValue {
    ConfigValue(content: .list(numbers.map { .number($0, line: line) }), line: line)
  }

  static func object(_ entries: [(key: String, value: ConfigValue)], line: Int) -> ConfigValue {
    ConfigValue(content: .object(entries.map { Entry(key: $0.key, line: line, value: $0.value) }), line: line)
  }

  /// Every number in it, changed.
  func mapped(_ change: (Double) -> Double) -> ConfigValue {
    var value = self
    switch content {
    case .number(let number): value = .number(change(number), line: line)
    case .list(let values): value.content = .list(values.map { $0.mapped(change) })
    default: break
    }
    return value
  }

  /// A list; a single number x becomes low ... x, as `to_tuple(x, low)` of the versions before 1.4.
  func range(from low: Double) -> ConfigValue {
    guard case .number(let number) = content else { return self }
    return .numbers([min(low, number), max(low, number)], line: line)
  }
}
