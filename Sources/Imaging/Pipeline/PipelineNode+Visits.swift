extension PipelineNode {
  /// The most nodes that one draw visits: with `replace`, a few short lines can ask for more than ever ends. In floating
  /// point, where such a number has room.
  var mostVisits: Double {
    let below = children.map(\.mostVisits)
    let inside: Double =
      switch kind {
      case .compose, .sequential: below.reduce(0, +)
      case .oneOf: below.max() ?? 0
      case .someOf(_, let count, replace: true): Double(count) * (below.max() ?? 0)
      case .someOf(_, let count, replace: false): below.sorted().suffix(count).reduce(0, +)
      case .noOp, .transform: 0
      }
    return 1 + inside
  }
}
