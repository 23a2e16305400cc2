internal import Platform
internal import SystemPackage

extension Pipeline {
  /// Reads a JSON or YAML file, or the folder of a `save_pretrained`. What follows a last colon chooses one of several
  /// pipelines: `augment.yaml:train`.
  package init(file: String, skipsUnknown: Bool = false) throws(PipelineError) {
    let source = try PipelineFile(file)
    try self.init(
      text: source.text, file: source.file,
      reading: PipelineReading(skipsUnknown: skipsUnknown, choice: source.choice))
  }

  /// Parses JSON or YAML text; errors name `file`.
  package init(
    text: String, file: String, reading: PipelineReading = PipelineReading()
  ) throws(PipelineError) {
    var reader = PipelineReader(file: file, options: reading)
    self = try reader.pipeline(ConfigParser.parse(text, file: file))
  }
}

/// The text of a pipeline file, found by what the user has named.
private struct PipelineFile {
  let file: String
  let text: String
  let choice: String?

  init(_ name: String) throws(PipelineError) {
    (file, choice) = try Self.place(of: name)
    guard !file.hasSuffix(".py") else { throw PipelineError(file: file, line: nil, path: "", reason: .python) }
    do throws(PipelineError.Reason) {
      text = try ConfigText.read(file)
    } catch {
      throw PipelineError(file: file, line: nil, path: "", reason: error)
    }
  }

  /// A name that exists is meant as it is; otherwise its end may be a choice.
  private static func place(of name: String) throws(PipelineError) -> (file: String, choice: String?) {
    guard !exists(name), let colon = name.lastIndex(of: ":"), exists(String(name[..<colon])) else {
      return (isFolder(name) ? try saved(in: name, choice: nil) : name, nil)
    }
    let (file, choice) = (String(name[..<colon]), String(name[name.index(after: colon)...]))
    return isFolder(file) ? (try saved(in: file, choice: choice), nil) : (file, choice)
  }

  private static func exists(_ file: String) -> Bool {
    !file.isEmpty && Folder.working.holds(FilePath(text: file))
  }

  private static func isFolder(_ file: String) -> Bool {
    (try? Folder.working.status(of: FilePath(text: file)))?.type == .directory
  }

  /// The file that `save_pretrained` has written to a folder.
  private static func saved(in folder: String, choice: String?) throws(PipelineError) -> String {
    let (prefix, suffix) = ("albumentations_config_", ".json")
    let names: [String]
    do throws(FileError) {
      names = try Folder(FilePath(text: folder)).names().map(\.string)
    } catch {
      throw PipelineError(file: folder, line: nil, path: "", reason: .unreadable(error.reason))
    }
    let keys = names.filter { $0.hasPrefix(prefix) && $0.hasSuffix(suffix) && $0.count > prefix.count + suffix.count }
      .map { String($0.dropFirst(prefix.count).dropLast(suffix.count)) }.sorted()
    guard !keys.isEmpty else { throw PipelineError(file: folder, line: nil, path: "", reason: .folder) }
    guard let key = choice ?? (keys.count == 1 ? keys[0] : nil), keys.contains(key) else {
      throw PipelineError(file: folder, line: nil, path: "", reason: .severalPipelines(keys, wanted: choice))
    }
    return "\(folder)/\(prefix)\(key)\(suffix)"
  }
}
