/// What a node of a record of `ReplayCompose` is.
enum RecordedNode {
  /// It is no node of a record.
  case none
  /// It did not run, or cannot run again.
  case leftOut
  /// It always does what it did.
  case fixed(PipelineNode)
}

extension PipelineReader {
  /// Reads a node that has `applied` and `params`.
  mutating func recorded(
    _ name: ClassName, _ fields: inout ConfigFields
  ) throws(PipelineError) -> RecordedNode {
    let ran = try fields.take("applied") { value throws(ParameterError) in try value.flag() }
    guard let ran else { return .none }
    let place = fields
    let parameters = fields.take("params")?.value
    guard ran else { return .leftOut }
    fields.set(ConfigValue.Entry(key: "p", line: fields.line, value: .number(1, line: fields.line)))
    if fields.has("transforms") {
      // Its children tell whether they ran.
      let composition = Composition(rawValue: name.short)
      return .fixed(try node(composition == .selectiveChannels ? .selectiveChannels : .compose, &fields))
    }
    var drawn = ConfigFields([], line: fields.line, path: fields.path(of: "params"), file: file)
    if case .object(let entries) = parameters?.content { drawn.add(entries) }
    _ = fields.take("always_apply")
    if TensorOptions.classes.contains(name.short) {
      try readTail(name.short, &fields)
      return .leftOut
    }
    guard let node = try repeated(try translated(name.short, &fields), &fields, drawn) else {
      leaveOut(MissingClass(name, kind: .recorded, line: place.line), at: place.path)
      return .leftOut
    }
    return .fixed(node)
  }

  /// - Returns: `nil` if what was drawn is not among what a file holds.
  private mutating func repeated(
    _ name: String, _ fields: inout ConfigFields, _ drawn: ConfigFields
  ) throws(PipelineError) -> PipelineNode? {
    if name == "NoOp" { return .noOp(p: 1) }
    if let turn = turn(name, drawn) { return try steps(turn, at: fields) }
    if RecordedDraw.crops.contains(name) { return try crop(name, &fields, drawn) }
    let ranges = RecordedDraw.ranges[name] ?? []
    guard RecordedDraw.certain.contains(name) || !ranges.isEmpty else { return nil }
    for range in ranges {
      let value = range.drawn.lazy.compactMap { drawn.value(of: $0) }.first
      guard case .number(let number) = value?.content else { return nil }
      fields.setPoint(range.key, range.value(number))
    }
    // Since 1.4 the brightness is recorded in levels, whatever it was a share of.
    if name == "RandomBrightnessContrast", drawn.has("shape"),
      case .number(let level) = drawn.value(of: "beta")?.content
    {
      fields.setPoint("brightness_limit", level / 255)
      for (key, flag) in [("brightness_by_max", true), ("ensure_safe_range", false)] {
        fields.set(ConfigValue.Entry(key: key, line: fields.line, value: .flag(flag, line: fields.line)))
      }
    }
    guard let type = TransformCatalog.type(named: name) else { return nil }
    return try node(type, &fields)
  }

  /// The steps of a quarter turn or a mirror; `nil` for another transform.
  private func turn(_ name: String, _ drawn: ConfigFields) -> [String]? {
    switch name {
    case "RandomRotate90":
      guard case .number(let factor) = drawn.value(of: "factor")?.content else { return nil }
      return Int(exactly: factor).flatMap { RecordedDraw.turns[["e", "r90", "r180", "r270"][$0 & 3]] }
    case "D4", "SquareSymmetry":
      guard case .text(let element) = drawn.value(of: "group_element")?.content else { return nil }
      return RecordedDraw.turns[element]
    default: return nil
    }
  }

  private mutating func steps(_ names: [String], at place: ConfigFields) throws(PipelineError) -> PipelineNode? {
    var steps: [PipelineNode] = []
    for name in names {
      guard let type = TransformCatalog.type(named: name) else { return nil }
      var fields = ConfigFields([], line: place.line, path: place.path, file: file)
      fields.set(ConfigValue.Entry(key: "p", line: place.line, value: .number(1, line: place.line)))
      steps.append(try node(type, &fields))
    }
    return .sequential(steps, p: 1)
  }

  /// A `Crop` at the place that was drawn, and a `Resize` if the transform has a size.
  private mutating func crop(
    _ name: String, _ fields: inout ConfigFields, _ drawn: ConfigFields
  ) throws(PipelineError) -> PipelineNode? {
    guard case .list(let sides) = drawn.value(of: "crop_coords")?.content, sides.count == 4,
      drawn.value(of: "pad_params")?.isNone ?? true, let crop = TransformCatalog.type(named: "Crop"),
      let resize = TransformCatalog.type(named: "Resize")
    else { return nil }
    var place = ConfigFields([], line: fields.line, path: fields.path, file: file)
    for (key, side) in zip(["x_min", "y_min", "x_max", "y_max"], sides) {
      place.set(ConfigValue.Entry(key: key, line: side.line, value: side))
    }
    place.set(ConfigValue.Entry(key: "p", line: fields.line, value: .number(1, line: fields.line)))
    let cropped = try node(crop, &place)
    guard RecordedDraw.sizedCrops.contains(name) else { return cropped }
    var size = ConfigFields([], line: fields.line, path: fields.path, file: file)
    if case .list(let sides) = fields.value(of: "size")?.content, sides.count == 2 {
      size.set(ConfigValue.Entry(key: "height", line: sides[0].line, value: sides[0]))
      size.set(ConfigValue.Entry(key: "width", line: sides[1].line, value: sides[1]))
    }
    for key in ["height", "width", "interpolation", "mask_interpolation", "area_for_downscale", "p"] {
      if let entry = fields.take(key) { size.set(entry) }
    }
    return .sequential([cropped, try node(resize, &size)], p: 1)
  }
}

extension ConfigFields {
  /// Cuts a range to one number.
  fileprivate mutating func setPoint(_ key: String, _ number: Double) {
    set(ConfigValue.Entry(key: key, line: line, value: .numbers([number, number], line: line)))
  }
}
