/// A parameter of a transform as text.
struct ParameterText {
  var name: String
  /// As in a pipeline file; also JSON.
  var value: String
  var isDefault: Bool
}

extension Transform {
  /// Its parameters, in the order of its table.
  var parameterTexts: [ParameterText] {
    let defaults = Self()
    return Self.parameters.map { parameter in
      let value = parameter.text(self)
      return ParameterText(name: parameter.name, value: value, isDefault: value == parameter.text(defaults))
    }
  }

  /// What each of its parameters means, by the same index as its texts.
  static var parameterSummaries: [String] { parameters.map(\.summary) }
}
