/// How long an application of a transform took, as the mean of some draws.
package struct TransformTiming: Hashable, Codable, Sendable {
  /// "augment-cli" or what the peer is called.
  package var implementation: String
  /// A transform, or `TransformBench.copyName`.
  package var transform: String
  /// 1, 2, … ; each has draws of its own.
  package var repetition: Int
  /// Wall time of one thread.
  package var milliseconds: Double

  /// First line of the rows.
  package static let header = "implementation,transform,widthPixels,heightPixels,threads,repetition,milliseconds"

  /// One row.
  package func line(_ bench: TransformBench) -> String {
    [
      CSV.cell(implementation), CSV.cell(transform), "\(bench.width)", "\(bench.height)", "\(bench.threads)",
      "\(repetition)", Number.fixed(milliseconds, 4),
    ].joined(separator: ",")
  }
}
