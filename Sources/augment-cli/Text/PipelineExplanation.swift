package import Imaging
internal import Studies

/// The text of `explain`.
package enum PipelineExplanation {
  /// The tree with the probability of each node and its non-default parameters, then warnings and notes.
  package static func text(of pipeline: Pipeline, width: Int = 80) -> String {
    let chances = PipelineChances(of: pipeline)
    var lines = ["  Chance  Node", "  ------  ----"]
    for line in tree(pipeline.root, depth: 0) {
      let chance = TextColumn.alignedRight(percent(chances.ofNodes[line.node.number]), to: 8)
      let indent = String(repeating: "  ", count: line.depth)
      lines += TextColumn.wrapped(
        line.text, width: width, first: "\(chance)  \(indent)", rest: "\(TextColumn.padded("", to: 14))\(indent)")
    }
    lines += section("Warnings", warnings(pipeline, chances), width)
    lines += section("Notes", pipeline.notes, width)
    lines += ["", "Chance that a copy is unchanged: \(percent(1 - chances.ofChange))"]
    return lines.joined(separator: "\n") + "\n"
  }

  /// A share as a percentage: "100 %", "12.5 %", "<0.1 %".
  private static func percent(_ share: Double) -> String {
    let tenths = (share * 1000).rounded()
    if share > 0 && tenths == 0 { return "<0.1 %" }
    return "\(format(tenths == 1000 && share < 0.9999999 ? 99.9 : tenths / 10)) %"
  }

  private static func section(_ title: String, _ texts: [String], _ width: Int) -> [String] {
    texts.isEmpty
      ? [] : ["", "\(title):"] + texts.flatMap { TextColumn.wrapped($0, width: width, first: "- ", rest: "  ") }
  }

  // MARK: Tree

  private typealias Line = (node: PipelineNode, depth: Int, text: String)

  private static func tree(_ node: PipelineNode, depth: Int) -> [Line] {
    [(node, depth, "\(node.name): \(summary(of: node))")] + node.children.flatMap { tree($0, depth: depth + 1) }
  }

  private static func summary(of node: PipelineNode) -> String {
    let parts = ["p \(format(node.probability))", rule(of: node)] + differences(of: node)
    return parts.filter { !$0.isEmpty }.joined(separator: ", ")
  }

  private static func rule(of node: PipelineNode) -> String {
    let total = node.children.count
    switch node.kind {
    case .compose, .sequential: return total == 0 ? "empty" : "all in order"
    case .oneOf: return total == 0 ? "empty" : "one of \(total), p as weight"
    case .someOf(_, let count, let replace):
      return "\(count) of \(total)\(replace ? ", with replacement" : ""), each with its own p"
    case .randomOrder(_, let count, let replace):
      return "\(count) of \(total) in random order\(replace ? ", with replacement" : ""), each with its own p"
    case .oneOrOther: return "the first with p, else the last"
    case .selectiveChannels(_, let channels):
      return "all in order, on \(channels.count == 1 ? "channel" : "channels") "
        + channels.map(String.init).joined(separator: ", ")
    case .noOp: return "leaves the image unchanged"
    case .transform: return ""
    }
  }

  private static func differences(of node: PipelineNode) -> [String] {
    guard case .transform(let transform) = node.kind else { return [] }
    return transform.parameterTexts.filter { !$0.isDefault }.map { "\($0.name) \($0.value)" }
  }

  // MARK: Warnings

  private static func warnings(_ pipeline: Pipeline, _ chances: PipelineChances) -> [String] {
    var texts = unique(pipeline.nodes.flatMap { own($0, chances.ofNodes[$0.number]) })
    if chances.ofChange == 0 { texts.append("Every copy is the unchanged image.") }
    return texts
  }

  private static func own(_ node: PipelineNode, _ chance: Double) -> [String] {
    switch node.kind {
    case .oneOf(let children) where !children.isEmpty && children.allSatisfy({ $0.probability == 0 }):
      return ["OneOf: every child has p 0, so none is ever chosen."]
    case .compose, .sequential, .oneOf, .someOf, .randomOrder, .oneOrOther, .selectiveChannels:
      return node.children.isEmpty ? ["\(node.name): it has no transforms and does nothing."] : []
    case .noOp: return []
    case .transform(let transform):
      if chance == 0 { return ["\(node.name): it never runs."] }
      return transform.warnings.map { "\(node.name): \($0)" } + identity(transform)
    }
  }

  private static func identity(_ transform: any Transform) -> [String] {
    let type = type(of: transform)
    guard type.identityProbability > 0 else { return [] }
    return ["\(type.name): \(percent(type.identityProbability)) of its draws leave the image unchanged."]
  }

  /// The texts without duplicates, in order of first occurrence.
  private static func unique(_ texts: [String]) -> [String] {
    var seen: Set<String> = []
    return texts.filter { seen.insert($0).inserted }
  }
}

extension Pipeline {
  /// The text of `explain`: a tree with probabilities, warnings, notes, and the share of unchanged copies.
  package var explanation: String { PipelineExplanation.text(of: self) }
}
