/// A key that Albumentations writes for a `Compose`, about other things than how an image changes.
struct ComposeKey: Sendable {
  let name: String
  /// What kind of value it may have.
  private let kind: Kind
  /// What a note says where the value is not none.
  private let note: String?

  private enum Kind {
    case object, flag, falseOnly, integer
  }

  private init(_ name: String, _ kind: Kind, note: String? = nil) {
    self.name = name
    self.kind = kind
    self.note = note
  }

  static let all = [
    ComposeKey("bbox_params", .object, note: "boxes are not read; ignored"),
    ComposeKey("keypoint_params", .object, note: "keypoints do not follow the image; ignored"),
    ComposeKey("additional_targets", .object, note: "there are no other targets than the image; ignored"),
    ComposeKey("is_check_shapes", .flag),
    ComposeKey("strict", .flag),
    ComposeKey("telemetry", .flag),
    ComposeKey("save_applied_params", .falseOnly),
    ComposeKey("mask_interpolation", .integer, note: "there are no masks; ignored"),
    ComposeKey("seed", .integer, note: "the seed is an option of the run; ignored"),
  ]

  /// What to note of `value`, if anything.
  func read(_ value: ConfigValue) throws(ParameterError) -> String? {
    guard accepts(value.content) else { throw ParameterError("must be \(demand), not \(value.description)") }
    return value.isNone ? nil : note
  }

  private func accepts(_ content: ConfigValue.Content) -> Bool {
    switch (kind, content) {
    case (_, .null), (.object, .object), (.flag, .flag), (.falseOnly, .flag(false)): true
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
    }
  }
}
