/// Reads a pipeline as Albumentations 2.0.8 writes it (`A.save`, `A.to_dict`), as older versions and other tools wrote
/// theirs, and handwritten variants: without the envelope, or as a bare list of transforms.
struct PipelineReader {
  let file: String
  let options: PipelineReading
  /// The version that wrote the file, if it says so.
  var version: LibraryVersion?
  /// Sentences about accepted but ignored or translated input, in file order.
  private(set) var notes: [String] = []
  private var noted: Set<String> = []
  /// Of the outermost composition that has them; Albumentations repeats them in each inner one.
  var labels = PipelineLabels()
  var tail: TensorOptions?
  /// Of the outermost `Compose` that has one.
  var maskInterpolation: ConfigValue.Entry?
  private var missing: [MissingClass] = []
  /// Where each of them is, by name.
  private var missingPlaces: [String: Int] = [:]
  private var firstMissing: PipelineError?

  init(file: String, options: PipelineReading) { (self.file, self.options) = (file, options) }

  /// Maximum number of nodes that one copy may visit.
  private static let visitsLimit = 10_000

  mutating func pipeline(_ file: ConfigValue) throws(PipelineError) -> Pipeline {
    let chosen = try PipelineChoice(of: options.choice, in: file, file: self.file)
    if let (text, path) = chosen.value.firstInterpolation(at: chosen.path) {
      throw error(.interpolation(text.source), path, text.line)
    }
    var root = try root(chosen.value, at: chosen.path)
    if let firstMissing, !options.skipsUnknown { throw PipelineError(firstMissing, .missing(missing)) }
    // The tail is written into the outermost Compose.
    if tail != nil, root.name != "Compose" || root.probability < 1 { root = .compose([root]) }
    guard root.mostVisits <= Double(Self.visitsLimit) else {
      throw PipelineError(file: self.file, line: nil, path: "", reason: .tooLong(limit: Self.visitsLimit))
    }
    return Pipeline(root, notes: notes, labels: labels, tail: tail)
  }

  private mutating func root(_ value: ConfigValue, at path: String) throws(PipelineError) -> PipelineNode {
    switch value.content {
    case .list: return .compose(try nodes(value, at: path))
    case .object(let entries):
      // Without the envelope, the root object is itself a node.
      guard entries.contains(where: { $0.key == "transform" || $0.key == "__version__" }) else {
        return try outermost(value, at: path)
      }
      var fields = ConfigFields(entries, line: value.line, path: path, file: file)
      if case .text(let text) = fields.take("__version__")?.value.textual.content { version = LibraryVersion(text) }
      let transform = fields.take("transform")
      try fields.refuseRest(of: "a pipeline file", known: ["transform", "__version__"])
      guard let transform else { throw fields.error(.missingKey("transform")) }
      return try node(transform.value, at: fields.path(of: "transform")) ?? .compose([])
    default:
      throw error(.value("must be an object or a list of transforms, not \(value.description)"), path, value.line)
    }
  }

  /// A node that may leave out that it is a `Compose`.
  private mutating func outermost(_ value: ConfigValue, at path: String) throws(PipelineError) -> PipelineNode {
    guard case .object(let entries) = value.content, ClassKey(of: entries) == nil,
      entries.contains(where: { $0.key == "transforms" })
    else { return try node(value, at: path) ?? .compose([]) }
    var fields = ConfigFields(entries, line: value.line, path: path, file: file)
    return try node(.compose, &fields)
  }

  func error(_ reason: PipelineError.Reason, _ path: String, _ line: Int) -> PipelineError {
    PipelineError(file: file, line: line, path: path, reason: reason)
  }

  // MARK: Notes

  mutating func note(_ text: String) { notes.append(text) }

  /// Adds a note unless one of its kind is there.
  mutating func note(once kind: String, _ text: String) {
    if noted.insert(kind).inserted { notes.append(text) }
  }

  /// Notes a missing `p` whose default is not 0.5: `A.load` then takes 0.5 for every class, but the constructors and
  /// this reader take the default of the class.
  mutating func noteDefault(of name: String, is value: Double, given: Double?, _ fields: ConfigFields) {
    guard given == nil, value != 0.5 else { return }
    note("\(fields.path(of: "p")): not given, so \(format(value)), the default of \(name); A.load would take 0.5")
  }

  /// Remembers, or leaves out and notes, a class that cannot run here.
  mutating func leaveOut(_ found: MissingClass, at path: String) {
    if firstMissing == nil { firstMissing = error(.missing([]), path, found.lines[0]) }
    if let known = missingPlaces[found.name] {
      if missing[known].lines.last != found.lines[0] { missing[known].lines += found.lines }
      return
    }
    missingPlaces[found.name] = missing.count
    missing.append(found)
    if options.skipsUnknown { note("\(path): left out: \(found.reason)") }
  }

  /// Whether an error names one more class that cannot run here.
  var isNextMissingShown: Bool { missing.count < MissingClass.mostShown }
}

/// How a pipeline file is to be read.
package struct PipelineReading: Sendable {
  /// Leaves out transforms that cannot run here, and notes it.
  package var skipsUnknown = false
  /// Which of several pipelines of the file: a key, or keys with dots between.
  package var choice: String?

  package init(skipsUnknown: Bool = false, choice: String? = nil) {
    (self.skipsUnknown, self.choice) = (skipsUnknown, choice)
  }
}

extension PipelineError {
  fileprivate init(_ place: PipelineError, _ reason: Reason) {
    self = place
    self.reason = reason
  }
}

extension ConfigValue {
  /// A number that could be a text, such as the version 1.4, as that text.
  fileprivate var textual: ConfigValue {
    guard case .number = content else { return self }
    return ConfigValue(content: .text(source), line: line, source: source)
  }

  /// The first text with `${...}` in it, which OmegaConf would replace, and its path.
  fileprivate func firstInterpolation(at path: String) -> (text: ConfigValue, path: String)? {
    switch content {
    case .text(let text): return text.contains("${") ? (self, path) : nil
    case .list(let values):
      for (index, value) in values.enumerated() {
        if let found = value.firstInterpolation(at: "\(path)[\(index)]") { return found }
      }
    case .object(let entries):
      for entry in entries {
        let key = entry.key.count <= 60 ? entry.key : entry.key.prefix(60) + "..."
        if let found = entry.value.firstInterpolation(at: path.isEmpty ? key : "\(path).\(key)") { return found }
      }
    case .null, .flag, .number: break
    }
    return nil
  }
}
