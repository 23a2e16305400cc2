extension PipelineReader {
  /// Reads a class of `TensorOptions.classes`.
  mutating func readTail(_ name: String, _ fields: inout ConfigFields) throws(PipelineError) {
    let before = tail ?? TensorOptions()
    var after = before
    _ = try fields.take("p") { value throws(ParameterError) in try value.number(in: 0...1) }
    switch name {
    case "Normalize":
      var normalization = Normalization()
      try normalization.read(&fields)
      after.normalization = normalization
    case "ToFloat": after.divisor = try maximum(&fields) ?? 255
    case "FromFloat":
      _ = (try maximum(&fields), fields.take("dtype"))
      after.divisor = nil
    default: after = try tensor(&fields, before)
    }
    try fields.refuseRest(
      of: name, known: ["p", "mean", "std", "max_pixel_value", "normalization", "max_value", "dtype", "transpose_mask"])
    tail = after
    note(once: "tail \(name)", "\(fields.path(of: name)): left out of images, which hold bytes; arrays get it")
  }

  private func maximum(_ fields: inout ConfigFields) throws(PipelineError) -> Double? {
    try fields.take("max_value") { value throws(ParameterError) -> Double? in
      if case .null = value.content { return nil }
      return try value.number(in: 1e-6...1e9)
    } ?? nil
  }

  /// `ToTensorV2`, or the older `ToTensor`, which divided by 255 and normalised as well.
  private func tensor(
    _ fields: inout ConfigFields, _ before: TensorOptions
  ) throws(PipelineError) -> TensorOptions {
    var tail = before
    tail.isChannelsFirst = true
    for key in ["transpose_mask", "num_classes", "sigmoid"] { _ = fields.take(key) }
    guard let entry = fields.take("normalize") else { return tail }
    guard case .object(let entries) = entry.value.content else { return tail }
    var inner = ConfigFields(entries, line: entry.line, path: fields.path(of: entry.key), file: file)
    var normalization = Normalization()
    try normalization.read(&inner)
    tail.normalization = normalization
    return tail
  }

  // MARK: What follows

  /// Warps whose single fill is red, and black elsewhere.
  private static let redFills: Set<String> = [
    "ElasticTransform", "GridDistortion", "OpticalDistortion", "PiecewiseAffine", "ThinPlateSpline", "Perspective",
  ]
  /// Families that move or overwrite pixels, which is the same before and after a normalisation.
  private static let neutralFamilies: Set<String> = ["Crop", "Geometric", "Dropout", "Mixing"]

  /// After a normalisation, a fill is a normalised value: gives the transform the byte that stands for it.
  mutating func adaptFill<Change: Transform>(of type: Change.Type, _ fields: inout ConfigFields) {
    guard let tail, tail.changesValues else { return }
    let names = Change.parameters.map(\.name)
    guard let key = ["fill", "drop_value"].first(where: names.contains) else {
      return noteOrder(of: Change.name, fields)
    }
    let written = fields.value(of: key)
    guard let levels = levels(written, of: Change.name, tail) else { return }
    let line = fields.line
    let value =
      Change.name != "ChannelDropout"
      ? ConfigValue.numbers(levels, line: line)
      : .number((levels.reduce(0, +) / Double(levels.count)).rounded(), line: line)
    fields.set(ConfigValue.Entry(key: key, line: line, value: value))
    let shown = levels.map { format($0) }.joined(separator: ", ")
    note(
      once: "fill \(Change.name)",
      "\(fields.path(of: key)): \(written?.description ?? "0") in normalised values is [\(shown)] in bytes")
  }

  /// The bytes of a fill, by channel; `nil` if it is a word or drawn.
  private func levels(_ value: ConfigValue?, of name: String, _ tail: TensorOptions) -> [Double]? {
    switch value?.content {
    case .number(let number):
      let others = Self.redFills.contains(name) ? 0 : number
      return [number, others, others].enumerated().map { tail.byte(of: $1, channel: $0) }
    case .list(let values):
      let numbers = values.compactMap { try? $0.number(in: .anyNumber) }
      guard numbers.count == values.count, !numbers.isEmpty else { return nil }
      return numbers.prefix(3).enumerated().map { tail.byte(of: $1, channel: $0) }
    case nil: return (0..<3).map { tail.byte(of: 0, channel: $0) }
    default: return nil
    }
  }

  private mutating func noteOrder(of name: String, _ fields: ConfigFields) {
    let family = TransformCatalog.families.first { $0.transforms.contains { $0.name == name } }?.name
    guard let family, !Self.neutralFamilies.contains(family) else { return }
    note(
      once: "order \(name)",
      "\(fields.path(of: name)): works on bytes here; after Normalize or ToFloat, Albumentations has it work on others")
  }
}
