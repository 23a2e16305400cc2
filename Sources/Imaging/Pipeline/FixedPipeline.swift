/// A pipeline that always does what was drawn for one copy, as far as a pipeline file can say it.
package struct FixedPipeline {
  package let pipeline: Pipeline
  /// Transforms whose draw no file can hold, which keep their ranges: sentences.
  package let notes: [String]

  /// A pipeline file.
  package var text: String { pipeline.serialized }

  /// - Parameter record: `nil`: nothing was drawn.
  package init(_ pipeline: Pipeline, asDrawn record: RecordedSample?) throws {
    let selections = pipeline.selections
    var (steps, notes): ([PipelineNode], [String]) = ([], [])
    try record?.forEachTransform(of: pipeline) { transform, number, drawn in
      let fixed = try transform.fixed(from: drawn).flatMap { selections[number].canTake($0.steps) ? $0.steps : nil }
      steps += selections[number].around(fixed ?? [.transform(transform, p: 1)])
      let note = "\(type(of: transform).name): a file cannot hold what was drawn; it draws again"
      if fixed == nil, !notes.contains(note) { notes.append(note) }
    }
    self.pipeline = Pipeline(.compose(steps), notes: [], labels: pipeline.labels, tail: pipeline.tail)
    self.notes = notes
  }
}

extension Transform {
  fileprivate func fixed(from decoder: any Decoder) throws -> PipelineNode? { fixed(at: try Drawn(from: decoder)) }
}

extension PipelineNode {
  /// The nodes of a sequence that always runs, or the node itself.
  fileprivate var steps: [PipelineNode] {
    if case .sequential(let steps) = kind, probability == 1 { return steps }
    return [self]
  }
}

extension ChannelSelection {
  /// Whether the steps can run on what is seen: some channels cannot take another shape than the rest, not even on the
  /// way, and a crop is a step of several.
  fileprivate func canTake(_ steps: [PipelineNode]) -> Bool {
    channels == nil || steps.count == 1 || !steps.contains { $0.name == "Crop" }
  }

  /// Steps that see the same channels in a pipeline without others.
  fileprivate func around(_ steps: [PipelineNode]) -> [PipelineNode] {
    channels.map { [.selectiveChannels(steps, channels: $0)] } ?? steps
  }
}
