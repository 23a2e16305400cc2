internal import Imaging
internal import Platform
internal import SystemPackage

/// The names of the classes that YOLO's labels number, as `data.yaml` or `classes.txt` lists them beside the labels or
/// above.
struct YOLOClasses {
  static let listName = "classes.txt"

  private static let settingNames = ["data.yaml", "data.yml", "dataset.yaml"]
  /// Folders above the labels that are searched: in `data.yaml`'s own layout, labels lie two below it.
  private static let foldersAbove = 2
  private static let byteLimit = 1 << 20

  /// Whether the labels tell poses: points behind each box.
  private(set) var areOfPoses = false
  /// Empty: the numbers are the names.
  private var names: [Int: String] = [:]
  /// The file of the names.
  private var file = ""

  /// Finds the nearest file.
  init(of place: LabelPlace) throws(LabelError) {
    guard var folder = place.folder.path.resolved else { return }
    for _ in 0...Self.foldersAbove {
      if try readSettings(in: folder) { return }
      if try readList(in: folder) { return }
      folder = folder.folder
    }
  }

  /// The name of a class by its number.
  func name(_ word: Substring) throws(LabelError.Reason) -> String {
    guard word.utf8.allSatisfy("0123456789".utf8.contains), let number = Int(word) else {
      throw .value("a class must be a whole number, not \(quoted(String(word)))")
    }
    guard !names.isEmpty else { return String(number) }
    guard let name = names[number] else {
      throw .value("the class \(number) is none of the \(names.count) in \(printable(file.unicodeScalars))")
    }
    return name
  }

  private mutating func readSettings(in folder: FilePath) throws(LabelError) -> Bool {
    for name in Self.settingNames {
      guard let text = try Self.text(folder.appending(name)) else { continue }
      file = folder.appending(name).text
      try read(Self.parse(text, file))
      // Without names, it may be a file of another kind.
      if !names.isEmpty { return true }
    }
    return false
  }

  private static func parse(_ text: String, _ file: String) throws(LabelError) -> ConfigValue {
    do throws(PipelineError) {
      return try ConfigParser.parse(text, file: file)
    } catch {
      throw LabelError(error)
    }
  }

  private mutating func read(_ settings: ConfigValue) throws(LabelError) {
    guard case .object(let entries) = settings.content else { return }
    areOfPoses = entries.contains { $0.key == "kpt_shape" }
    guard let entry = entries.first(where: { $0.key == "names" }) else { return }
    switch entry.value.content {
    case .list(let values):
      for (number, value) in values.enumerated() { names[number] = try name(value) }
    case .object(let entries):
      for entry in entries {
        guard let number = Int(entry.key), number >= 0 else {
          throw error("the class \(quoted(entry.key)) has no number", entry.line)
        }
        names[number] = try name(entry.value)
      }
    default: throw error("must be a list or an object, not \(entry.value.description)", entry.line)
    }
  }

  private func name(_ value: ConfigValue) throws(LabelError) -> String {
    switch value.content {
    case .text(let text) where !text.isEmpty: return text
    case .number: return value.description
    default: throw error("must be a name, not \(value.description)", value.line)
    }
  }

  private func error(_ text: String, _ line: Int) -> LabelError {
    LabelError(.value(text), in: file, line: line, path: "names")
  }

  private mutating func readList(in folder: FilePath) throws(LabelError) -> Bool {
    guard let text = try Self.text(folder.appending(Self.listName)) else { return false }
    file = folder.appending(Self.listName).text
    var lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
    while lines.last?.allSatisfy(\.isWhitespace) == true { lines.removeLast() }
    for (number, line) in lines.enumerated() {
      names[number] = String(line.drop { $0.isWhitespace })
    }
    return true
  }

  /// The text of a file; `nil` if there is none.
  private static func text(_ path: FilePath) throws(LabelError) -> String? {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try File.read(path, limit: byteLimit)
    } catch {
      switch (error.cause, error.errno) {
      case (_, .noSuchFileOrDirectory): return nil
      case (.tooLarge, _): throw LabelError(.tooLarge(byteLimit: byteLimit), in: path.text)
      default: throw LabelError(.unusable(error), in: path.text)
      }
    }
    guard let text = String(validating: bytes, as: UTF8.self) else { throw LabelError(.notText, in: path.text) }
    return text
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
