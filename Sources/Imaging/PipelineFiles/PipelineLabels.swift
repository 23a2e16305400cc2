/// What a pipeline file says about labels and about images beside the image.
package struct PipelineLabels: Hashable, Sendable {
  package var boxes: BoxParameters?
  package var hasKeypoints = false
  /// Names of what is to change as the image does, sorted.
  package var furtherTargets: [String] = []

  /// The keys of the file that ask for labels, of use to nobody in a run without any.
  package var demands: [String] {
    (boxes == nil ? [] : ["bbox_params"]) + (hasKeypoints ? ["keypoint_params"] : [])
  }
}

extension PipelineReader {
  mutating func readLabels(_ fields: inout ConfigFields) throws(PipelineError) {
    var parameters = BoxParameters()
    let hasBoxes = try read("bbox_params", of: &fields) { inner throws(PipelineError) in
      try parameters.readBoxes(&inner)
    }
    if hasBoxes { labels.boxes = labels.boxes ?? parameters }
    var keepsInvisible = false
    let hasPoints = try read("keypoint_params", of: &fields) { inner throws(PipelineError) in
      keepsInvisible = try BoxParameters.readPoints(&inner)
    }
    labels.hasKeypoints = labels.hasKeypoints || hasPoints
    try readTargets(&fields)
    guard keepsInvisible else { return }
    note(
      once: "remove_invisible",
      "\(fields.path(of: "keypoint_params")): points that leave the image are dropped all the same")
  }

  private mutating func readTargets(_ fields: inout ConfigFields) throws(PipelineError) {
    guard let entry = fields.take("additional_targets") else { return }
    switch entry.value.content {
    case .null: return
    case .object(let targets):
      labels.furtherTargets = Set(labels.furtherTargets + targets.map(\.key)).sorted()
      guard !targets.isEmpty else { return }
      note(
        once: entry.key,
        "\(fields.path(of: entry.key)): there are no other targets than the image and its labels; ignored")
    default:
      let path = fields.path(of: entry.key)
      throw error(.value("must be an object or null, not \(entry.value.description)"), path, entry.line)
    }
  }

  /// Reads the object under a key.
  /// - Returns: `false` if there is none, or null.
  private func read(
    _ key: String, of fields: inout ConfigFields, _ body: (inout ConfigFields) throws(PipelineError) -> Void
  ) throws(PipelineError) -> Bool {
    guard let entry = fields.take(key) else { return false }
    switch entry.value.content {
    case .null: return false
    case .object(let entries):
      var inner = ConfigFields(entries, line: entry.value.line, path: fields.path(of: key), file: file)
      try body(&inner)
      return true
    default:
      throw error(
        .value("must be an object or null, not \(entry.value.description)"), fields.path(of: key), entry.line)
    }
  }
}
