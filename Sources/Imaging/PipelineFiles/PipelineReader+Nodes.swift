extension PipelineReader {
  mutating func nodes(
    _ value: ConfigValue, at path: String, isChoice: Bool = false
  ) throws(PipelineError) -> [PipelineNode] {
    guard case .list(let values) = value.content else {
      throw error(.value("must be a list of transforms, not \(value.description)"), path, value.line)
    }
    var nodes: [PipelineNode] = []
    let before = tail
    var after: TensorOptions?
    for (index, item) in values.enumerated() {
      if isChoice { tail = before }
      if let node = try node(item, at: "\(path)[\(index)]", isChosen: isChoice) {
        nodes.append(node)
      } else if isChoice {
        nodes.append(.noOp(p: item.probability))  // what is left out keeps its chance
      }
      if isChoice, after == nil, tail != before { after = tail }
    }
    if isChoice { tail = after ?? before }
    return nodes
  }

  /// - Parameter isChosen: Whether the probability is a weight.
  /// - Returns: `nil` for what is left out.
  mutating func node(
    _ value: ConfigValue, at path: String, isChosen: Bool = false
  ) throws(PipelineError) -> PipelineNode? {
    guard case .object(let entries) = value.content else {
      throw error(.value("must be an object, not \(value.description)"), path, value.line)
    }
    guard let key = ClassKey(of: entries) else {
      throw error(.missingKey("__class_fullname__"), path, value.line)
    }
    let place = (path.isEmpty ? "" : path + ".") + key.entry.key
    guard case .text(let text) = key.entry.value.content else {
      throw error(.value("must be a name, not \(key.entry.value.description)"), place, key.entry.line)
    }
    var fields = ConfigFields(entries, line: value.line, path: path, file: file)
    key.take(from: &fields)
    let name = ClassName(text)
    switch try recorded(name, &fields) {
    case .leftOut: return nil
    case .fixed(let node): return node
    case .none: break
    }
    try readAlwaysApply(&fields, isChosen: isChosen)
    let current = try translated(name.short, &fields)
    if let composition = Composition(rawValue: current) { return try node(composition, &fields) }
    if name.short == "Flip" { return try flip(&fields) }
    if TensorOptions.classes.contains(current) {
      try readTail(name.short, &fields)
      return nil
    }
    guard let type = TransformCatalog.type(named: current) else {
      leaveOut(MissingClass(name, line: key.entry.line, isNearestWanted: isNextMissingShown), at: place)
      return nil
    }
    return try node(type, &fields)
  }

  /// Before 2, true meant p 1, except where p is a weight.
  private mutating func readAlwaysApply(_ fields: inout ConfigFields, isChosen: Bool) throws(PipelineError) {
    guard let entry = fields.take("always_apply") else { return }
    let isSet = try fields.located(entry) { value throws(ParameterError) in
      if case .null = value.content { return false }
      return try value.flag()
    }
    guard isSet, !(isChosen && version.map { $0 < LibraryVersion(1, 4) } ?? false) else { return }
    fields.set(ConfigValue.Entry(key: "p", line: entry.line, value: .number(1, line: entry.line)))
    note(once: "always_apply", "\(fields.path(of: "always_apply")): read as p 1")
  }

  mutating func node<Change: Transform>(
    _ type: Change.Type, _ fields: inout ConfigFields
  ) throws(PipelineError) -> PipelineNode {
    if Change.name == "GaussianBlur", let blurs = try blurs(&fields) { return blurs }
    adaptFill(of: type, &fields)
    if let mask = maskInterpolation, Change.parameters.contains(where: { $0.name == mask.key }) { fields.set(mask) }
    let probability = try fields.take("p") { value throws(ParameterError) in try value.number(in: 0...1) }
    noteDefault(of: Change.name, is: Change.defaultProbability, given: probability, fields)
    return .transform(try transform(type, &fields), p: probability)
  }

  func transform<Change: Transform>(
    _ type: Change.Type, _ fields: inout ConfigFields
  ) throws(PipelineError) -> Change {
    var transform = Change()
    for parameter in Change.parameters {
      guard let entry = fields.take(parameter.name) else {
        if parameter.isRequired { throw fields.error(.missingKey(parameter.name)) }
        continue
      }
      do throws(PipelineError) {
        try fields.located(entry) { value throws(ParameterError) in try parameter.read(value, &transform) }
      } catch {
        // Before 2, null stood for many defaults.
        guard case .null = entry.value.content, let version, version < LibraryVersion(2, 0) else { throw error }
      }
    }
    do throws(ParameterError) {
      try transform.check()
    } catch {
      throw fields.error(.value(error.text))
    }
    for key in Self.ignoredKeys(of: type) { _ = fields.take(key) }
    try fields.refuseRest(
      of: Change.name,
      known: ["p", "always_apply"] + Change.parameters.map(\.name) + Self.ignoredKeys(of: type)
        + LegacyParameter.all(of: Change.name).flatMap(\.keys))
    return transform
  }

  /// Keys that 2.0.8 writes for a class but that are not in its parameter table: they change nothing, or are
  /// redundant.
  private static func ignoredKeys<Change: Transform>(of type: Change.Type) -> [String] {
    RedundantParameter.names(of: Change.name) + type.unusedKeys
  }
}

extension ConfigValue {
  /// The `p` of a node that is not read; 0.5 if it has none.
  fileprivate var probability: Double {
    guard case .object(let entries) = content, let value = entries.first(where: { $0.key == "p" })?.value,
      let probability = try? value.number(in: 0...1)
    else { return 0.5 }
    return probability
  }
}
