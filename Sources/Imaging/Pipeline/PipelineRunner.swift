/// Applies the operations of a sample. Owns the intermediate buffers, so that a reused runner maps them once.
package struct PipelineRunner: ~Copyable {
  private var color = PlaneRunner()
  private var alpha = PlaneRunner()
  /// A source that was decoded smaller, after its first operation.
  private var resized = Image()

  /// Allocates nothing yet.
  package init() {}

  /// Writes `source`, changed by `operations`, into `destination`. The last operation writes there directly, so it may
  /// be a borrowed buffer of at least the output's size. The alpha plane follows the geometries; metadata is copied.
  /// After an error the destination's pixels are unspecified.
  ///
  /// A source that was decoded smaller is taken as such: the operations are those of the full image, and the first is a
  /// `FirstResize`.
  ///
  /// To wait for a destination, split the operations: all but the last into a scratch image, and the last from there
  /// into the destination.
  package mutating func run(
    _ operations: [Operation], on source: borrowing Image, into destination: inout Image
  ) throws(ImagingError) {
    guard let reduction = source.reduction else {
      return try runAtFullSize(operations, on: source, into: &destination)
    }
    guard let first = FirstResize(operations, of: source.fullShape) else {
      preconditionFailure("an image is decoded smaller for a change of size")
    }
    let (how, size) = (first.resample(after: reduction), first.framing.size)
    guard operations.count > 1 else {
      return try destination.resample(source, width: size.width, height: size.height, how)
    }
    var resized = Image()
    swap(&resized, &self.resized)
    try resized.resample(source, width: size.width, height: size.height, how)
    try runAtFullSize(Array(operations.dropFirst()), on: resized, into: &destination)
    swap(&resized, &self.resized)
  }

  private mutating func runAtFullSize(
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
    (destination.metadata, destination.reduction) = (source.metadata, nil)
  }
}
