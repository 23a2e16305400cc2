/// A pipeline that always does what was drawn for one copy, as far as a pipeline file can say it.
package struct FixedPipeline {
  package let pipeline: Pipeline
  /// Transforms whose draw no file can hold, which keep their ranges: sentences.
  package let notes: [String]
  package var text: String { pipeline.serialized }

  /// - Parameter record: `nil`: nothing was drawn.
  package init(_ pipeline: Pipeline, asDrawn record: RecordedSample?) throws {
    (self.pipeline, notes) = (pipeline, [])
  }
}
