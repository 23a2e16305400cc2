/// A transform, or a composition that decides which of its children run.
///
/// Names, defaults and the meaning of every probability are those of Albumentations 2.0.8; only the random numbers are
/// not, since there all nodes of a seeded pipeline draw the same ones.
public struct PipelineNode: Sendable {
  /// What a node is.
  public enum Kind: Sendable {
    /// Each child in turn, with its own probability.
    case compose([PipelineNode])
    /// The same as `compose`, under the name for use inside another composition.
    case sequential([PipelineNode])
    /// One child, chosen with its probability as weight; the chosen one runs whatever its probability.
    case oneOf([PipelineNode])
    /// `count` children chosen evenly, in the order of the list, each then with its own probability.
    case someOf([PipelineNode], count: Int, replace: Bool)
    /// Nothing: a place among others that may be chosen.
    case noOp
    /// A change of the image.
    case transform(any Transform)
  }

  /// What the node is.
  public let kind: Kind
  /// How often it runs where it is reached, in 0 ... 1; in a `oneOf`, its weight.
  public let probability: Double
  /// Its number in preorder from the root, 0: the name of its random stream.
  package private(set) var number = 0

  /// A node that runs with `probability`.
  public init(_ kind: Kind, probability: Double) {
    precondition(probability >= 0 && probability <= 1, "a probability lies in 0 ... 1")
    if case .someOf(let children, let count, let replace) = kind {
      precondition(count >= 0, "SomeOf takes no negative number of children")
      precondition(replace || count <= children.count, "SomeOf takes no child twice without replacement")
      precondition(count == 0 || !children.isEmpty, "SomeOf needs children to choose from")
    }
    self.kind = kind
    self.probability = probability
  }

  /// A transform; where `p` is not given, as often as it applies by default.
  public static func transform(_ transform: any Transform, p: Double? = nil) -> PipelineNode {
    PipelineNode(.transform(transform), probability: p ?? type(of: transform).defaultProbability)
  }

  /// Runs each child in turn.
  public static func compose(_ children: [PipelineNode], p: Double = 1) -> PipelineNode {
    PipelineNode(.compose(children), probability: p)
  }

  /// Runs each child in turn.
  public static func sequential(_ children: [PipelineNode], p: Double = 0.5) -> PipelineNode {
    PipelineNode(.sequential(children), probability: p)
  }

  /// Runs one child.
  public static func oneOf(_ children: [PipelineNode], p: Double = 0.5) -> PipelineNode {
    PipelineNode(.oneOf(children), probability: p)
  }

  /// Runs some of the children; without `replace` at most all of them.
  public static func someOf(
    _ children: [PipelineNode], count: Int = 1, replace: Bool = false, p: Double = 1
  ) -> PipelineNode {
    let count = replace ? count : min(count, children.count)
    return PipelineNode(.someOf(children, count: count, replace: replace), probability: p)
  }

  /// Does nothing.
  public static func noOp(p: Double = 0.5) -> PipelineNode { PipelineNode(.noOp, probability: p) }
}

extension PipelineNode {
  /// The name in pipeline files.
  public var name: String {
    switch kind {
    case .compose: "Compose"
    case .sequential: "Sequential"
    case .oneOf: "OneOf"
    case .someOf: "SomeOf"
    case .noOp: "NoOp"
    case .transform(let transform): type(of: transform).name
    }
  }

  /// The nodes directly under it.
  public var children: [PipelineNode] {
    switch kind {
    case .compose(let children), .sequential(let children), .oneOf(let children), .someOf(let children, _, _): children
    case .noOp, .transform: []
    }
  }

  /// The probability with which it runs where it is reached. To be forced, as the chosen child of a `oneOf` is,
  /// overrides all but a probability of 0; a `someOf` does not heed it, and neither does it in Albumentations.
  func gate(isForced: Bool) -> Double {
    if case .someOf = kind { return probability }
    return isForced && probability > 0 ? 1 : probability
  }

  /// The same node and those below it, numbered in preorder from `next`, which ends past the last.
  func numbered(from next: inout Int) -> PipelineNode {
    var node = self
    node.number = next
    next += 1
    let children = children.map { $0.numbered(from: &next) }
    return node.replacingChildren(children)
  }

  private func replacingChildren(_ children: [PipelineNode]) -> PipelineNode {
    let kind: Kind =
      switch kind {
      case .compose: .compose(children)
      case .sequential: .sequential(children)
      case .oneOf: .oneOf(children)
      case .someOf(_, let count, let replace): .someOf(children, count: count, replace: replace)
      case .noOp, .transform: kind
      }
    var node = PipelineNode(kind, probability: probability)
    node.number = number
    return node
  }
}
