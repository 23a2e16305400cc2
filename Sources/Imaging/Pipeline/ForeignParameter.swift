/// A key that Albumentations writes for a transform, that the transform's own table does not have: either about masks
/// and keypoints, and ignored, or with a single value that is what happens here anyway.
struct ForeignParameter: Sendable {
  private let name: String
  /// The only values accepted; `nil` where any is.
  private let accepted: [ConfigValue.Content]?
  /// What a value must be, where it is none of those.
  private let demand: String

  private init(_ name: String, only accepted: [ConfigValue.Content]? = nil, _ demand: String = "") {
    self.name = name
    self.accepted = accepted
    self.demand = demand
  }

  /// The foreign keys of the transform `owner`.
  static func names(of owner: String) -> [String] { parameters(of: owner).map(\.name) }

  /// Takes the foreign keys of the transform `owner`, whose own ones are already taken.
  static func takeAll(of owner: String, from fields: inout ConfigFields) throws(PipelineError) {
    for parameter in parameters(of: owner) {
      guard let entry = fields.take(parameter.name) else { continue }
      try fields.located(entry, parameter.check)
    }
  }

  private static func parameters(of owner: String) -> [ForeignParameter] {
    common + (warps.contains(owner) ? ofWarps : [])
  }

  private static let warps: Set = ["ElasticTransform", "GridDistortion", "OpticalDistortion", "Perspective"]

  private static let common = [
    // Written by versions before 2, where true meant p = 1.
    ForeignParameter("always_apply", only: [.null, .flag(false)], "false (p: 1 says the same)")
  ]

  private static let ofWarps = [
    ForeignParameter("interpolation", only: [.number(1)], "1 (linear), the only one supported"),
    ForeignParameter("border_mode", only: [.number(0)], "0 (constant), the only one supported"),
    ForeignParameter("fill", only: [.number(0)], "0 (black), the only one supported"),
    ForeignParameter("fill_mask"),
    ForeignParameter("mask_interpolation"),
    ForeignParameter("keypoint_remapping_method"),
  ]

  private func check(_ value: ConfigValue) throws(ParameterError) {
    guard let accepted, !accepted.contains(where: { $0.equalsScalar(value.content) }) else { return }
    throw ParameterError("must be \(demand), not \(value.description)")
  }
}

extension ConfigValue.Content {
  fileprivate func equalsScalar(_ other: ConfigValue.Content) -> Bool {
    switch (self, other) {
    // A colour: every channel the same.
    case (.number, .list(let values)): !values.isEmpty && values.allSatisfy { equalsScalar($0.content) }
    case (.null, .null): true
    case (.flag(let first), .flag(let second)): first == second
    case (.number(let first), .number(let second)): first == second
    default: false
    }
  }
}
