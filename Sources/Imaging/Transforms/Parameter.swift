/// One parameter of a transform: the single place that knows its name, its default, its meaning and its limits.
///
/// Pipeline files are read by it, `augment-cli transforms` lists it and `explain` prints what differs from it.
public struct Parameter<Root: Sendable>: Sendable {
  /// The name in pipeline files.
  public let name: String
  /// What it means, with its unit, in half a sentence.
  public let summary: String
  /// Whether a pipeline file must give it, as where Albumentations has no default.
  private(set) var isRequired = false
  /// The value in `root`, written as in a pipeline file.
  public let text: @Sendable (_ root: Root) -> String
  /// Sets the value in `root`, or says why it cannot be.
  let read: @Sendable (_ value: ConfigValue, _ root: inout Root) throws(ParameterError) -> Void
}

/// Why a value is impossible for its parameter: a sentence fragment such as "must be 0 or more, not -3".
struct ParameterError: Error {
  var text: String

  init(_ text: String) { self.text = text }
}

extension Parameter {
  /// A stored property of the transform.
  typealias Field<Value> = any WritableKeyPath<Root, Value> & Sendable

  /// A number within `limits`.
  static func number(
    _ name: String, _ path: Field<Double>, in limits: ClosedRange<Double>, _ summary: String
  ) -> Parameter {
    Parameter(name: name, summary: summary, text: { format($0[keyPath: path]) }) { value, root throws(ParameterError) in
      root[keyPath: path] = try value.number(in: limits)
    }
  }

  /// Two numbers within `limits`, the lower one first; a single number x stands for −x ... x, or for `lowest` ... x
  /// where that is given.
  static func range(
    _ name: String, _ path: Field<ClosedRange<Double>>, in limits: ClosedRange<Double>,
    lowest: Double? = nil, _ summary: String
  ) -> Parameter {
    Parameter(name: name, summary: summary, text: { format($0[keyPath: path]) }) { value, root throws(ParameterError) in
      root[keyPath: path] = try value.range(in: limits, lowest: lowest)
    }
  }

  /// A whole number within `limits`.
  static func integer(
    _ name: String, _ path: Field<Int>, in limits: ClosedRange<Int>, _ summary: String
  ) -> Parameter {
    Parameter(name: name, summary: summary, text: { String($0[keyPath: path]) }) { value, root throws(ParameterError) in
      root[keyPath: path] = try value.integer(in: limits)
    }
  }

  /// Two whole numbers within `limits`, the lower one first; a single number x stands for `lowest` ... x.
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

  /// Two numbers within `limits`, the lower one first; a single number stands for itself.
  static func fixedOrRange(
    _ name: String, _ path: Field<ClosedRange<Double>>, in limits: ClosedRange<Double>, _ summary: String
  ) -> Parameter {
    Parameter(name: name, summary: summary, text: { format($0[keyPath: path]) }) { value, root throws(ParameterError) in
      root[keyPath: path] = try value.fixedOrRange(in: limits)
    }
  }

  /// The same, without which a pipeline file is refused.
  var required: Parameter {
    var required = self
    required.isRequired = true
    return required
  }

  /// Yes or no.
  static func flag(_ name: String, _ path: Field<Bool>, _ summary: String) -> Parameter {
    Parameter(name: name, summary: summary, text: { String($0[keyPath: path]) }) { value, root throws(ParameterError) in
      root[keyPath: path] = try value.flag()
    }
  }

  /// One of the names of a choice, which are added to the summary.
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

/// A number as short as it can be: 1 rather than 1.0.
func format(_ value: Double) -> String {
  value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
}

func format(_ range: ClosedRange<Double>) -> String { "[\(format(range.lowerBound)), \(format(range.upperBound))]" }

extension ClosedRange<Double> {
  /// Limits of a parameter that has none but good sense.
  static var anyNumber: Self { -1e6...1e6 }
}
