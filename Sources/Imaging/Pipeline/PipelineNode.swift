/// A transform, or a composition that decides which of its children run.
///
/// Names, defaults and probabilities mean the same as in Albumentations 2.0.8. Random numbers differ, because there all
/// nodes of a seeded pipeline draw the same ones.
package struct PipelineNode: Sendable {
  package enum Kind: Sendable {
    /// Runs each child in order, with its own probability.
    case compose([PipelineNode])
    /// The same as `compose`; the name for nesting in another composition.
    case sequential([PipelineNode])
    /// Runs one child, chosen with its probability as weight and then run regardless of its probability.
    case oneOf([PipelineNode])
    /// Chooses `count` children uniformly and runs each in list order, with its own probability.
    case someOf([PipelineNode], count: Int, replace: Bool)
    /// As `someOf`, but in the order drawn.
    case randomOrder([PipelineNode], count: Int, replace: Bool)
    /// Runs the first child with the node's probability, else the last, either regardless of its own probability.
    case oneOrOther([PipelineNode])
    /// Runs each child in order on some channels, as on an image that has no others.
    case selectiveChannels([PipelineNode], channels: [Int])
    /// Does nothing; one of several children that may be chosen.
    case noOp
    case transform(any Transform)
  }

  package let kind: Kind
  /// The chance that it runs when reached, in 0 ... 1; in a `oneOf`, its weight. Of a `oneOrOther`, which always runs,
  /// the chance of its first child.
  package let probability: Double
  /// Its number in preorder from the root, 0; selects its random stream.
  package private(set) var number = 0

  package init(_ kind: Kind, probability: Double) {
    precondition(probability >= 0 && probability <= 1, "a probability lies in 0 ... 1")
    switch kind {
    case .someOf(let children, let count, let replace), .randomOrder(let children, let count, let replace):
      precondition(count >= 0, "no negative number of children can be chosen")
      precondition(replace || count <= children.count, "no child is chosen twice without replacement")
      precondition(count == 0 || !children.isEmpty, "there must be children to choose from")
    case .selectiveChannels(_, let channels):
      precondition(Set(channels).count == channels.count, "no channel is chosen twice")
      precondition(channels.allSatisfy { (0..<3).contains($0) }, "an image has at most three channels")
    case .compose, .sequential, .oneOf, .oneOrOther, .noOp, .transform: break
    }
    self.kind = kind
    self.probability = probability
  }

  /// `p` defaults to the transform's default probability.
  package static func transform(_ transform: any Transform, p: Double? = nil) -> PipelineNode {
    PipelineNode(.transform(transform), probability: p ?? type(of: transform).defaultProbability)
  }

  package static func compose(_ children: [PipelineNode], p: Double = 1) -> PipelineNode {
    PipelineNode(.compose(children), probability: p)
  }

  package static func sequential(_ children: [PipelineNode], p: Double = 0.5) -> PipelineNode {
    PipelineNode(.sequential(children), probability: p)
  }

  package static func oneOf(_ children: [PipelineNode], p: Double = 0.5) -> PipelineNode {
    PipelineNode(.oneOf(children), probability: p)
  }

  /// Without `replace`, limits `count` to the number of children.
  package static func someOf(
    _ children: [PipelineNode], count: Int = 1, replace: Bool = false, p: Double = 1
  ) -> PipelineNode {
    let count = replace ? count : min(count, children.count)
    return PipelineNode(.someOf(children, count: count, replace: replace), probability: p)
  }

  /// Without `replace`, limits `count` to the number of children.
  package static func randomOrder(
    _ children: [PipelineNode], count: Int = 1, replace: Bool = false, p: Double = 1
  ) -> PipelineNode {
    let count = replace ? count : min(count, children.count)
    return PipelineNode(.randomOrder(children, count: count, replace: replace), probability: p)
  }

  package static func oneOrOther(_ children: [PipelineNode], p: Double = 0.5) -> PipelineNode {
    PipelineNode(.oneOrOther(children), probability: p)
  }

  package static func selectiveChannels(
    _ children: [PipelineNode], channels: [Int] = [0, 1, 2], p: Double = 1
  ) -> PipelineNode {
    PipelineNode(.selectiveChannels(children, channels: channels), probability: p)
  }

  package static func noOp(p: Double = 0.5) -> PipelineNode { PipelineNode(.noOp, probability: p) }
}

extension PipelineNode {
  /// The name in pipeline files.
  package var name: String {
    switch kind {
    case .compose: "Compose"
    case .sequential: "Sequential"
    case .oneOf: "OneOf"
    case .someOf: "SomeOf"
    case .randomOrder: "RandomOrder"
    case .oneOrOther: "OneOrOther"
    case .selectiveChannels: "SelectiveChannelTransform"
    case .noOp: "NoOp"
    case .transform(let transform): type(of: transform).name
    }
  }

  package var children: [PipelineNode] {
    switch kind {
    case .compose(let children), .sequential(let children), .oneOf(let children), .oneOrOther(let children),
      .someOf(let children, _, _), .randomOrder(let children, _, _), .selectiveChannels(let children, _):
      children
    case .noOp, .transform: []
    }
  }

  /// The chance that it runs when reached. The chosen child of a `oneOf` or a `oneOrOther` is forced, which overrides
  /// its probability; a `someOf` and a `randomOrder` ignore this, as in Albumentations.
  func gate(isForced: Bool) -> Double {
    switch kind {
    case .someOf, .randomOrder: probability
    case .oneOrOther: 1
    case .compose, .sequential, .oneOf, .selectiveChannels, .noOp, .transform: isForced ? 1 : probability
    }
  }

  /// Whether the child that it chooses is forced.
  var forcesChildren: Bool {
    switch kind {
    case .oneOf, .oneOrOther: true
    default: false
    }
  }

  /// This node and those below it, numbered in preorder from `next`, which ends past the last number.
  func numbered(from next: inout Int) -> PipelineNode {
    var node = self
    node.number = next
    next += 1
    let children = children.map { $0.numbered(from: &next) }
    return node.replacingChildren(children)
  }

  /// The same composition of other children; numbers are not kept below it.
  func replacingChildren(_ children: [PipelineNode]) -> PipelineNode {
    let kind: Kind =
      switch kind {
      case .compose: .compose(children)
      case .sequential: .sequential(children)
      case .oneOf: .oneOf(children)
      case .someOf(_, let count, let replace): .someOf(children, count: count, replace: replace)
      case .randomOrder(_, let count, let replace): .randomOrder(children, count: count, replace: replace)
      case .oneOrOther: .oneOrOther(children)
      case .selectiveChannels(_, let channels): .selectiveChannels(children, channels: channels)
      case .noOp, .transform: kind
      }
    var node = PipelineNode(kind, probability: probability)
    node.number = number
    return node
  }
}

extension PipelineNode {
  /// The most nodes that one sample can visit. With `replace`, a few short lines can ask for more than can ever finish.
  /// A `Double`, because the number may exceed `Int`.
  var mostVisits: Double {
    let below = children.map(\.mostVisits)
    let inside: Double =
      switch kind {
      case .compose, .sequential, .selectiveChannels: below.reduce(0, +)
      case .oneOf, .oneOrOther: below.max() ?? 0
      case .someOf(_, let count, replace: true), .randomOrder(_, let count, replace: true):
        Double(count) * (below.max() ?? 0)
      case .someOf(_, let count, replace: false), .randomOrder(_, let count, replace: false):
        below.sorted().suffix(count).reduce(0, +)
      case .noOp, .transform: 0
      }
    return 1 + inside
  }
}
