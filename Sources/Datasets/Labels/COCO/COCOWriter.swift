/// Writes the JSON file of each part of a data set, record by record.
struct COCOWriter: LabelWriter {
  private let classes: [LabelClass]
  private let categoryIdentifiers: [[UInt8]]
  private let fragments: COCOFragments
  private let files: [COCOFile]

  init(_ plan: LabelWriterPlan) {
    classes = plan.classes
    categoryIdentifiers = Self.identifiers(of: classes)
    fragments = COCOFragments(
      categoryIdentifiers: Dictionary(
        zip(classes.map(\.name), categoryIdentifiers), uniquingKeysWith: { first, _ in first }))
    files = COCOFile.all(of: plan)
  }

  func labelPath(of imagePath: String) -> String? { nil }

  func labelFile(of output: OutputLabels) -> LabelFile? { nil }

  func record(of output: OutputLabels) -> [[UInt8]] { fragments.record(of: output) }

  /// Goes through the outputs twice for each file that lists some of them, and once before.
  func writeSetFiles(_ outputs: some Sequence<WrittenLabels>, to sink: any LabelSink) throws {
    var used = Set<Int>()
    for output in outputs { used.formUnion(output.memberships.lazy.map(\.split)) }
    for file in files where file.splits.map({ !$0.isDisjoint(with: used) }) ?? true {
      try sink.write(file.path) { append in
        try withoutActuallyEscaping(append) { append in
          var stream = JSONRecordStream(append)
          try write(file, outputs.lazy.filter { file.lists($0) }, to: &stream)
          try stream.finish()
        }
      }
    }
  }

  /// The source's identifiers where each class has one of its own, as JSON.
  private static func identifiers(of classes: [LabelClass]) -> [[UInt8]] {
    let given = classes.compactMap { $0.fields["id"] }
    let values = Set(given).count == classes.count ? given : classes.indices.map { .number(String($0 + 1)) }
    return values.map { value in
      var json = JSONText()
      json.append(value)
      return json.bytes
    }
  }
}

extension COCOWriter {
  private func write(
    _ file: COCOFile, _ outputs: some Sequence<WrittenLabels>, to stream: inout JSONRecordStream
  ) throws {
    var json = JSONText()
    json.append("{")
    json.append(file.fields)
    json.append(",\n\"categories\": [")
    try stream.write(json.bytes)
    for (index, category) in classes.enumerated() {
      try stream.write(record: self.category(category, categoryIdentifiers[index]), isFirst: index == 0)
    }
    try stream.write(Array("],\n\"images\": [".utf8))
    for (index, output) in outputs.enumerated() {
      try stream.write(record: image(output, index + 1, file), isFirst: index == 0)
    }
    try stream.write(Array("],\n\"annotations\": [".utf8))
    var identifier = 0
    for (index, output) in outputs.enumerated() {
      for fragment in output.record.dropFirst() {
        identifier += 1
        try stream.write(record: Self.annotation(fragment, identifier, image: index + 1), isFirst: identifier == 1)
      }
    }
    try stream.write(Array("]}\n".utf8))
  }

  private func category(_ category: LabelClass, _ identifier: [UInt8]) -> [UInt8] {
    var json = JSONText()
    json.append("{\"id\": ")
    json.append(identifier)
    json.append(", ")
    let points = LabelField("keypoints", .list(category.keypointNames.map { .text($0) }))
    let known = [LabelField("name", .text(category.name))] + (category.keypointNames.isEmpty ? [] : [points])
    let kept = category.fields.filter { field in field.name != "id" && !known.contains { $0.name == field.name } }
    // Some readers expect it.
    let group = kept["supercategory"] == nil ? [LabelField("supercategory", .text(""))] : []
    json.append(known + kept + group)
    json.append("}")
    return json.bytes
  }

  private func image(_ output: WrittenLabels, _ identifier: Int, _ file: COCOFile) -> [UInt8] {
    var json = JSONText()
    json.append("{\"id\": ")
    json.append(identifier)
    json.append(", \"file_name\": ")
    json.append(quoting: file.name(of: output.path))
    if let fragment = output.record.first {
      json.append(", ")
      json.append(fragment)
    }
    json.append("}")
    return json.bytes
  }

  private static func annotation(_ fragment: [UInt8], _ identifier: Int, image: Int) -> [UInt8] {
    var json = JSONText()
    json.append("{\"id\": ")
    json.append(identifier)
    json.append(", \"image_id\": ")
    json.append(image)
    json.append(", ")
    json.append(fragment)
    json.append("}")
    return json.bytes
  }
}
