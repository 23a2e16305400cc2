/// A key that Albumentations writes for a `Compose` and that affects neither pixels nor labels.
struct ComposeKey: Sendable {
  let name: String
  /// The kind of value it accepts.
  private let kind: Kind
  /// The note given if the value is not none.
  private let note: String?

  private enum Kind {
    case object, flag, falseOnly, integer, text
  }

  private init(_ name: String, _ kind: Kind, note: String? = nil) {
    self.name = name
    self.kind = kind
    self.note = note
  }

  static let all = [
    ComposeKey("is_check_shapes", .flag),
    ComposeKey("strict", .flag),
    ComposeKey("telemetry", .flag),
    ComposeKey("save_applied_params", .falseOnly),
    ComposeKey("save_key", .text),
    ComposeKey("keymap", .object),
    ComposeKey("update_pad_shape", .flag),
    ComposeKey("skip_img_without_anno", .flag),
    ComposeKey("seed", .integer, note: "the seed is an option of the run; ignored"),
  ]

  /// The note about `value`, if any.
  func read(_ value: ConfigValue) throws(ParameterError) -> String? {
    guard accepts(value.content) else { throw ParameterError("must be \(demand), not \(value.description)") }
    return value.isNone ? nil : note
  }

  private func accepts(_ content: ConfigValue.Content) -> Bool {
    switch (kind, content) {
    case (_, .null), (.object, .object), (.flag, .flag), (.falseOnly, .flag(false)), (.text, .text): true
    case (.integer, .number(let number)): number == number.rounded()
    default: false
    }
  }

  private var demand: String {
    switch kind {
    case .object: "an object or null"
    case .flag: "true, false or null"
    case .falseOnly: "false or null, since nothing here reads what it would save"
    case .integer: "a whole number or null"
    case .text: "a text or null"
    }
  }
}
