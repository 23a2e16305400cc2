/// A key that Albumentations writes for a `Compose` and that affects neither pixels nor labels.
struct ComposeKey: Sendable {
  let name: String
  /// The kind of value it accepts.
  private let kind: Kind
  /// The note given if the value is not none.
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
    ComposeKey("additional_targets", .object, note: "there are no other targets than the image; ignored"),
    ComposeKey("is_check_shapes", .flag),
    ComposeKey("strict", .flag),
    ComposeKey("telemetry", .flag),
    ComposeKey("save_applied_params", .falseOnly),
    ComposeKey("mask_interpolation", .integer, note: "masks take the nearest pixel; ignored"),
    ComposeKey("seed", .integer, note: "the seed is an option of the run; ignored"),
  ]

  /// The note about `value`, if any.
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

/// Keys that Albumentations writes for a transform but that are not in its parameter table: they concern masks and
/// keypoints, or are redundant.
enum ForeignParameter {
  /// Written by versions before 2, where true means p = 1.
  private static let alwaysApply = "always_apply"
  private static let ofWarps = ["fill_mask", "mask_interpolation", "keypoint_remapping_method"]

  static func names<Change: Transform>(of type: Change.Type) -> [String] {
    [alwaysApply] + (Change.parameters.contains { $0.name == "interpolation" } ? ofWarps : [])
      + ((type as? any ReferenceTransform.Type)?.ignoredParameters ?? [])
  }

  /// Takes the foreign keys of a transform, after its own parameters have been taken.
  static func takeAll(of type: any Transform.Type, from fields: inout ConfigFields) throws(PipelineError) {
    for name in names(of: type) {
      guard let entry = fields.take(name), name == alwaysApply else { continue }
      try fields.located(entry) { value throws(ParameterError) in
        guard value.isNone else { throw ParameterError("must be false (p: 1 says the same), not \(value.description)") }
      }
    }
  }
}

/// The name among `names` closest to `name`, or `nil` if none is within an edit distance of 2, or of a third of the
/// candidate's length if that is more. Case-insensitive.
package func nearestName(to name: String, among names: some Sequence<String>) -> String? {
  guard name.utf8.count <= 100 else { return nil }
  let wanted = Array(name.lowercased().unicodeScalars)
  var best: (name: String, distance: Int)?
  for candidate in names {
    let letters = Array(candidate.lowercased().unicodeScalars)
    let distance = editDistance(wanted, letters)
    guard distance <= max(2, letters.count / 3), distance < letters.count else { continue }
    if distance < best?.distance ?? .max { best = (candidate, distance) }
  }
  return best?.name
}

/// Edit distance with transpositions of adjacent letters (optimal string alignment).
private func editDistance(_ first: [Unicode.Scalar], _ second: [Unicode.Scalar]) -> Int {
  var beforeLast: [Int] = []
  var last = Array(0...second.count)
  for (row, letter) in first.enumerated() {
    var current = [row + 1]
    for (column, other) in second.enumerated() {
      var cost = min(last[column + 1] + 1, current[column] + 1, last[column] + (letter == other ? 0 : 1))
      if row > 0, column > 0, letter == second[column - 1], first[row - 1] == other {
        cost = min(cost, beforeLast[column - 1] + 1)
      }
      current.append(cost)
    }
    (beforeLast, last) = (last, current)
  }
  return last[second.count]
}
