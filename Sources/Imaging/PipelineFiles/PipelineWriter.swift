extension Pipeline {
  /// The pipeline as JSON that this tool and Albumentations (`A.load`) read, one line per node.
  ///
  /// Names are Swift identifiers and the parameter tables give values as JSON, so nothing needs escaping.
  package var serialized: String {
    let labels = boxParameters?.serialized ?? []
    return
      "{\"__version__\": \"2.0.8\", \"transform\":\n\(root.serialized(indent: "  ", labels, tail: tail?.serialized ?? []))\n}\n"
  }
}

extension PipelineNode {
  /// - Parameters:
  ///   - more: Further fields of this node.
  ///   - tail: Further children.
  fileprivate func serialized(indent: String, _ more: [String] = [], tail: [String] = []) -> String {
    var fields = ["\"__class_fullname__\": \"\(name)\"", "\"p\": \(format(probability))"]
    switch kind {
    case .someOf(_, let count, let replace), .randomOrder(_, let count, let replace):
      fields += ["\"n\": \(count)", "\"replace\": \(replace)"]
    case .transform(let transform): fields += transform.parameterTexts.map { "\"\($0.name)\": \($0.value)" }
    case .selectiveChannels(_, let channels):
      fields.append("\"channels\": [\(channels.map(String.init).joined(separator: ", "))]")
    case .compose, .sequential, .oneOf, .oneOrOther, .noOp: break
    }
    fields += more
    let head = "\(indent){\(fields.joined(separator: ", "))"
    switch kind {
    case .noOp, .transform: return head + "}"
    case .compose, .sequential, .oneOf, .someOf, .randomOrder, .oneOrOther, .selectiveChannels:
      let lines = children.map { $0.serialized(indent: indent + "  ") } + tail.map { "\(indent)  \($0)" }
      guard !lines.isEmpty else { return "\(head), \"transforms\": []}" }
      return "\(head), \"transforms\": [\n\(lines.joined(separator: ",\n"))\n\(indent)]}"
    }
  }
}
