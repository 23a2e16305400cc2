extension PipelineReader {
  /// The name of a class in 2.0.8, and its keys translated to those of 2.0.8.
  mutating func translated(_ name: String, _ fields: inout ConfigFields) throws(PipelineError) -> String {
    let legacy = LegacyClass.named(name)
    let current = legacy?.successor ?? name
    if let legacy, !TensorOptions.classes.contains(current) {
      let difference = legacy.difference.map { ": \($0)" } ?? ""
      note(once: "class \(name)", "\(fields.path(of: name)): read as \(current)\(difference)")
    }
    for rule in (legacy?.parameters ?? []) + LegacyParameter.all(of: current) {
      try translate(rule, of: current, &fields)
    }
    for (key, value) in legacy?.implied ?? [] where !fields.has(key) {
      fields.set(ConfigValue.Entry(key: key, line: fields.line, value: ConfigValue(content: value, line: fields.line)))
    }
    if let version { takeDefaults(of: current, in: version, &fields) }
    return current
  }

  private mutating func translate(
    _ rule: LegacyParameter, of name: String, _ fields: inout ConfigFields
  ) throws(PipelineError) {
    let found = rule.keys.compactMap { fields.take($0) }
    let given = found.first { entry in if case .null = entry.value.content { false } else { true } }
    guard let given else { return }
    let values = LegacyValues(found, line: given.line)
    let targets = try fields.located(given) { _ throws(ParameterError) in try rule.translate(values) }
    for (key, value) in targets {
      fields.set(ConfigValue.Entry(key: key, line: given.line, value: value, writtenAs: given.key))
    }
    let isUnchanged = targets.count == 1 && targets[0].value.description == given.value.description
    if isUnchanged, targets[0].key == given.key { return }
    note(once: "\(name).\(rule.keys[0])", "\(fields.path(of: given.key)): \(rule.note)")
  }

  private mutating func takeDefaults(of name: String, in version: LibraryVersion, _ fields: inout ConfigFields) {
    for line in LegacyDefault.all(of: name, in: version) where !fields.has(line.key) {
      let value = ConfigValue(content: line.value, line: fields.line)
      fields.set(ConfigValue.Entry(key: line.key, line: fields.line, value: value))
      note(
        once: "default \(name).\(line.key)",
        "\(fields.path(of: line.key)): not given, so \(value.briefly), the default of \(name) in \(version)")
    }
  }

  // MARK: Classes that became several

  /// `Flip` of the versions before 2: upside down, left to right or both, with equal chances.
  mutating func flip(_ fields: inout ConfigFields) throws(PipelineError) -> PipelineNode {
    let probability = try fields.take("p") { value throws(ParameterError) in try value.number(in: 0...1) }
    try fields.refuseRest(of: "Flip", known: ["p"])
    note(once: "class Flip", "\(fields.path(of: "Flip")): read as OneOf of HorizontalFlip, VerticalFlip and both")
    let flips: [PipelineNode] = [.transform(HorizontalFlip(), p: 1), .transform(VerticalFlip(), p: 1)]
    return .oneOf(flips + [.sequential(flips, p: 1)], p: probability ?? 0.5)
  }

  /// A `GaussianBlur` of sigma 0 before 2.0.5, which took sigma from the size of the kernel: one of a blur for each
  /// size. `nil` for any other.
  mutating func blurs(_ fields: inout ConfigFields) throws(PipelineError) -> PipelineNode? {
    guard let version, version < LibraryVersion(2, 0, 5), fields.value(of: "sigma_limit")?.isZero ?? false else {
      return nil
    }
    let place = fields.path(of: "sigma_limit")
    _ = fields.take("sigma_limit")
    let limits = try fields.take("blur_limit") { value throws(ParameterError) in
      try value.integers(in: 0...999, lowest: 3)
    }
    let probability = try fields.take("p") { value throws(ParameterError) in try value.number(in: 0...1) }
    try fields.refuseRest(of: "GaussianBlur", known: ["p", "blur_limit", "sigma_limit"])
    note(once: "sigma 0", "\(place): 0, so that of the kernel's size, as in \(version)")
    let (first, last) = (max(3, (limits ?? 3...7).lowerBound | 1), max(3, (limits ?? 3...7).upperBound))
    let sizes = Array(stride(from: first, through: max(first, last), by: 2)).thinned(to: 50)
    var blurs: [PipelineNode] = []
    for size in sizes { blurs.append(.transform(try blur(of: size, at: fields), p: 1)) }
    return blurs.count == 1
      ? .sequential(blurs, p: probability ?? 0.5) : .oneOf(blurs, p: probability ?? 0.5)
  }

  /// OpenCV's sigma for a kernel of a size.
  private func blur(of size: Int, at place: ConfigFields) throws(PipelineError) -> GaussianBlur {
    let sigma = 0.3 * (Double(size - 1) * 0.5 - 1) + 0.8
    var fields = place
    fields.set(
      ConfigValue.Entry(
        key: "blur_limit", line: place.line, value: .numbers([Double(size), Double(size)], line: place.line)))
    fields.set(
      ConfigValue.Entry(key: "sigma_limit", line: place.line, value: .numbers([sigma, sigma], line: place.line)))
    return try transform(GaussianBlur.self, &fields)
  }
}

extension ConfigValue {
  /// A short text of a number, a word or a short list: `[8, 8]`.
  fileprivate var briefly: String {
    guard case .list(let values) = content, values.count <= 4 else { return description }
    return "[\(values.map(\.description).joined(separator: ", "))]"
  }

  /// Whether it is 0, or a range of 0 alone.
  fileprivate var isZero: Bool {
    switch content {
    case .number(let number): number == 0
    case .list(let values): values.count == 2 && values.allSatisfy(\.isZero)
    default: false
    }
  }
}

extension Array {
  /// At most `count` elements, evenly chosen.
  fileprivate func thinned(to count: Int) -> [Element] {
    self.count <= count ? self : (0..<count).map { self[$0 * (self.count - 1) / (count - 1)] }
  }
}
