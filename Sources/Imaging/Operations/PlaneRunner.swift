/// Applies operations to one plane, alternating between a scratch buffer and the destination so that the last result
/// ends up in the destination.
struct PlaneRunner: ~Copyable {
  private var spare = PixelBuffer()
  /// Input of the last operation, if intermediate results do not fit in the destination.
  private var large = PixelBuffer()

  mutating func run(
    _ operations: [Operation], on source: borrowing PixelBuffer, into destination: inout PixelBuffer
  ) throws(ImagingError) {
    guard let last = operations.last, !isRoomFor(operations, on: source.shape, in: destination) else {
      return try alternate(operations[...], on: source, into: &destination)
    }
    var large = PixelBuffer()
    swap(&large, &self.large)
    try alternate(operations.dropLast(), on: source, into: &large)
    try last.apply(to: large, into: &destination)
    swap(&large, &self.large)
  }

  /// Whether all intermediate results that would lie in `destination` fit there.
  private func isRoomFor(
    _ operations: [Operation], on shape: ImageShape, in destination: borrowing PixelBuffer
  ) -> Bool {
    var shape = shape
    for (index, operation) in operations.enumerated() {
      shape = operation.outputShape(for: shape)
      let isInDestination = !(operations.count - index).isMultiple(of: 2)
      if isInDestination && !destination.canTake(shape) { return index == operations.count - 1 }
    }
    return true
  }

  private mutating func alternate(
    _ operations: ArraySlice<Operation>, on source: borrowing PixelBuffer, into target: inout PixelBuffer
  ) throws(ImagingError) {
    guard let first = operations.first else { return try target.copy(from: source) }
    var isInTarget = !operations.count.isMultiple(of: 2)
    if isInTarget {
      try first.apply(to: source, into: &target)
    } else {
      try first.apply(to: source, into: &spare)
    }
    for operation in operations.dropFirst() {
      if isInTarget {
        try operation.apply(to: target, into: &spare)
      } else {
        try operation.apply(to: spare, into: &target)
      }
      isInTarget.toggle()
    }
  }
}
