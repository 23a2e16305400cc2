/// What a pipeline file says about boxes: the `bbox_params` of Albumentations.
///
/// `format` and `label_fields` describe arguments of a Python call; here, label files tell what they hold.
package struct BoxParameters: Hashable, Sendable {
  package var limits = BoxLimits()
  /// Whether boxes that reach beyond their image are clipped, or dropped; neither: Albumentations fails.
  package var clips = false
  package var dropsInvalid = false

  package init() {}

  private static let boxKeys = [
    "format", "label_fields", "min_area", "min_visibility", "min_width", "min_height", "max_accept_ratio", "clip",
    "filter_invalid_bboxes", "check_each_transform", "bbox_type",
  ]
  private static let pointKeys = [
    "format", "label_fields", "remove_invisible", "angle_in_degrees", "check_each_transform",
  ]

  /// The class as hydra and mmdetection name it, and what mmdetection adds.
  private static let foreignKeys = ["_target_", "type", "filter_lost_elements"]

  mutating func readBoxes(_ fields: inout ConfigFields) throws(PipelineError) {
    let anyNumber = 0.0...1e15
    limits.minArea = try fields.takeLimit("min_area", in: anyNumber)
    limits.minVisibility = try fields.takeLimit("min_visibility", in: 0...1)
    limits.minWidth = try fields.takeLimit("min_width", in: anyNumber)
    limits.minHeight = try fields.takeLimit("min_height", in: anyNumber)
    limits.maxAspect = try fields.takeLimit("max_accept_ratio", in: 1...1e15)
    clips = try fields.takeFlag("clip") ?? false
    dropsInvalid = try fields.takeFlag("filter_invalid_bboxes") ?? false
    for key in ["format", "label_fields", "check_each_transform", "bbox_type"] + Self.foreignKeys {
      _ = fields.take(key)
    }
    try fields.refuseRest(of: "bbox_params", known: Self.boxKeys)
  }

  /// - Returns: whether points that leave the image are to stay, which no label file can say.
  static func readPoints(_ fields: inout ConfigFields) throws(PipelineError) -> Bool {
    let dropsInvisible = try fields.takeFlag("remove_invisible") ?? true
    for key in ["format", "label_fields", "angle_in_degrees", "check_each_transform"] + Self.foreignKeys {
      _ = fields.take(key)
    }
    try fields.refuseRest(of: "keypoint_params", known: Self.pointKeys)
    return !dropsInvisible
  }

  /// As fields of a Compose in a pipeline file.
  var serialized: [String] {
    let numbers: [(String, Double?)] = [
      ("min_area", limits.minArea), ("min_visibility", limits.minVisibility), ("min_width", limits.minWidth),
      ("min_height", limits.minHeight), ("max_accept_ratio", limits.maxAspect),
    ]
    let boxes =
      ["\"format\": \"pascal_voc\"", "\"label_fields\": [\"labels\"]"]
      + numbers.compactMap { name, value in value.map { "\"\(name)\": \(format($0))" } }
      + ["\"clip\": \(clips)", "\"filter_invalid_bboxes\": \(dropsInvalid)"]
    return ["\"bbox_params\": {\(boxes.joined(separator: ", "))}"]
  }
}

extension ConfigFields {
  /// A number; `nil` where there is none, or null.
  fileprivate mutating func takeLimit(_ key: String, in limits: ClosedRange<Double>) throws(PipelineError) -> Double? {
    try take(key) { value throws(ParameterError) in
      if case .null = value.content { return nil }
      return try value.number(in: limits)
    } ?? nil
  }

  fileprivate mutating func takeFlag(_ key: String) throws(PipelineError) -> Bool? {
    try take(key) { value throws(ParameterError) in try value.flag() }
  }
}
