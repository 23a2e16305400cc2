internal import Imaging

/// Writes `data.yaml`.
///
/// It names no `path`: readers then begin at the folder of the file, wherever the set is moved.
struct YOLOSettingsWriter {
  /// What is written anew, and what readers would take for something else.
  private static let ownKeys: Set<String> = [
    "path", "nc", "names", "kpt_shape", "flip_idx", "kpt_names", "yaml_file",
  ]

  let plan: LabelWriterPlan
  let parts: [(key: String, path: String)]

  func document() throws(YAMLEmitter.OutOfMemory) -> [UInt8] {
    try YAMLEmitter.document { yaml throws(YAMLEmitter.OutOfMemory) in
      try yaml.mapping { () throws(YAMLEmitter.OutOfMemory) in
        try writeParts(to: yaml)
        try writeClasses(to: yaml)
        if case .poses(let pointCount) = plan.kind { try writePoints(pointCount, to: yaml) }
        let taken = Self.ownKeys.union(parts.map(\.key))
        for field in plan.fields where !taken.contains(field.name) && YOLOSplits.name(ofKey: field.name) == nil {
          try yaml.text(field.name)
          try yaml.value(field.value)
        }
      }
    }
  }

  private func writeParts(to yaml: borrowing YAMLEmitter) throws(YAMLEmitter.OutOfMemory) {
    for part in parts where !Self.ownKeys.contains(part.key) {
      try yaml.text(part.key)
      try yaml.text(part.path)
    }
  }

  private func writeClasses(to yaml: borrowing YAMLEmitter) throws(YAMLEmitter.OutOfMemory) {
    try yaml.text("nc")
    try yaml.word(String(plan.classes.count))
    try yaml.text("names")
    try yaml.mapping { () throws(YAMLEmitter.OutOfMemory) in
      for (number, entry) in plan.classes.enumerated() {
        try yaml.word(String(number))
        try yaml.text(entry.name)
      }
    }
  }

  private func writePoints(_ count: Int, to yaml: borrowing YAMLEmitter) throws(YAMLEmitter.OutOfMemory) {
    try yaml.text("kpt_shape")
    try yaml.list([count, 3])
    if let order = mirroredPoints(count) {
      try yaml.text("flip_idx")
      try yaml.list(order)
    }
    let named = plan.classes.enumerated().filter { !$0.element.keypointNames.isEmpty }
    if named.isEmpty { return }
    try yaml.text("kpt_names")
    try yaml.mapping { () throws(YAMLEmitter.OutOfMemory) in
      for (number, entry) in named {
        try yaml.word(String(number))
        try yaml.value(.list(entry.keypointNames.map(LabelValue.text)))
      }
    }
  }

  /// Which point takes the place of each in a mirrored image, if all classes with points agree.
  private func mirroredPoints(_ count: Int) -> [Int]? {
    let orders = plan.classes.compactMap(FlipPairs.byName.order).map { $0 + Array(Swift.min($0.count, count)..<count) }
    return Set(orders).count == 1 ? orders[0] : nil
  }
}

extension YAMLEmitter {
  fileprivate func list(_ numbers: [Int]) throws(OutOfMemory) {
    try value(.list(numbers.map { .number(String($0)) }))
  }

  /// A value that was kept, as JSON or YAML would have it.
  fileprivate func value(_ value: LabelValue) throws(OutOfMemory) {
    switch value {
    case .number(let text): try word(text)
    case .text(let text): try self.text(text)
    case .flag(let flag): try word(String(flag))
    case .null: try word("null")
    case .list, .numbers:
      try sequence(.flow) { () throws(OutOfMemory) in for item in value.items ?? [] { try self.value(item) } }
    case .object(let fields):
      try mapping(fields.isEmpty ? .flow : .block) { () throws(OutOfMemory) in
        var names: Set<String> = []
        // XML may repeat a name; YAML must not.
        for field in fields where names.insert(field.name).inserted {
          try text(field.name)
          try self.value(field.value)
        }
      }
    }
  }
}
