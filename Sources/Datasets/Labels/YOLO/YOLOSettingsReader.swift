internal import Imaging
internal import Platform
internal import SystemPackage

/// Finds and reads the files of a whole data set: beside the labels or above.
struct YOLOSettingsReader {
  static let settingNames = ["data.yaml", "data.yml", "dataset.yaml"]
  /// LabelImg's and darknet's, and that of exports in darknet's style.
  static let listNames = ["classes.txt", "obj.names", "_darknet.labels"]

  /// Folders above the place that are searched: in `data.yaml`'s own layout, labels lie two below it.
  private static let foldersAbove = 2
  private static let byteLimit = 1 << 20

  private(set) var settings = YOLOSettings()
  /// The folder of `data.yaml` or else of the list; `nil` if there is neither.
  private(set) var folder: FilePath?
  /// The file that is being read.
  private var file = ""
  private var numbers: [String: Int] = [:]

  /// Searches the folders from that of `labelFile` up to two above the place: first for `data.yaml`; then, if there is
  /// none or it has no names, for a list.
  init(of place: LabelPlace, labelFile: String?) throws(LabelError) {
    guard let top = place.folder.path.resolved else { return }
    var folders: [FilePath] = []
    var inner = labelFile?.parentPath
    while let path = inner {
      folders.append(top.pushing(FilePath(text: path)))
      inner = path.parentPath
    }
    var above = top
    for _ in 0...Self.foldersAbove where folders.last != above {
      folders.append(above)
      above = above.folder
    }
    for folder in folders where try readSettings(in: folder) { break }
    if !settings.names.isEmpty { return }
    for folder in folders where try readList(in: folder) { break }
  }

  private mutating func readSettings(in folder: FilePath) throws(LabelError) -> Bool {
    for name in Self.settingNames {
      guard let text = try LabelPlace.text(at: folder.appending(name), limit: Self.byteLimit) else { continue }
      file = folder.appending(name).text
      let value: ConfigValue
      do throws(PipelineError) {
        value = try ConfigParser.parse(text, file: file)
      } catch {
        throw LabelError(error)
      }
      guard case .object(let entries) = value.content, try read(entries) else { continue }
      self.folder = folder
      return true
    }
    return false
  }

  private mutating func readList(in folder: FilePath) throws(LabelError) -> Bool {
    for name in Self.listNames {
      guard let text = try LabelPlace.text(at: folder.appending(name), limit: Self.byteLimit) else { continue }
      file = folder.appending(name).text
      settings.namesFile = file
      self.folder = self.folder ?? folder
      for (number, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
        let name = line.withoutOuterSpace
        if !name.isEmpty { try add(name, number: number, line: number + 1) }
      }
      return true
    }
    return false
  }
}

extension YOLOSettingsReader {
  /// Reads `data.yaml`. Whether it is one: a file of another kind may have its name.
  private mutating func read(_ entries: [ConfigValue.Entry]) throws(LabelError) -> Bool {
    let known = ["names", "nc", "train", "val"]
    guard entries.contains(where: { known.contains($0.key) }) else { return false }
    for entry in entries {
      switch entry.key {
      case "names": try readNames(entry)
      case "nc": break  // counted anew
      case "path": settings.root = entry.value.text ?? ""
      case "kpt_shape": try readPoses(entry)
      case "flip_idx": settings.mirroredPoints = try wholeNumbers(entry)
      case "kpt_names": try readPointNames(entry)
      default:
        if let name = YOLOSplits.name(ofKey: entry.key) {
          settings.parts.append(YOLOSettings.Part(name: name, paths: try paths(entry)))
        } else {
          settings.fields.append(LabelField(entry.key, LabelValue(entry.value)))
        }
      }
    }
    try checkPoints(entries)
    return true
  }

  private mutating func readNames(_ entry: ConfigValue.Entry) throws(LabelError) {
    settings.namesFile = file
    switch entry.value.content {
    case .list(let values):
      for (number, value) in values.enumerated() { try add(name(value, "names"), number: number, line: value.line) }
    case .object(let entries):
      for entry in entries {
        try add(name(entry.value, "names"), number: try classNumber(entry, "names"), line: entry.line)
      }
    default: throw error("must be a list or an object, not \(entry.value.description)", entry.line, "names")
    }
  }

  private mutating func add(_ name: String, number: Int, line: Int) throws(LabelError) {
    guard number < YOLOSettings.classLimit else {
      throw error("a class must be less than \(YOLOSettings.classLimit), not \(number)", line, "names")
    }
    // The name is all that other formats know a class by.
    if let other = numbers.updateValue(number, forKey: name) {
      throw error("the classes \(other) and \(number) are both called \(quoted(name))", line, "names")
    }
    settings.names[number] = name
  }

  private mutating func readPoses(_ entry: ConfigValue.Entry) throws(LabelError) {
    let limits = 1...YOLOSettings.Poses.countLimit
    guard let numbers = try wholeNumbers(entry), numbers.count == 2, limits.contains(numbers[0]),
      (2...3).contains(numbers[1])
    else {
      throw error("must be a number of points up to \(limits.upperBound), and 2 or 3", entry.line, entry.key)
    }
    settings.poses = YOLOSettings.Poses(count: numbers[0], dimensions: numbers[1])
  }

  /// The numbers of a list; `nil` if it is empty.
  private func wholeNumbers(_ entry: ConfigValue.Entry) throws(LabelError) -> [Int]? {
    guard case .list(let values) = entry.value.content else {
      throw error("must be a list, not \(entry.value.description)", entry.line, entry.key)
    }
    var numbers: [Int] = []
    for value in values {
      guard case .number(let number) = value.content, let whole = Int(exactly: number) else {
        throw error("must be a whole number, not \(value.description)", value.line, entry.key)
      }
      numbers.append(whole)
    }
    return numbers.isEmpty ? nil : numbers
  }

  /// One list for all classes, or one for each.
  private mutating func readPointNames(_ entry: ConfigValue.Entry) throws(LabelError) {
    switch entry.value.content {
    case .list(let values):
      settings.sharedPointNames = try values.map { value throws(LabelError) in try name(value, entry.key) }
    case .object(let entries):
      for item in entries {
        let number = try classNumber(item, entry.key)
        guard case .list(let values) = item.value.content else {
          throw error("must be a list, not \(item.value.description)", item.line, entry.key)
        }
        settings.pointNames[number] = try values.map { value throws(LabelError) in try name(value, entry.key) }
      }
    default: throw error("must be a list or an object, not \(entry.value.description)", entry.line, entry.key)
    }
  }

  /// Whether all that is said about points agrees.
  private func checkPoints(_ entries: [ConfigValue.Entry]) throws(LabelError) {
    func line(_ key: String) -> Int { entries.first { $0.key == key }?.line ?? 1 }
    let count = settings.poses?.count
    if let order = settings.mirroredPoints, order.sorted() != Array(0..<(count ?? order.count)) {
      throw error("must have each number of a point once", line("flip_idx"), "flip_idx")
    }
    let lists = settings.pointNames.values + [settings.sharedPointNames]
    if let count, let names = lists.first(where: { $0.count > count }) {
      throw error("must have at most \(count) names, not \(names.count)", line("kpt_names"), "kpt_names")
    }
  }

  private func classNumber(_ entry: ConfigValue.Entry, _ path: String) throws(LabelError) -> Int {
    guard let number = Int(entry.key), number >= 0 else {
      throw error("the class \(quoted(entry.key)) has no number", entry.line, path)
    }
    return number
  }

  private func name(_ value: ConfigValue, _ path: String) throws(LabelError) -> String {
    guard let text = value.text, !text.isEmpty else {
      throw error("must be a name, not \(value.description)", value.line, path)
    }
    return text
  }

  private func paths(_ entry: ConfigValue.Entry) throws(LabelError) -> [String] {
    switch entry.value.content {
    case .null, .text(""): return []
    case .list(let values): return try values.map { value throws(LabelError) in try name(value, entry.key) }
    default: return [try name(entry.value, entry.key)]
    }
  }

  private func error(_ text: String, _ line: Int, _ path: String) -> LabelError {
    LabelError(.value(text), in: file, line: line, path: path)
  }
}

extension ConfigValue {
  /// A scalar as a text, even if it looks like something else; `nil` for null, a list or an object.
  fileprivate var text: String? {
    switch content {
    case .text, .number, .flag: source
    case .null, .list, .object: nil
    }
  }
}

extension LabelError {
  fileprivate init(_ error: PipelineError) {
    let reason: Reason =
      switch error.reason {
      case .outOfMemory: .outOfMemory
      case .tooManyValues(let limit): .tooManyValues(limit: limit)
      default: .value(error.reason.description)
      }
    self.init(reason, in: error.file, line: error.line, path: error.path)
  }
}
