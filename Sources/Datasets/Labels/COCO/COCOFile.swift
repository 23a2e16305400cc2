/// A JSON file of a data set, and what is in it.
struct COCOFile {
  /// What a file has at its top by itself.
  private static let listNames: Set = ["images", "annotations", "categories"]

  private let layout: COCOLayout
  /// Of its images, as the source has it.
  private let imageFolder: String?
  /// The parts of the set that it lists, by index; `nil`: the set is not divided.
  private(set) var splits: Set<Int>?
  private(set) var fields: [LabelField]

  static func all(of plan: LabelWriterPlan) -> [COCOFile] {
    guard !plan.splits.isEmpty else { return [COCOFile(plan.whole ?? LabelSplit(""), splits: nil, plan.fields)] }
    var files: [COCOFile] = []
    for (index, split) in plan.splits.enumerated() {
      let file = COCOFile(split, splits: [index], plan.fields)
      if let same = files.firstIndex(where: { $0.path == file.path }) {
        files[same].splits?.insert(index)
      } else {
        files.append(file)
      }
    }
    return files
  }

  /// Readers expect information and licences, if only empty ones.
  private init(_ split: LabelSplit, splits: Set<Int>?, _ fields: [LabelField]) {
    let isOfCOCO = split.file.lowercased().hasSuffix(".json")
    layout = isOfCOCO ? COCOLayout(file: split.file) : COCOLayout(of: split.name.isEmpty ? nil : split.name)
    imageFolder = isOfCOCO ? split.imageFolder : nil
    self.splits = splits
    let expected = [LabelField("info", .object([])), LabelField("licenses", .list([]))]
    let kept = (fields + (isOfCOCO ? split.fields : [])).filter { !Self.listNames.contains($0.name) }
    self.fields = kept + expected.filter { kept[$0.name] == nil }
  }

  /// Relative to the data set.
  var path: String { layout.file }

  /// An image as the file names it.
  func name(of image: String) -> String {
    guard let imageFolder else { return layout.name(of: image) }
    return image.hasPrefix(imageFolder) ? String(image.dropFirst(imageFolder.count)) : image
  }

  func lists(_ output: WrittenLabels) -> Bool {
    guard let splits else { return true }
    return output.memberships.contains { splits.contains($0.split) }
  }
}
