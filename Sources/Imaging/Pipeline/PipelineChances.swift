internal import Glibc

/// The exact probabilities of a pipeline, computed without sampling.
package struct PipelineChances: Sendable {
  /// By node number: the chance that a node runs at least once on a copy.
  package let ofNodes: [Double]
  /// The chance that a copy is changed: a transform runs and does not draw the identity.
  package let ofChange: Double

  package init(of pipeline: Pipeline) {
    ofNodes = pipeline.root.chances(isForced: false)
    ofChange = 1 - pipeline.root.stillness(isForced: false)
  }
}

extension PipelineNode {
  /// The chances, in preorder, that this node and each below it run at least once if this node is reached once.
  fileprivate func chances(isForced: Bool) -> [Double] {
    let gate = gate(isForced: isForced)
    let below = zip(children, choiceWeights).map { child, weight in
      child.chances(isForced: forcesChildren).map { gate * chanceOfPick(weight: weight, leadingTo: $0) }
    }
    return [gate] + below.joined()
  }

  /// The chance that nothing changes if this node is reached once.
  fileprivate func stillness(isForced: Bool) -> Double {
    let gate = gate(isForced: isForced)
    let still = children.map { $0.stillness(isForced: forcesChildren) }
    let inside: Double =
      switch kind {
      case .compose, .sequential, .selectiveChannels: still.reduce(1, *)
      case .oneOf, .oneOrOther:
        zip(still, choiceWeights).reduce(1) { $0 - $1.1 * (1 - $1.0) }
      case .someOf(_, let count, replace: true), .randomOrder(_, let count, replace: true):
        count == 0 ? 1 : pow(still.reduce(0, +) / Double(still.count), Double(count))
      case .someOf(_, let count, replace: false), .randomOrder(_, let count, replace: false):
        Self.meanProduct(ofSubsetsOf: still, size: count)
      case .noOp: 1
      case .transform(let transform): type(of: transform).identityProbability
      }
    return 1 - gate * (1 - inside)
  }

  /// For each child, the chance that a single choice takes it; 1 if all run.
  var choiceWeights: [Double] {
    let children = children
    switch kind {
    case .oneOf:
      let total = children.reduce(0) { $0 + $1.probability }
      return children.map { total > 0 ? $0.probability / total : 0 }
    case .someOf, .randomOrder: return children.map { _ in 1 / Double(children.count) }
    case .oneOrOther:
      var weights = children.map { _ in 0.0 }
      weights[0] += probability
      weights[weights.count - 1] += 1 - probability
      return weights
    case .compose, .sequential, .selectiveChannels, .noOp, .transform: return children.map { _ in 1 }
    }
  }

  /// The chance of an event that has `chance` each time a child of `weight` is chosen.
  private func chanceOfPick(weight: Double, leadingTo chance: Double) -> Double {
    switch kind {
    case .someOf(_, let count, replace: true), .randomOrder(_, let count, replace: true):
      1 - pow(1 - weight * chance, Double(count))
    case .someOf(_, let count, replace: false), .randomOrder(_, let count, replace: false):
      min(1, weight * Double(count)) * chance
    default: weight * chance
    }
  }

  /// The mean product over all subsets of `values` with `size` elements.
  private static func meanProduct(ofSubsetsOf values: [Double], size: Int) -> Double {
    // means[k]: over the k-subsets of the values seen so far. Of n values, the new one is in k/n of these subsets.
    var means = [1.0] + [Double](repeating: 0, count: size)
    for (index, value) in values.enumerated() {
      for chosen in stride(from: min(size, index + 1), to: 0, by: -1) {
        let share = Double(chosen) / Double(index + 1)
        means[chosen] = (1 - share) * means[chosen] + share * value * means[chosen - 1]
      }
    }
    return means[size]
  }
}
