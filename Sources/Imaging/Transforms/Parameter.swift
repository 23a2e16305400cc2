/// One parameter of a transform: the single source for its name, default, meaning and limits.
///
/// The pipeline reader parses with it, `augment-cli transforms` lists it, and `explain` prints values that differ from
/// the default.
package struct Parameter<Root: Sendable>: Sendable {
  /// The name in pipeline files.
  package let name: String
  /// Its meaning with its unit, as a sentence fragment.
  package let summary: String
  /// Whether a pipeline file must give it, because Albumentations has no default.
  private(set) var isRequired = false
  /// Formats the value in `root` as in a pipeline file.
  package let text: @Sendable (_ root: Root) -> String
  /// Parses `value` into `root`.
  let read: @Sendable (_ value: ConfigValue, _ root: inout Root) throws(ParameterError) -> Void
}

/// Why a value is invalid for its parameter: a sentence fragment such as "must be 0 or more, not -3".
package struct ParameterError: Error {
  var text: String

  init(_ text: String) { self.text = text }
}

extension Parameter {
  /// A stored property of the transform.
  typealias Field<Value> = any WritableKeyPath<Root, Value> & Sendable

  /// A number in `limits`.
  static func number(
    _ name: String, _ path: Field<Double>, in limits: ClosedRange<Double>, _ summary: String
  ) -> Parameter {
    Parameter(name: name, summary: summary, text: { format($0[keyPath: path]) }) { value, root throws(ParameterError) in
      root[keyPath: path] = try value.number(in: limits)
    }
  }

  /// Two numbers in `limits`, the lower one first. A single number x means −x ... x, or `lowest` ... x if `lowest` is
  /// given.
  static func range(
    _ name: String, _ path: Field<ClosedRange<Double>>, in limits: ClosedRange<Double>,
    lowest: Double? = nil, _ summary: String
  ) -> Parameter {
    Parameter(name: name, summary: summary, text: { format($0[keyPath: path]) }) { value, root throws(ParameterError) in
      root[keyPath: path] = try value.range(in: limits, lowest: lowest)
    }
  }

  /// An integer in `limits`.
  static func integer(
    _ name: String, _ path: Field<Int>, in limits: ClosedRange<Int>, _ summary: String
  ) -> Parameter {
    Parameter(name: name, summary: summary, text: { String($0[keyPath: path]) }) { value, root throws(ParameterError) in
      root[keyPath: path] = try value.integer(in: limits)
    }
  }

  /// Two integers in `limits`, the lower one first. A single number x means `lowest` ... x.
  static func integers(
    _ name: String, _ path: Field<ClosedRange<Int>>, in limits: ClosedRange<Int>,
    lowest: Int, _ summary: String
  ) -> Parameter {
    Parameter(
      name: name, summary: summary,
      text: { "[\($0[keyPath: path].lowerBound), \($0[keyPath: path].upperBound)]" }
    ) { value, root throws(ParameterError) in
      root[keyPath: path] = try value.integers(in: limits, lowest: lowest)
    }
  }

  /// Two numbers in `limits`, the lower one first. A single number x means x ... x.
  static func fixedOrRange(
    _ name: String, _ path: Field<ClosedRange<Double>>, in limits: ClosedRange<Double>, _ summary: String
  ) -> Parameter {
    Parameter(name: name, summary: summary, text: { format($0[keyPath: path]) }) { value, root throws(ParameterError) in
      root[keyPath: path] = try value.fixedOrRange(in: limits)
    }
  }

  /// Two integers in `limits`, the lower one first. A single number x means x ... x.
  static func fixedOrIntegers(
    _ name: String, _ path: Field<ClosedRange<Int>>, in limits: ClosedRange<Int>, _ summary: String
  ) -> Parameter {
    Parameter(
      name: name, summary: summary,
      text: { "[\($0[keyPath: path].lowerBound), \($0[keyPath: path].upperBound)]" }
    ) { value, root throws(ParameterError) in
      guard case .number = value.content else {
        return root[keyPath: path] = try value.integers(in: limits, lowest: limits.lowerBound)
      }
      let number = try value.integer(in: limits)
      root[keyPath: path] = number...number
    }
  }

  /// The same parameter, but a pipeline file without it is rejected.
  var required: Parameter {
    var required = self
    required.isRequired = true
    return required
  }

  static func flag(_ name: String, _ path: Field<Bool>, _ summary: String) -> Parameter {
    Parameter(name: name, summary: summary, text: { String($0[keyPath: path]) }) { value, root throws(ParameterError) in
      root[keyPath: path] = try value.flag()
    }
  }

  /// One of the raw values of `Choice`, which are appended to the summary.
  static func choice<Choice: RawRepresentable<String> & CaseIterable & Sendable>(
    _ name: String, _ path: Field<Choice>, _ summary: String
  ) -> Parameter {
    let names = Choice.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: " or ")
    return Parameter(name: name, summary: "\(summary): \(names)", text: { "\"\($0[keyPath: path].rawValue)\"" }) {
      value, root throws(ParameterError) in
      root[keyPath: path] = try value.choice()
    }
  }
}

/// The shortest text of a number: 1 rather than 1.0.
package func format(_ value: Double) -> String {
  value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
}

func format(_ range: ClosedRange<Double>) -> String { "[\(format(range.lowerBound)), \(format(range.upperBound))]" }

extension ClosedRange<Double> {
  /// Limits of a parameter whose values are not restricted otherwise.
  static var anyNumber: Self { -1e6...1e6 }
}
