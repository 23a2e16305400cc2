/// A sample as kept in a manifest. The pipeline decodes it on replay, because it knows what each node draws.
package struct RecordedSample: Decodable {
  private let decoder: any Decoder

  /// Keeps the decoder, positioned at the transforms.
  package init(from decoder: any Decoder) { self.decoder = decoder }

  /// Calls `body` with each transform of `pipeline` that ran, the number of its node, and a decoder of what it drew.
  func forEachTransform(
    of pipeline: Pipeline, _ body: (_ transform: any Transform, _ node: Int, _ drawn: any Decoder) throws -> Void
  ) throws {
    let nodes = pipeline.nodes
    var entries = try decoder.unkeyedContainer()
    while !entries.isAtEnd {
      let entry = try entries.nestedContainer(keyedBy: SampledTransform.Key.self)
      let number = try entry.decode(Int.self, forKey: .node)
      let name = try entry.decode(String.self, forKey: .name)
      guard nodes.indices.contains(number), nodes[number].name == name,
        case .transform(let transform) = nodes[number].kind
      else {
        throw DecodingError.dataCorruptedError(
          forKey: .node, in: entry, debugDescription: "the pipeline has no \(name) at node \(number)")
      }
      try body(transform, number, entry.superDecoder(forKey: .drawn))
    }
  }
}

extension Pipeline {
  /// Restores the sample recorded in `record`, for an image of the same shape: the same operations, even if seeding or
  /// random numbers have changed since.
  package func sample(for shape: ImageShape, replaying record: RecordedSample) throws -> PipelineSample {
    let selections = selections
    var (output, transforms) = (shape, [SampledTransform]())
    try record.forEachTransform(of: self) { transform, number, decoder in
      let sampled = try transform.sampled(at: number, from: decoder, for: output, seenBy: selections[number])
      transforms.append(sampled)
      output = sampled.operation.outputShape(for: output)
    }
    return PipelineSample(
      transforms: transforms, skipped: [], operations: transforms.map(\.operation).simplified, outputShape: output)
  }
}

extension Transform {
  fileprivate func sampled(
    at node: Int, from decoder: any Decoder, for shape: ImageShape, seenBy selection: ChannelSelection
  ) throws -> SampledTransform {
    let drawn = try Drawn(from: decoder)
    let operation = limitedOperation(drawn, for: selection.shape(of: shape))
    return SampledTransform(
      name: Self.name, node: node, drawn: drawn, operation: selection.applying(operation, to: shape))
  }
}
