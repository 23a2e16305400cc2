/// Applies the operations of a sample. Owns the intermediate buffers, so that a reused runner maps them once.
package struct PipelineRunner: ~Copyable {
  private var color = PlaneRunner()
  private var alpha = PlaneRunner()

  /// Allocates nothing yet.
  package init() {}

  /// Writes `source`, changed by `operations`, into `destination`. The last operation writes there directly, so it may
  /// be a borrowed buffer of at least the output's size. The alpha plane follows the geometries; metadata is copied.
  /// After an error the destination's pixels are unspecified.
  ///
  /// To wait for a destination, split the operations: all but the last into a scratch image, and the last from there
  /// into the destination.
  package mutating func run(
    _ operations: [Operation], on source: borrowing Image, into destination: inout Image
  ) throws(ImagingError) {
    try color.run(operations, on: source.color, into: &destination.color)
    switch source.alpha {
    case .some(let plane):
      var result = destination.alpha.take() ?? PixelBuffer()
      try alpha.run(operations.ofAlpha, on: plane, into: &result)
      destination.alpha = consume result
    case .none:
      destination.alpha = nil
    }
    destination.metadata = source.metadata
  }
}
