/// A value of a JSON or YAML pipeline file, with its line.
package struct ConfigValue: Sendable {
  package enum Content: Sendable {
    case null
    case flag(Bool)
    case number(Double)
    case text(String)
    case list([ConfigValue])
    case object([Entry])
  }

  /// A key of an object, the key's line, and its value.
  package struct Entry: Sendable {
    package var key: String
    package var line: Int
    package var value: ConfigValue
    /// The key that the file has, where it is another that means the same.
    var writtenAs: String?

    init(key: String, line: Int, value: ConfigValue, writtenAs: String? = nil) {
      (self.key, self.line, self.value, self.writtenAs) = (key, line, value, writtenAs)
    }
  }

  package var content: Content
  /// Line in the file, from 1.
  package var line: Int
  /// A scalar as the file writes it; empty for a list or an object.
  package var source = ""

  /// Whether it is null, false, or an empty list or object.
  var isNone: Bool {
    switch content {
    case .null, .flag(false): true
    case .list(let values): values.isEmpty
    case .object(let entries): entries.isEmpty
    case .flag, .number, .text: false
    }
  }

  /// A short text for messages: `"abc"`, `-3`, `a list of 3`.
  package var description: String {
    switch content {
    case .null: "null"
    case .flag(let flag): String(flag)
    case .number(let number): format(number)
    case .text(let text): quoted(text)
    case .list(let values): "a list of \(values.count)"
    case .object: "an object"
    }
  }
}

extension ConfigValue {
  func number(in limits: ClosedRange<Double>) throws(ParameterError) -> Double {
    guard case .number(let number) = content, number.isFinite else {
      throw ParameterError("must be a number, not \(description)")
    }
    guard limits.contains(number) else { throw ParameterError("must be \(text(of: limits)), not \(format(number))") }
    return number
  }

  func integer(in limits: ClosedRange<Int>) throws(ParameterError) -> Int {
    guard case .number(let number) = content, let integer = Int(exactly: number) else {
      throw ParameterError("must be a whole number, not \(description)")
    }
    guard limits.contains(integer) else {
      throw ParameterError(
        "must be \(text(of: Double(limits.lowerBound)...Double(limits.upperBound))), not \(integer)")
    }
    return integer
  }

  func range(in limits: ClosedRange<Double>, lowest: Double?) throws(ParameterError) -> ClosedRange<Double> {
    guard case .list(let values) = content else {
      guard case .number = content else { throw ParameterError("must be a number or two, not \(description)") }
      let number = try number(in: limits)
      let other = lowest ?? -number
      guard limits.contains(other) else { throw ParameterError("must be two numbers, not one") }
      return min(other, number)...max(other, number)
    }
    guard values.count == 2 else { throw ParameterError("must be a number or two, not \(description)") }
    let (low, high) = (try values[0].number(in: limits), try values[1].number(in: limits))
    guard low <= high else {
      throw ParameterError("must have the lower number first, not [\(format(low)), \(format(high))]")
    }
    return low...high
  }

  /// A single number x means x ... x.
  func fixedOrRange(in limits: ClosedRange<Double>) throws(ParameterError) -> ClosedRange<Double> {
    guard case .number = content else { return try range(in: limits, lowest: nil) }
    let number = try number(in: limits)
    return number...number
  }

  func integers(in limits: ClosedRange<Int>, lowest: Int) throws(ParameterError) -> ClosedRange<Int> {
    if case .list(let values) = content, values.count == 2 {
      let (low, high) = (try values[0].integer(in: limits), try values[1].integer(in: limits))
      guard low <= high else { throw ParameterError("must have the lower number first, not [\(low), \(high)]") }
      return low...high
    }
    if case .list = content { throw ParameterError("must be a whole number or two, not \(description)") }
    let number = try integer(in: limits)
    return min(lowest, number)...max(lowest, number)
  }

  func flag() throws(ParameterError) -> Bool {
    guard case .flag(let flag) = content else { throw ParameterError("must be true or false, not \(description)") }
    return flag
  }

  func choice<Choice: RawRepresentable<String> & CaseIterable>() throws(ParameterError) -> Choice {
    guard case .text(let text) = content, let choice = Choice(rawValue: text) else {
      let names = Choice.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: " or ")
      throw ParameterError("must be \(names), not \(description)")
    }
    return choice
  }

  /// "0 or more", "at most 1", "between 0 and 1", "finite".
  private func text(of limits: ClosedRange<Double>) -> String {
    switch (limits.lowerBound > -1e15, limits.upperBound < 1e15) {
    case (true, true): "between \(format(limits.lowerBound)) and \(format(limits.upperBound))"
    case (true, false): "\(format(limits.lowerBound)) or more"
    case (false, true): "at most \(format(limits.upperBound))"
    case (false, false): "finite"
    }
  }
}
