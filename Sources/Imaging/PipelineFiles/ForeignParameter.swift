/// Keys that Albumentations writes for a transform and that the transform's own table does not have: they are about
/// masks and keypoints, or say what is so anyway.
enum ForeignParameter {
  /// Written by versions before 2, where true meant p = 1.
  private static let alwaysApply = "always_apply"
  private static let ofWarps = ["fill_mask", "mask_interpolation", "keypoint_remapping_method"]

  /// The foreign keys of a transform.
  static func names<Change: Transform>(of type: Change.Type) -> [String] {
    [alwaysApply] + (Change.parameters.contains { $0.name == "interpolation" } ? ofWarps : [])
  }

  /// Takes the foreign keys of a transform, whose own ones are already taken.
  static func takeAll(of type: any Transform.Type, from fields: inout ConfigFields) throws(PipelineError) {
    for name in names(of: type) {
      guard let entry = fields.take(name), name == alwaysApply else { continue }
      try fields.located(entry) { value throws(ParameterError) in
        guard value.isNone else { throw ParameterError("must be false (p: 1 says the same), not \(value.description)") }
      }
    }
  }
}
