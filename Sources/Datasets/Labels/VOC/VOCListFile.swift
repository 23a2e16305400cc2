/// A list of images to write.
struct VOCListFile {
  /// Relative to the data set.
  let path: String
  /// The parts of the data set that it lists, by index.
  private(set) var splits: Set<Int>

  /// In the order of the splits. Splits of other formats may share a name, and so a list.
  static func all(of splits: [LabelSplit]) -> [VOCListFile] {
    var files: [VOCListFile] = []
    var indices: [String: Int] = [:]
    for (number, split) in splits.enumerated() {
      let path = path(of: split)
      if let index = indices[path] {
        files[index].splits.insert(number)
      } else {
        indices[path] = files.count
        files.append(VOCListFile(path: path, splits: [number]))
      }
    }
    return files
  }

  /// Where the list lay, or where VOC has lists. Never outside the data set: names come from files.
  private static func path(of split: LabelSplit) -> String {
    let old = components(split.file)
    let isList = old.dropLast().contains(VOCLists.folder) && split.file.hasSuffix(".\(VOCLists.fileExtension)")
    if isList { return old.joined(separator: "/") }
    let name = components(split.name).joined(separator: "/")
    return "\(VOCLists.folder)/\(VOCLists.mainFolder)/\(name.isEmpty ? "all" : name).\(VOCLists.fileExtension)"
  }

  private static func components(_ path: String) -> [String] {
    let printable = String(String.UnicodeScalarView(path.unicodeScalars.filter { $0.value >= 0x20 }))
    return printable.split(separator: "/").map(String.init).filter { $0 != "." && $0 != ".." }
  }
}
