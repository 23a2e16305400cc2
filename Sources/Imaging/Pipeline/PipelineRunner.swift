/// Applies the steps of a pipeline. Owns the buffers between steps, so that one runner used for one image after
/// another maps its memory once.
public struct PipelineRunner: ~Copyable {
  private var color = PlaneRunner()
  private var alpha = PlaneRunner()

  /// A runner that has no memory yet.
  public init() {}

  /// Writes `source`, changed by `steps`, into `destination`; the last step writes there directly, so that it may be
  /// a borrowed buffer of at least the output's size. An alpha plane follows the geometric steps; the colour profile
  /// is carried over. After an error the destination's pixels are not set.
  public mutating func run(
    _ steps: [Step], on source: borrowing Image, into destination: inout Image
  ) throws(ImagingError) {
    let folded = Step.folded(steps, channels: source.color.shape.channels)
    try color.run(folded, on: source.color, into: &destination.color)
    switch source.alpha {
    case .some(let plane):
      if destination.alpha == nil { destination.alpha = PixelBuffer() }
      try destination.alpha?.fill(from: plane, by: steps.filter(\.isGeometric), with: &alpha)
    case .none:
      destination.alpha = nil
    }
    destination.colorProfile = source.colorProfile
  }
}

/// Applies steps to one plane: between two buffers in turn, and at last into the destination.
private struct PlaneRunner: ~Copyable {
  private var even = PixelBuffer()
  private var odd = PixelBuffer()

  mutating func run(
    _ steps: [Step], on source: borrowing PixelBuffer, into destination: inout PixelBuffer
  ) throws(ImagingError) {
    guard let first = steps.first, let last = steps.last else { return destination.copy(from: source) }
    guard steps.count > 1 else { return try first.apply(to: source, into: &destination) }
    try first.apply(to: source, into: &even)
    for index in 1..<steps.count - 1 {
      if index.isMultiple(of: 2) {
        try steps[index].apply(to: odd, into: &even)
      } else {
        try steps[index].apply(to: even, into: &odd)
      }
    }
    if steps.count.isMultiple(of: 2) {
      try last.apply(to: even, into: &destination)
    } else {
      try last.apply(to: odd, into: &destination)
    }
  }
}

extension PixelBuffer {
  fileprivate mutating func fill(
    from source: borrowing PixelBuffer, by steps: [Step], with runner: inout PlaneRunner
  ) throws(ImagingError) {
    try runner.run(steps, on: source, into: &self)
  }
}
