/// One line of `LegacyParameter.all`: keys that a class had in older versions, and those that mean the same in 2.0.8.
package struct LegacyParameter: Sendable {
  typealias Translation = @Sendable (LegacyValues) throws(ParameterError) -> [Target]
  /// A key of 2.0.8 with its value.
  typealias Target = (key: String, value: ConfigValue)

  /// Names of classes in 2.0.8.
  package let classes: [String]
  package let keys: [String]
  /// The keys that it translates to; none: there is nothing like it.
  package let targets: [String]
  /// What is said about it, as a sentence fragment.
  let note: String
  let translate: Translation

  /// Another name for the same.
  static func renamed(_ key: String, to target: String, of classes: [String]) -> LegacyParameter {
    LegacyParameter(classes: classes, keys: [key], targets: [target], note: "read as \(target)") { values in
      values[key].map { [(target, $0)] } ?? []
    }
  }

  /// What has no meaning in 2.0.8.
  static func dropped(_ key: String, of classes: [String], because reason: String) -> LegacyParameter {
    LegacyParameter(classes: classes, keys: [key], targets: [], note: "left out: \(reason)") { _ in [] }
  }

  /// Two numbers that became one pair; `defaults` are those of the older versions.
  static func pair(
    _ low: String, _ high: String, to target: String, of classes: [String], defaults: (Double, Double)
  ) -> LegacyParameter {
    LegacyParameter(classes: classes, keys: [low, high], targets: [target], note: "read as \(target)") {
      values throws(ParameterError) in
      let (first, second) = (try values.number(low, or: defaults.0), try values.number(high, or: defaults.1))
      return [(target, values.list(first, second))]
    }
  }

  /// Two numbers that became one pair, if both are given.
  static func optionalPair(
    _ first: String, _ second: String, to target: String, of classes: [String]
  ) -> LegacyParameter {
    LegacyParameter(classes: classes, keys: [first, second], targets: [target], note: "read as \(target)") { values in
      guard let one = values[first], let other = values[second] else { return [] }
      return [(target, ConfigValue(content: .list([one, other]), line: values.line))]
    }
  }

  static func converted(
    _ key: String, to target: String, of classes: [String], _ note: String,
    _ convert: @escaping @Sendable (ConfigValue) throws(ParameterError) -> ConfigValue
  ) -> LegacyParameter {
    let note = key == target ? note : "read as \(target): \(note)"
    return LegacyParameter(classes: classes, keys: [key], targets: [target], note: note) {
      values throws(ParameterError) in
      guard let value = values[key] else { return [] }
      return [(target, try convert(value))]
    }
  }

  static func any(
    _ keys: [String], to targets: [String], of classes: [String], _ note: String, _ translate: @escaping Translation
  ) -> LegacyParameter {
    LegacyParameter(classes: classes, keys: keys, targets: targets, note: note, translate: translate)
  }

  /// Those of a class, in the order in which they apply.
  static func all(of name: String) -> [LegacyParameter] { all.filter { $0.classes.contains(name) } }
}
