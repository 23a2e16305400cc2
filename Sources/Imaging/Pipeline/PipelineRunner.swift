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
    try color.run(Self.colorSteps(steps, source), on: source.color, into: &destination.color)
    try Self.makeAlpha(of: source, &destination) { (plane, result) throws(ImagingError) in
      try alpha.run(steps.filter(\.isGeometric), on: plane, into: &result)
    }
  }

  /// The same in two parts: all steps but the last, whose outcome stays here.
  public mutating func runAllButLast(_ steps: [Step], on source: borrowing Image) throws(ImagingError) {
    try color.runAllButLast(Self.colorSteps(steps, source), on: source.color)
    switch source.alpha {
    case .some(let plane): try alpha.runAllButLast(steps.filter(\.isGeometric), on: plane)
    case .none: break
    }
  }

  /// The last step, after `runAllButLast` with the same steps and source. A destination that many wait for is taken for
  /// this part only.
  public mutating func runLast(
    of steps: [Step], on source: borrowing Image, into destination: inout Image
  ) throws(ImagingError) {
    try color.runLast(of: Self.colorSteps(steps, source), on: source.color, into: &destination.color)
    try Self.makeAlpha(of: source, &destination) { (plane, result) throws(ImagingError) in
      try alpha.runLast(of: steps.filter(\.isGeometric), on: plane, into: &result)
    }
  }

  private static func colorSteps(_ steps: [Step], _ source: borrowing Image) -> [Step] {
    Step.folded(steps, channels: source.color.shape.channels)
  }

  /// Has `body` make the alpha plane, where there is one, and carries the colour profile over.
  private static func makeAlpha(
    of source: borrowing Image, _ destination: inout Image,
    _ body: (borrowing PixelBuffer, inout PixelBuffer) throws(ImagingError) -> Void
  ) throws(ImagingError) {
    switch source.alpha {
    case .some(let plane):
      var result = destination.alpha.take() ?? PixelBuffer()
      try body(plane, &result)
      destination.alpha = consume result
    case .none:
      destination.alpha = nil
    }
    destination.colorProfile = source.colorProfile
  }
}

/// Applies steps to one plane: in turn between a buffer of its own and the destination, so that the last one ends there.
private struct PlaneRunner: ~Copyable {
  private var spare = PixelBuffer()
  /// What comes before the last step, where the destination is too small for it or not there yet.
  private var large = PixelBuffer()

  mutating func run(
    _ steps: [Step], on source: borrowing PixelBuffer, into destination: inout PixelBuffer
  ) throws(ImagingError) {
    if isRoomFor(steps, on: source.shape, in: destination) {
      return try alternate(steps[...], on: source, into: &destination)
    }
    try runAllButLast(steps, on: source)
    try runLast(of: steps, on: source, into: &destination)
  }

  mutating func runAllButLast(_ steps: [Step], on source: borrowing PixelBuffer) throws(ImagingError) {
    guard steps.count > 1 else { return }
    var large = PixelBuffer()
    swap(&large, &self.large)
    try alternate(steps.dropLast(), on: source, into: &large)
    swap(&large, &self.large)
  }

  mutating func runLast(
    of steps: [Step], on source: borrowing PixelBuffer, into destination: inout PixelBuffer
  ) throws(ImagingError) {
    guard let last = steps.last else { return try destination.copy(from: source) }
    if steps.count > 1 {
      try last.apply(to: large, into: &destination)
    } else {
      try last.apply(to: source, into: &destination)
    }
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
    guard let first = steps.first else { return try target.copy(from: source) }
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
