/// Says where the images of each part of a written set are: in a folder that holds them and nothing else, or else in a
/// list.
///
/// Keeps numbers for each folder, not for each image.
struct YOLOPartsWriter {
  struct List: Equatable {
    var split: Int
    var file: String
  }

  private struct Folder {
    var imageCount = 0
    /// By the split.
    var memberCounts: [Int: Int] = [:]
  }

  private let splits: [LabelSplit]
  /// In the order of the splits.
  private let keys: [String]
  private var folders: [String: Folder] = [:]
  /// Label files beside `data.yaml`, whose names a list must not take.
  private var takenNames: Set<String> = []

  init(_ splits: [LabelSplit]) {
    self.splits = splits
    var keys: [String] = []
    for split in splits {
      let key = YOLOSplits.name(of: split.name[...]) ?? split.name
      keys.append(keys.contains(key) ? split.name : key)
    }
    self.keys = keys
  }

  mutating func add(_ output: WrittenLabels, labelFile: String) {
    let folder = output.path.parentPath ?? ""
    folders[folder, default: Folder()].imageCount += 1
    for split in Set(output.memberships.map(\.split)) {
      folders[folder, default: Folder()].memberCounts[split, default: 0] += 1
    }
    if labelFile.parentPath == nil, keys.contains(where: labelFile.hasPrefix) { takenNames.insert(labelFile) }
  }

  /// The keys of `data.yaml` and their values, in order.
  var entries: [(key: String, path: String)] {
    var entries = splits.indices.compactMap { split in path(of: split).map { (key: keys[split], path: $0) } }
    let all = entries.first?.path ?? text(of: commonFolder(folders.keys))
    // Readers demand both.
    for key in ["val", "train"] where !entries.contains(where: { $0.key == key }) {
      entries.insert((key: key, path: all), at: 0)
    }
    let order = ["train", "val", "test"]
    return order.flatMap { key in entries.filter { $0.key == key } } + entries.filter { !order.contains($0.key) }
  }

  /// The lists to write.
  var lists: [List] {
    splits.indices.compactMap { split in
      folder(of: split) == nil && hasImages(split) ? List(split: split, file: listFile(of: split)) : nil
    }
  }

  private func path(of split: Int) -> String? {
    guard hasImages(split) else { return nil }
    return folder(of: split).map(text) ?? listFile(of: split)
  }

  private func hasImages(_ split: Int) -> Bool { folders.values.contains { $0.memberCounts[split] != nil } }

  /// The folder that holds the images of a part, at any depth, and nothing else; `nil` if there is none.
  private func folder(of split: Int) -> String? {
    let common = commonFolder(folders.lazy.filter { $0.value.memberCounts[split] != nil }.map(\.key))
    let isExact = folders.allSatisfy { folder, content in
      !folder.isIn(common) || content.memberCounts[split] == content.imageCount
    }
    return isExact ? common : nil
  }

  private func commonFolder(_ folders: some Sequence<String>) -> String {
    var common: [Substring]?
    for folder in folders {
      let components = folder.split(separator: "/")
      guard let known = common else {
        common = components
        continue
      }
      common = zip(known, components).prefix { $0 == $1 }.map(\.0)
    }
    return (common ?? []).joined(separator: "/")
  }

  private func listFile(of split: Int) -> String {
    let isPlain = keys[split].utf8.allSatisfy { byte in
      Character(UnicodeScalar(byte)).isLetter && byte < 0x80 || "0123456789_-".utf8.contains(byte)
    }
    var stem = isPlain && !keys[split].isEmpty ? keys[split] : "part\(split)"
    while takenNames.contains("\(stem).txt") { stem += "-list" }
    return "\(stem).txt"
  }

  private func text(of folder: String) -> String { folder.isEmpty ? "." : folder }
}

extension String {
  fileprivate func isIn(_ folder: String) -> Bool { folder.isEmpty || self == folder || hasPrefix("\(folder)/") }
}
