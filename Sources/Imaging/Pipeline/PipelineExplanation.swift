/// A pipeline in words, for a person who wants to know what it will do before it does it.
public enum PipelineExplanation {
  /// The tree with the chance of every node, the parameters that are not the defaults, and what is odd about it.
  public static func text(of pipeline: Pipeline, width: Int = 80) -> String {
    let chances = PipelineChances(of: pipeline)
    var lines = ["  Chance  Node", "  ------  ----"]
    for line in tree(pipeline.root, depth: 0) {
      let chance = TextColumn.alignedRight(TextColumn.percent(chances.ofNodes[line.node.number]), to: 8)
      let indent = String(repeating: "  ", count: line.depth)
      lines += TextColumn.wrapped(
        line.text, width: width, first: "\(chance)  \(indent)", rest: "\(TextColumn.padded("", to: 14))\(indent)")
    }
    lines += section("Warnings", warnings(pipeline, chances), width)
    lines += section("Notes", pipeline.notes, width)
    lines += ["", "Chance that a copy stays as it was: \(TextColumn.percent(1 - chances.ofChange))"]
    return lines.joined(separator: "\n") + "\n"
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
    case .compose, .sequential: return total == 0 ? "empty" : "each in turn"
    case .oneOf: return total == 0 ? "empty" : "one of \(total), p as weight"
    case .someOf(_, let count, let replace):
      return "\(count) of \(total)\(replace ? ", with replacement" : ""), each then with its p"
    case .noOp: return "leaves the image as it is"
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
    if chances.ofChange == 0 { texts.append("Every copy is the image as it was.") }
    return texts
  }

  private static func own(_ node: PipelineNode, _ chance: Double) -> [String] {
    switch node.kind {
    case .oneOf(let children) where !children.isEmpty && children.allSatisfy({ $0.probability == 0 }):
      return ["OneOf: every child has p 0, so none is ever chosen."]
    case .compose(let children), .sequential(let children), .oneOf(let children), .someOf(let children, _, _):
      return children.isEmpty ? ["\(node.name): it has no transforms and does nothing."] : []
    case .noOp: return []
    case .transform(let transform):
      if chance == 0 { return ["\(node.name): it never runs."] }
      return transform.warnings.map { "\(node.name): \($0)" } + identity(transform)
    }
  }

  private static func identity(_ transform: any Transform) -> [String] {
    let type = type(of: transform)
    guard type.identityProbability > 0 else { return [] }
    return ["\(type.name): \(TextColumn.percent(type.identityProbability)) of its draws leave the image as it was."]
  }

  /// The texts, each once.
  private static func unique(_ texts: [String]) -> [String] {
    var seen: Set<String> = []
    return texts.filter { seen.insert($0).inserted }
  }
}

extension Pipeline {
  /// What it will do, in words: the tree with the chance of every node, what is odd about it, and how many copies stay
  /// as they were.
  public var explanation: String { PipelineExplanation.text(of: self) }
}
