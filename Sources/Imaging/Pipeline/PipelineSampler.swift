/// Walks down a pipeline, decides which nodes run, and samples their parameters.
struct PipelineSampler {
  let key: StreamKey
  /// The shape after the transforms so far.
  var shape: ImageShape
  var transforms: [SampledTransform] = []
  var skipped: [RefusedTransform] = []
  /// Set by a transform without which the copy would be of no use; nothing is drawn after it.
  var failure: RefusedTransform?
  /// The streams in use: a node that runs again, by `replace`, continues its stream.
  private var streams: [Int: RandomStream] = [:]

  private let source: ImageShape
  private let scene: SampleScene?

  init(key: StreamKey, shape: ImageShape, scene: SampleScene?) {
    self.key = key
    self.shape = shape
    (source, self.scene) = (shape, scene)
  }

  mutating func visit(_ node: PipelineNode, isForced: Bool) {
    guard failure == nil, opens(node, isForced: isForced) else { return }
    switch node.kind {
    case .noOp: return
    case .transform(let transform): take(transform, node)
    case .compose(let children), .sequential(let children):
      for child in children { visit(child, isForced: false) }
    case .oneOf(let children):
      guard let index = weightedIndex(children, node) else { return }
      visit(children[index], isForced: true)
    case .someOf(let children, let count, let replace):
      for index in indices(count, of: children.count, replace: replace, node) {
        visit(children[index], isForced: false)
      }
    }
  }

  /// Whether the node runs. Draws nothing if that is certain, so that a forced node samples like one of probability 1.
  private mutating func opens(_ node: PipelineNode, isForced: Bool) -> Bool {
    let gate = node.gate(isForced: isForced)
    return gate > 0 && (gate >= 1 || withStream(of: node) { $0.uniform() } < gate)
  }

  private mutating func take(_ transform: some Transform, _ node: PipelineNode) {
    let context = SampleContext(
      scene: scene, source: source, operations: transforms.map(\.operation), shape: shape)
    let drawn = withStream(of: node) { transform.sample(for: context, using: &$0) }
    let operation = transform.limitedOperation(drawn, for: shape)
    switch operation {
    case .inapplicable(let reason): return skipped.append(RefusedTransform(name: node.name, reason: reason))
    case .impossible(let reason): return failure = RefusedTransform(name: node.name, reason: reason)
    default: break
    }
    shape = operation.outputShape(for: shape)
    transforms.append(SampledTransform(name: node.name, node: node.number, drawn: drawn, operation: operation))
  }

  /// An index drawn with the children's probabilities as weights; `nil` if all are 0.
  private mutating func weightedIndex(_ children: [PipelineNode], _ node: PipelineNode) -> Int? {
    let total = children.reduce(0) { $0 + $1.probability }
    guard total > 0 else { return nil }
    var rest = withStream(of: node) { $0.uniform() } * total
    for (index, child) in children.enumerated() {
      if rest < child.probability { return index }
      rest -= child.probability
    }
    return children.lastIndex { $0.probability > 0 }  // rounding left a remainder
  }

  private mutating func indices(_ count: Int, of total: Int, replace: Bool, _ node: PipelineNode) -> [Int] {
    let drawn = withStream(of: node) { random in
      replace ? (0..<count).map { _ in random.integer(0...total - 1) } : random.sample(count, of: total)
    }
    return drawn.sorted()
  }

  private mutating func withStream<Value>(of node: PipelineNode, _ body: (inout RandomStream) -> Value) -> Value {
    body(&streams[node.number, default: key.stream(node: node.number)])
  }
}
