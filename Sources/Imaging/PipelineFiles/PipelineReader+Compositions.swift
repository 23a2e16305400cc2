extension PipelineReader {
  enum Composition: String, CaseIterable {
    case compose = "Compose"
    case replayCompose = "ReplayCompose"
    case oneOf = "OneOf"
    case someOf = "SomeOf"
    case randomOrder = "RandomOrder"
    case oneOrOther = "OneOrOther"
    case selectiveChannels = "SelectiveChannelTransform"
    case sequential = "Sequential"
    case noOp = "NoOp"

    /// Whether it runs some of its children, so that one that is left out must keep its place.
    var isChoice: Bool {
      switch self {
      case .oneOf, .someOf, .randomOrder, .oneOrOther: true
      case .compose, .replayCompose, .selectiveChannels, .sequential, .noOp: false
      }
    }

    var defaultProbability: Double {
      switch self {
      case .compose, .replayCompose, .someOf, .randomOrder, .selectiveChannels: 1
      case .oneOf, .oneOrOther, .sequential, .noOp: 0.5
      }
    }
  }

  static var compositionNames: [String] { Composition.allCases.map(\.rawValue) }

  mutating func node(_ composition: Composition, _ fields: inout ConfigFields) throws(PipelineError) -> PipelineNode {
    let name = composition.rawValue
    let given = try fields.take("p") { value throws(ParameterError) in try value.number(in: 0...1) }
    let probability = given ?? composition.defaultProbability
    if composition != .compose { noteDefault(of: name, is: composition.defaultProbability, given: given, fields) }
    if composition == .noOp {
      try fields.refuseRest(of: name, known: ["p"])
      return .noOp(p: probability)
    }
    let outer = maskInterpolation
    if composition == .compose || composition == .replayCompose { try readComposeKeys(&fields) }
    let children = try children(of: composition, &fields)
    maskInterpolation = outer
    switch composition {
    case .compose, .replayCompose:
      try fields.refuseRest(of: name, known: ["p", "transforms"] + Self.composeKeys)
      return .compose(children, p: probability)
    case .someOf, .randomOrder: return try selection(composition, of: children, p: probability, &fields)
    case .selectiveChannels: return try selectiveChannels(children, p: probability, &fields)
    case .oneOf, .sequential, .oneOrOther, .noOp:
      try fields.refuseRest(of: name, known: ["p", "transforms"])
    }
    switch composition {
    case .oneOf: return .oneOf(children, p: probability)
    case .oneOrOther: return .oneOrOther(children, p: probability)
    default: return .sequential(children, p: probability)
    }
  }

  private mutating func children(
    of composition: Composition, _ fields: inout ConfigFields
  ) throws(PipelineError) -> [PipelineNode] {
    guard let list = fields.take("transforms") else {
      if composition == .oneOrOther { return try firstAndSecond(&fields) }
      throw fields.error(.missingKey("transforms"))
    }
    let children = try nodes(list.value, at: fields.path(of: "transforms"), isChoice: composition.isChoice)
    guard composition != .oneOrOther || !children.isEmpty else {
      throw error(.value("must name a transform, or two"), fields.path(of: "transforms"), list.line)
    }
    return children
  }

  private mutating func firstAndSecond(_ fields: inout ConfigFields) throws(PipelineError) -> [PipelineNode] {
    guard let first = fields.take("first"), let second = fields.take("second") else {
      throw fields.error(.missingKey("transforms"))
    }
    var list = first.value
    list.content = .list([first.value, second.value])
    return try nodes(list, at: fields.path(of: "transforms"), isChoice: true)
  }

  /// A `SomeOf` or a `RandomOrder`.
  private mutating func selection(
    _ composition: Composition, of children: [PipelineNode], p: Double, _ fields: inout ConfigFields
  ) throws(PipelineError) -> PipelineNode {
    let replace = try fields.take("replace") { value throws(ParameterError) in try value.flag() } ?? false
    let count = try fields.take("n") { value throws(ParameterError) in
      let count = try value.integer(in: 0...1000)
      guard !replace || count == 0 || !children.isEmpty else {
        throw ParameterError("must be 0, since there are no transforms to choose from")
      }
      return count
    }
    try fields.refuseRest(of: composition.rawValue, known: ["n", "p", "replace", "transforms"])
    if let count, !replace, count > children.count {
      note("\(fields.path(of: "n")): \(count) is more than the \(children.count) transforms there are; all are taken")
    }
    let chosen = count ?? min(1, children.count)
    let certain = certainIfOld(children, at: fields)
    let isShuffled = composition == .randomOrder || version.map { $0 < LibraryVersion(1, 4, 17) } ?? false
    return isShuffled
      ? .randomOrder(certain, count: chosen, replace: replace, p: p)
      : .someOf(certain, count: chosen, replace: replace, p: p)
  }

  /// Before 2.0.6, a chosen child ran whatever its p, which was its weight.
  private mutating func certainIfOld(_ children: [PipelineNode], at fields: ConfigFields) -> [PipelineNode] {
    guard let version, version < LibraryVersion(2, 0, 6) else { return children }
    if Set(children.map(\.probability)).count > 1 {
      note(
        once: "weights", "\(fields.path(of: "transforms")): each p was a weight in \(version); all weigh the same here")
    }
    return children.map { PipelineNode($0.kind, probability: 1) }
  }

  private mutating func selectiveChannels(
    _ children: [PipelineNode], p: Double, _ fields: inout ConfigFields
  ) throws(PipelineError) -> PipelineNode {
    let path = fields.path(of: "channels")
    let channels = try fields.take("channels") { value throws(ParameterError) -> [Int]? in
      if case .null = value.content { return nil }
      guard case .list(let items) = value.content, items.count <= 3 else {
        throw ParameterError("must be a list of at most three channels, not \(value.description)")
      }
      var channels: [Int] = []
      for item in items { channels.append(try item.integer(in: 0...2)) }
      guard Set(channels).count == channels.count else {
        throw ParameterError("must name each channel once, not \(value.description)")
      }
      return channels
    }
    try fields.refuseRest(of: "SelectiveChannelTransform", known: ["p", "transforms", "channels"])
    if channels == nil { note("\(path): not given, so [0, 1, 2]; A.save leaves it out") }
    return .selectiveChannels(children, channels: (channels ?? nil) ?? [0, 1, 2], p: p)
  }

  // MARK: Keys of Compose

  private static let composeKeys =
    ["bbox_params", "keypoint_params", "additional_targets", "mask_interpolation"] + ComposeKey.all.map(\.name)

  private mutating func readComposeKeys(_ fields: inout ConfigFields) throws(PipelineError) {
    try readLabels(&fields)
    let mask = fields.take("mask_interpolation")
    if let mask, !mask.value.isNone, maskInterpolation == nil {
      _ = try fields.located(mask) { value throws(ParameterError) in try value.integer(in: 0...6) }
      maskInterpolation = mask
    }
    for key in ComposeKey.all {
      guard let note = try fields.take(key.name, key.read) ?? nil else { continue }
      // Albumentations repeats the keys of the outer Compose in each inner one; only the first, outer one gets a note.
      self.note(once: key.name, "\(fields.path(of: key.name)): \(note)")
    }
  }
}
