/// Amounts for the four sides of an image, or how to draw them.
package enum SideAmounts: Hashable, Sendable {
  /// One for all sides.
  case same(Double)
  /// Drawn from one range, for all sides or for each.
  case range(Amount)
  /// For the upper, right, lower and left side.
  case each([Amount])

  /// The amount of one side, or how to draw it.
  package enum Amount: Hashable, Sendable {
    case fixed(Double)
    case between(ClosedRange<Double>)
    /// The upper bound is never drawn.
    case wholeBetween(ClosedRange<Int>)
    case choice([Double])

    fileprivate func sample(using random: inout RandomStream) -> Double {
      switch self {
      case .fixed(let amount): amount
      case .between(let range): random.uniform(range)
      case .wholeBetween(let range): Double(random.integer(range.lowerBound...range.upperBound - 1))
      case .choice(let amounts): amounts[random.integer(0...amounts.count - 1)]
      }
    }
  }

  /// For the upper, right, lower and left side.
  func sample(_ isIndependent: Bool, using random: inout RandomStream) -> [Double] {
    switch self {
    case .same(let amount): return Array(repeating: amount, count: 4)
    case .range(let range) where isIndependent: return (0..<4).map { _ in range.sample(using: &random) }
    case .range(let range): return Array(repeating: range.sample(using: &random), count: 4)
    case .each(let amounts): return amounts.map { $0.sample(using: &random) }
    }
  }
}

extension SideAmounts: CustomStringConvertible {
  /// As in a pipeline file.
  package var description: String {
    switch self {
    case .same(let amount): format(amount)
    case .range(let range): range.description
    case .each(let amounts): "[\(amounts.map(\.description).joined(separator: ", "))]"
    }
  }
}

extension SideAmounts.Amount: CustomStringConvertible {
  package var description: String {
    switch self {
    case .fixed(let amount): format(amount)
    case .between(let range): format(range)
    case .wholeBetween(let range): "[\(range.lowerBound), \(range.upperBound)]"
    case .choice(let amounts): "[\(amounts.map { format($0) }.joined(separator: ", "))]"
    }
  }
}

extension Parameter {
  /// A number, a range, or one of either or a list of numbers for each of the four sides; or null.
  static func sideAmounts(
    _ name: String, _ path: Field<SideAmounts?>, whole isWhole: Bool, _ summary: String
  ) -> Parameter {
    Parameter(
      name: name,
      summary:
        "\(summary): a number, a range, or a number, a range or a choice for each of top, right, bottom and left",
      text: { $0[keyPath: path]?.description ?? "null" }
    ) { value, root throws(ParameterError) in
      if case .null = value.content { return root[keyPath: path] = nil }
      root[keyPath: path] = try value.sideAmounts(isWhole)
    }
  }

  /// One level; two that enclose a range; or several to choose from.
  static func levelChoice(_ name: String, _ path: Field<[Double]>, _ summary: String) -> Parameter {
    Parameter(
      name: name, summary: "\(summary): one for all channels, two to draw between, or several to draw from",
      text: { root in
        let levels = root[keyPath: path].map { format($0) }
        return levels.count == 1 ? levels[0] : "[\(levels.joined(separator: ", "))]"
      }
    ) { value, root throws(ParameterError) in
      root[keyPath: path] = try value.numbers(in: 0...255)
    }
  }
}

extension ConfigValue {
  fileprivate func sideAmounts(_ isWhole: Bool) throws(ParameterError) -> SideAmounts {
    guard case .list(let sides) = content else { return .same(try amount(isWhole)) }
    if sides.count == 2 { return .range(try sideAmount(isWhole)) }
    guard sides.count == 4 else { throw ParameterError("must be a number, two or four, not \(description)") }
    var amounts: [SideAmounts.Amount] = []
    for side in sides { amounts.append(try side.sideAmount(isWhole)) }
    return .each(amounts)
  }

  private func sideAmount(_ isWhole: Bool) throws(ParameterError) -> SideAmounts.Amount {
    guard case .list(let values) = content else { return .fixed(try amount(isWhole)) }
    guard (1...1000).contains(values.count) else { throw ParameterError("must be numbers, not \(description)") }
    var amounts: [Double] = []
    for value in values { amounts.append(try value.amount(isWhole)) }
    guard amounts.count == 2 else { return .choice(amounts) }
    guard !isWhole else {
      guard amounts[0] < amounts[1] else {
        throw ParameterError("must have the lower number first, and another one, not \(description)")
      }
      return .wholeBetween(Int(amounts[0])...Int(amounts[1]))
    }
    return .between(min(amounts[0], amounts[1])...max(amounts[0], amounts[1]))
  }

  private func amount(_ isWhole: Bool) throws(ParameterError) -> Double {
    isWhole ? Double(try integer(in: -65_535...65_535)) : try number(in: -1...100)
  }

  fileprivate func numbers(in limits: ClosedRange<Double>) throws(ParameterError) -> [Double] {
    guard case .list(let values) = content else { return [try number(in: limits)] }
    guard (1...1000).contains(values.count) else { throw ParameterError("must be numbers, not \(description)") }
    var numbers: [Double] = []
    for value in values { numbers.append(try value.number(in: limits)) }
    return numbers
  }
}
