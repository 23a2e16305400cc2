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

/// Applies steps to one plane: in turn between a buffer of its own and the destination, so that the last one ends there.
private struct PlaneRunner: ~Copyable {
  private var spare = PixelBuffer()
  /// In place of a destination that is too small for what comes before the last step.
  private var large = PixelBuffer()

  mutating func run(
    _ steps: [Step], on source: borrowing PixelBuffer, into destination: inout PixelBuffer
  ) throws(ImagingError) {
    if isRoomFor(steps, on: source.shape, in: destination) {
      return try alternate(steps[...], on: source, into: &destination)
    }
    var large = PixelBuffer()
    swap(&large, &self.large)
    try alternate(steps.dropLast(), on: source, into: &large)
    try steps[steps.count - 1].apply(to: large, into: &destination)
    swap(&large, &self.large)
  }

  /// Whether all that would lie in `destination` on the way fits there.
  private func isRoomFor(
    _ steps: [Step], on shape: ImageShape, in destination: borrowing PixelBuffer
  ) -> Bool {
    var shape = shape
    for (index, step) in steps.enumerated() {
      shape = step.outputShape(for: shape)
      if (steps.count - index).isMultiple(of: 2) { continue }
      guard destination.canTake(shape) else { return index == steps.count - 1 }
    }
    return true
  }

  private mutating func alternate(
    _ steps: ArraySlice<Step>, on source: borrowing PixelBuffer, into target: inout PixelBuffer
  ) throws(ImagingError) {
    guard let first = steps.first else { return target.copy(from: source) }
    var isInTarget = !steps.count.isMultiple(of: 2)
    if isInTarget {
      try first.apply(to: source, into: &target)
    } else {
      try first.apply(to: source, into: &spare)
    }
    for step in steps.dropFirst() {
      if isInTarget {
        try step.apply(to: target, into: &spare)
      } else {
        try step.apply(to: spare, into: &target)
      }
      isInTarget.toggle()
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
