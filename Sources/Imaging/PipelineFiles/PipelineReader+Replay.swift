extension PipelineReader {
  /// Whether a node is part of a record of `ReplayCompose` and did not run. If it ran, its fields become those of a node
  /// that always does the same.
  mutating func isLeftOutOfReplay(_ name: ClassName, _ fields: inout ConfigFields) throws(PipelineError) -> Bool {
    false
  }
}
