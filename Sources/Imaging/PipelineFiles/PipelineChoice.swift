/// The part of a file that is the pipeline: all of it, or what lies under a name.
struct PipelineChoice {
  let value: ConfigValue
  /// Keys with dots between; empty for the whole file.
  let path: String

  init(of name: String?, in root: ConfigValue, file: String) throws(PipelineError) {
    if let name {
      guard let value = root.value(under: name[...]) else {
        let names = root.pipelines(under: "").map(\.name)
        throw PipelineError(
          file: file, line: nil, path: "", reason: .severalPipelines(names, wanted: name))
      }
      (self.value, path) = (value, name)
      return
    }
    guard !root.isPipeline, case .object = root.content else {
      (value, path) = (root, "")
      return
    }
    let found = root.pipelines(under: "")
    guard found.count < 2 else {
      throw PipelineError(file: file, line: nil, path: "", reason: .severalPipelines(found.map(\.name), wanted: nil))
    }
    (value, path) = (found.first?.value ?? root, found.first?.name ?? "")
  }
}

extension ConfigValue {
  /// The value under a key, or under keys with dots between; a list counts its items from 0.
  fileprivate func value(under name: Substring) -> ConfigValue? {
    if let value = child(name) { return value }
    for dot in name.indices where name[dot] == "." {
      guard let child = child(name[..<dot]), let value = child.value(under: name[name.index(after: dot)...]) else {
        continue
      }
      return value
    }
    return nil
  }

  private func child(_ key: Substring) -> ConfigValue? {
    switch content {
    case .object(let entries): return entries.first { $0.key == key }?.value
    case .list(let values):
      guard let index = Int(key), values.indices.contains(index) else { return nil }
      return values[index]
    default: return nil
    }
  }

  /// Whether it is a pipeline by its looks: with or without the envelope, a node, or a list of nodes.
  fileprivate var isPipeline: Bool {
    switch content {
    case .list(let values): return values.first?.isNode ?? false
    case .object(let entries):
      return isNode || entries.contains { ["transform", "transforms", "__version__"].contains($0.key) }
    default: return false
    }
  }

  /// Whether it names a class of which there is a node. Other objects have a `type` or a `name` as well.
  private var isNode: Bool {
    guard case .object(let entries) = content, let key = ClassKey(of: entries) else { return false }
    if key.entry.key == "__class_fullname__" { return true }
    guard case .text(let text) = key.entry.value.content else { return false }
    let name = ClassName(text).short
    return ClassName.available.contains(name) || LibraryClass.kind(of: name) != nil
  }

  /// The pipelines that lie under keys, each with its keys.
  fileprivate func pipelines(under path: String) -> [(name: String, value: ConfigValue)] {
    guard case .object(let entries) = content else { return [] }
    return entries.flatMap { entry -> [(name: String, value: ConfigValue)] in
      let name = path.isEmpty ? entry.key : "\(path).\(entry.key)"
      return entry.value.isPipeline ? [(name, entry.value)] : entry.value.pipelines(under: name)
    }
  }
}
