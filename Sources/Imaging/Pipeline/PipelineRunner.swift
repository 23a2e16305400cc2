/// Applies the operations of a sample. Owns the buffers between them, so that one runner used for one image after another
/// maps its memory once.
public struct PipelineRunner: ~Copyable {
  private var color = PlaneRunner()
  private var alpha = PlaneRunner()

  /// A runner that has no memory yet.
  public init() {}

  /// Writes `source`, changed by `operations`, into `destination`; the last operation writes there directly, so that it may
  /// be a borrowed buffer of at least the output's size. An alpha plane follows the geometries; the colour profile is
  /// carried over. After an error the destination's pixels are not set.
  ///
  /// Where a destination has to be waited for, the operations can be split: all but the last into an image of one's own,
  /// and the last from there into the destination.
  public mutating func run(
    _ operations: [Operation], on source: borrowing Image, into destination: inout Image
  ) throws(ImagingError) {
    try color.run(operations, on: source.color, into: &destination.color)
    switch source.alpha {
    case .some(let plane):
      var result = destination.alpha.take() ?? PixelBuffer()
      try alpha.run(operations.geometric, on: plane, into: &result)
      destination.alpha = consume result
    case .none:
      destination.alpha = nil
    }
    destination.metadata = source.metadata
  }
}
