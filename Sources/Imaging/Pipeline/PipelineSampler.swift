/// Walks down a pipeline, decides which nodes run, and samples their parameters.
struct PipelineSampler {
  let key: StreamKey
  /// The shape after the transforms so far.
  var shape: ImageShape
  var transforms: [SampledTransform] = []
  var skipped: [RefusedTransform] = []
  /// Set by a transform without which the copy would be of no use; nothing is drawn after it.
  var failure: RefusedTransform?
  private var selection = ChannelSelection()
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
      for index in indices(count, of: children.count, replace: replace, node).sorted() {
        visit(children[index], isForced: false)
      }
    case .randomOrder(let children, let count, let replace):
      for index in indices(count, of: children.count, replace: replace, node) {
        visit(children[index], isForced: false)
      }
    case .oneOrOther(let children):
      let isFirst = withStream(of: node) { $0.uniform() } < node.probability
      if let child = isFirst ? children.first : children.last { visit(child, isForced: true) }
    case .selectiveChannels(let children, let channels): visit(children, on: channels, of: node)
    }
  }

  /// Visits nodes that see no other channels than these.
  private mutating func visit(_ children: [PipelineNode], on channels: [Int], of node: PipelineNode) {
    guard channels.allSatisfy({ $0 < selection.count(in: shape) }) else {
      skipped.append(RefusedTransform(name: node.name, reason: "there is no channel \(channels.max() ?? 0)"))
      return
    }
    let outer = selection
    selection = selection.selecting(channels)
    for child in children { visit(child, isForced: false) }
    selection = outer
  }

  /// Whether the node runs. Draws nothing if that is certain, so that a forced node samples like one of probability 1.
  private mutating func opens(_ node: PipelineNode, isForced: Bool) -> Bool {
    let gate = node.gate(isForced: isForced)
    return gate > 0 && (gate >= 1 || withStream(of: node) { $0.uniform() } < gate)
  }

  private mutating func take(_ transform: some Transform, _ node: PipelineNode) {
    let seen = selection.shape(of: shape)
    let context = SampleContext(
      scene: scene, source: source, operations: transforms.map(\.operation), shape: seen)
    let drawn = withStream(of: node) { transform.sample(for: context, using: &$0) }
    let operation = selection.applying(transform.limitedOperation(drawn, for: seen), to: shape)
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
    withStream(of: node) { random in
      replace ? (0..<count).map { _ in random.integer(0...total - 1) } : random.sample(count, of: total)
    }
  }

  private mutating func withStream<Value>(of node: PipelineNode, _ body: (inout RandomStream) -> Value) -> Value {
    body(&streams[node.number, default: key.stream(node: node.number)])
  }
}
