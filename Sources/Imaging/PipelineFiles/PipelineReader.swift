/// Reads a pipeline as Albumentations 2.0.8 writes it (`A.save`, `A.to_dict`), and handwritten variants: without the
/// envelope, or as a bare list of transforms.
struct PipelineReader {
  /// Sentences about accepted but ignored input, in file order.
  private(set) var notes: [String] = []
  /// Of the outermost composition that has them; Albumentations repeats them in each inner one.
  private(set) var boxParameters: BoxParameters?
  private let file: String
  private var notedKeys: Set<String> = []

  init(file: String) {
    self.file = file
  }

  mutating func root(_ value: ConfigValue) throws(PipelineError) -> PipelineNode {
    switch value.content {
    case .list: return .compose(try nodes(value, at: ""))
    case .object(let entries):
      // Without the envelope, the root object is itself a node.
      guard entries.contains(where: { $0.key == "transform" || $0.key == "__version__" }) else {
        return try node(value, at: "")
      }
      var fields = ConfigFields(entries, line: value.line, path: "", file: file)
      _ = fields.take("__version__")
      let transform = fields.take("transform")
      try fields.refuseRest(of: "a pipeline file", known: ["transform", "__version__"])
      guard let transform else { throw fields.error(.missing(key: "transform")) }
      return try node(transform.value, at: "transform")
    default: throw error(.value("must be an object or a list of transforms, not \(value.description)"), "", value.line)
    }
  }

  private func error(_ reason: PipelineError.Reason, _ path: String, _ line: Int) -> PipelineError {
    PipelineError(file: file, line: line, path: path, reason: reason)
  }

  private mutating func nodes(_ value: ConfigValue, at path: String) throws(PipelineError) -> [PipelineNode] {
    guard case .list(let values) = value.content else {
      throw error(.value("must be a list of transforms, not \(value.description)"), path, value.line)
    }
    var nodes: [PipelineNode] = []
    for (index, item) in values.enumerated() { nodes.append(try node(item, at: "\(path)[\(index)]")) }
    return nodes
  }

  private mutating func node(_ value: ConfigValue, at path: String) throws(PipelineError) -> PipelineNode {
    guard case .object(let entries) = value.content else {
      throw error(.value("must be an object, not \(value.description)"), path, value.line)
    }
    guard let name = entries.first(where: { $0.key == "__class_fullname__" }) else {
      throw error(.missing(key: "__class_fullname__"), path, value.line)
    }
    let place = path.isEmpty ? "" : path + "."
    guard case .text(let fullName) = name.value.content else {
      throw error(.value("must be a name, not \(name.value.description)"), place + name.key, name.line)
    }
    var fields = ConfigFields(entries, line: value.line, path: path, file: file)
    _ = fields.take("__class_fullname__")
    let shortName = Self.shortName(fullName)
    if let composition = Composition(rawValue: shortName) { return try node(composition, &fields) }
    if let type = TransformCatalog.type(named: shortName) { return try node(type, &fields) }
    let names = Composition.allCases.map(\.rawValue) + TransformCatalog.all.map { $0.name }
    throw error(
      .unknownName(fullName, nearest: nearestName(to: shortName, among: names)), place + name.key, name.line)
  }

  /// The last component of a name from Albumentations' own modules; other names unchanged.
  private static func shortName(_ name: String) -> String {
    name.hasPrefix("albumentations.") ? String(name.split(separator: ".").last ?? "") : name
  }

  // MARK: Compositions

  private enum Composition: String, CaseIterable {
    case compose = "Compose"
    case oneOf = "OneOf"
    case someOf = "SomeOf"
    case sequential = "Sequential"
    case noOp = "NoOp"
  }

  private mutating func node(
    _ composition: Composition, _ fields: inout ConfigFields
  ) throws(PipelineError) -> PipelineNode {
    let name = composition.rawValue
    let probability = try fields.take("p") { value throws(ParameterError) in try value.number(in: 0...1) }
    if composition == .someOf { noteDefault(of: name, is: 1, given: probability, fields) }
    if composition == .noOp {
      try fields.refuseRest(of: name, known: ["p"])
      return .noOp(p: probability ?? 0.5)
    }
    if composition == .compose { try readComposeKeys(&fields) }
    guard let list = fields.take("transforms") else { throw fields.error(.missing(key: "transforms")) }
    let children = try nodes(list.value, at: fields.path(of: "transforms"))
    switch composition {
    case .compose:
      try fields.refuseRest(
        of: name, known: ["p", "transforms", "bbox_params", "keypoint_params"] + ComposeKey.all.map(\.name))
      return .compose(children, p: probability ?? 1)
    case .someOf: return try someOf(children, p: probability ?? 1, &fields)
    case .oneOf, .sequential, .noOp:
      try fields.refuseRest(of: name, known: ["p", "transforms"])
      return composition == .oneOf
        ? .oneOf(children, p: probability ?? 0.5) : .sequential(children, p: probability ?? 0.5)
    }
  }

  private mutating func someOf(
    _ children: [PipelineNode], p: Double, _ fields: inout ConfigFields
  ) throws(PipelineError) -> PipelineNode {
    let replace = try fields.take("replace") { value throws(ParameterError) in try value.flag() } ?? false
    let count = try fields.take("n") { value throws(ParameterError) in
      let count = try value.integer(in: 0...1000)
      guard !replace || count == 0 || !children.isEmpty else {
        throw ParameterError("must be 0, since there are no transforms to choose from")
      }
      return count
    }
    try fields.refuseRest(of: "SomeOf", known: ["n", "p", "replace", "transforms"])
    if let count, !replace, count > children.count {
      note("\(fields.path(of: "n")): \(count) is more than the \(children.count) transforms there are; all are taken")
    }
    return .someOf(children, count: count ?? min(1, children.count), replace: replace, p: p)
  }

  private mutating func readComposeKeys(_ fields: inout ConfigFields) throws(PipelineError) {
    try readBoxParameters(&fields)
    for key in ComposeKey.all {
      guard let note = try fields.take(key.name, key.read) ?? nil else { continue }
      // Albumentations repeats the keys of the outer Compose in each inner one; only the first, outer one gets a note.
      if notedKeys.insert(key.name).inserted { self.note("\(fields.path(of: key.name)): \(note)") }
    }
  }

  private mutating func readBoxParameters(_ fields: inout ConfigFields) throws(PipelineError) {
    var parameters = BoxParameters()
    let hasBoxes = try read("bbox_params", of: &fields) { inner throws(PipelineError) in
      try parameters.readBoxes(&inner)
    }
    if hasBoxes { boxParameters = boxParameters ?? parameters }
    var keepsInvisible = false
    _ = try read("keypoint_params", of: &fields) { inner throws(PipelineError) in
      keepsInvisible = try BoxParameters.readPoints(&inner)
    }
    guard keepsInvisible, notedKeys.insert("remove_invisible").inserted else { return }
    note("\(fields.path(of: "keypoint_params")): points that leave the image are dropped all the same")
  }

  /// Reads the object under a key.
  /// - Returns: `false` if there is none, or null.
  private func read(
    _ key: String, of fields: inout ConfigFields, _ body: (inout ConfigFields) throws(PipelineError) -> Void
  ) throws(PipelineError) -> Bool {
    guard let entry = fields.take(key) else { return false }
    switch entry.value.content {
    case .null: return false
    case .object(let entries):
      var inner = ConfigFields(entries, line: entry.value.line, path: fields.path(of: key), file: file)
      try body(&inner)
      return true
    default:
      throw error(
        .value("must be an object or null, not \(entry.value.description)"), fields.path(of: key), entry.line)
    }
  }

  // MARK: Transforms

  private mutating func node<Change: Transform>(
    _ type: Change.Type, _ fields: inout ConfigFields
  ) throws(PipelineError) -> PipelineNode {
    let probability = try fields.take("p") { value throws(ParameterError) in try value.number(in: 0...1) }
    noteDefault(of: Change.name, is: Change.defaultProbability, given: probability, fields)
    var transform = Change()
    for parameter in Change.parameters {
      guard let entry = fields.take(parameter.name) else {
        if parameter.isRequired { throw fields.error(.missing(key: parameter.name)) }
        continue
      }
      try fields.located(entry) { value throws(ParameterError) in try parameter.read(value, &transform) }
    }
    do throws(ParameterError) {
      try transform.check()
    } catch {
      throw fields.error(.value(error.text))
    }
    try ForeignParameter.takeAll(of: type, from: &fields)
    try fields.refuseRest(
      of: Change.name, known: ["p"] + Change.parameters.map(\.name) + ForeignParameter.names(of: type))
    return .transform(transform, p: probability)
  }

  // MARK: Notes

  private mutating func note(_ text: String) { notes.append(text) }

  /// Notes a missing `p` whose default is not 0.5: `A.load` then takes 0.5 for every class, but the constructors and
  /// this reader take the default of the class.
  private mutating func noteDefault(of name: String, is value: Double, given: Double?, _ fields: ConfigFields) {
    guard given == nil, value != 0.5 else { return }
    note("\(fields.path(of: "p")): not given, so \(format(value)), the default of \(name); A.load would take 0.5")
  }
}

extension Pipeline {
  /// Maximum number of nodes that one copy may visit.
  private static let visitsLimit = 10_000

  /// Reads a JSON or YAML file.
  package init(file: String) throws(PipelineError) {
    let text: String
    do throws(PipelineError.Reason) {
      text = try ConfigText.read(file)
    } catch {
      throw PipelineError(file: file, line: nil, path: "", reason: error)
    }
    try self.init(text: text, file: file)
  }

  /// Parses JSON or YAML text; errors name `file`.
  package init(text: String, file: String) throws(PipelineError) {
    var reader = PipelineReader(file: file)
    let root = try reader.root(ConfigParser.parse(text, file: file))
    guard root.mostVisits <= Double(Self.visitsLimit) else {
      throw PipelineError(file: file, line: nil, path: "", reason: .tooLong(limit: Self.visitsLimit))
    }
    self.init(root, notes: reader.notes, boxParameters: reader.boxParameters)
  }
}
