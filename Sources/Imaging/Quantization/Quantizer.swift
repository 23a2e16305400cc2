/// Reduces images to a few colours by K-means, one after another, reusing its memory.
///
/// The same image, options and draws give the same bytes for any team.
package final class Quantizer {
  package let options: QuantizeOptions
  private let team: any QuantizerTeam
  private let sharedMemory: QuantizerMemory?
  /// Whether each part's own sums fill whole cache lines; `false` shows what false sharing costs.
  package var isPadded = true

  /// - Parameter sharedMemory: where the members are processes, memory that they all see; images that do not fit into
  ///   it are refused. Threads need none.
  package init(
    _ options: QuantizeOptions, team: any QuantizerTeam = OneThread(), sharedMemory: QuantizerMemory? = nil
  ) {
    precondition(QuantizeOptions.colorRange.contains(options.colors), "1 to 256 colours")
    (self.options, self.team, self.sharedMemory) = (options, team, sharedMemory)
  }

  /// Writes `source` with at most `options.colors` colours. Grey or colour.
  /// - Parameter key: determines the initial centroids.
  package func quantize(
    _ source: borrowing PixelBuffer, key: StreamKey, into destination: inout PixelBuffer
  ) throws(ImagingError) -> QuantizeOutcome { fatalError() }
}
