/// A JSON file of a data set, and what is in it.
struct COCOFile {
  /// What a file has at its top by itself.
  private static let listNames: Set = ["images", "annotations", "categories"]

  let layout: COCOLayout
  /// The parts of the set that it lists, by index; `nil`: the set is not divided.
  private(set) var splits: Set<Int>?
  private(set) var fields: [LabelField]

  static func all(of plan: LabelWriterPlan) -> [COCOFile] {
    guard !plan.splits.isEmpty else { return [COCOFile(COCOLayout(of: nil), splits: nil, plan.fields)] }
    var files: [COCOFile] = []
    for (index, split) in plan.splits.enumerated() {
      let isOfCOCO = split.file.lowercased().hasSuffix(".json")
      let layout = isOfCOCO ? COCOLayout(file: split.file) : COCOLayout(of: split.name)
      if let same = files.firstIndex(where: { $0.layout.file == layout.file }) {
        files[same].splits?.insert(index)
      } else {
        files.append(COCOFile(layout, splits: [index], plan.fields + (isOfCOCO ? split.fields : [])))
      }
    }
    return files
  }

  /// Readers expect information and licences, if only empty ones.
  private init(_ layout: COCOLayout, splits: Set<Int>?, _ fields: [LabelField]) {
    (self.layout, self.splits) = (layout, splits)
    let expected = [LabelField("info", .object([])), LabelField("licenses", .list([]))]
    let kept = fields.filter { !Self.listNames.contains($0.name) }
    self.fields = kept + expected.filter { kept[$0.name] == nil }
  }

  func lists(_ output: WrittenLabels) -> Bool {
    guard let splits else { return true }
    return output.memberships.contains { splits.contains($0.split) }
  }
}
