internal import CImaging

extension PixelBuffer {
  /// Takes the pixels of `source` with some channels changed by operations that keep the shape: three of them as one
  /// colour image, fewer as grey images one after the other.
  mutating func change(
    _ channels: [Int], of source: borrowing PixelBuffer, by operations: [Operation]
  ) throws(ImagingError) {
    precondition(channels.allSatisfy { $0 >= 0 && $0 < source.shape.channels }, "channels of the image")
    try copy(from: source)
    var picked = PixelBuffer()
    var changed = PixelBuffer()
    var runner = PlaneRunner()
    let groups = channels.count == 3 ? [channels] : channels.map { [$0] }
    for group in groups {
      try picked.take(group, of: source)
      try runner.run(operations, on: picked, into: &changed)
      guard changed.shape == picked.shape else { throw .failed("a change of some channels has changed the shape") }
      try put(changed, into: group)
    }
  }

  /// Takes one or all channels of `source`, in the order given.
  mutating func take(_ channels: [Int], of source: borrowing PixelBuffer) throws(ImagingError) {
    if source.shape.channels == 1 { return try copy(from: source) }
    guard channels.count == 1 else { return try shuffle(source, by: channels) }
    let plane = ImageShape(width: source.shape.width, height: source.shape.height, channels: 1)
    unsafe try fill(plane, from: source) { source, destination, message in
      unsafe cimaging_take_channel(source, destination, Int32(channels[0]), message)
    }
  }

  /// Overwrites one or all channels with those of `other`, in the order given.
  private mutating func put(_ other: borrowing PixelBuffer, into channels: [Int]) throws(ImagingError) {
    if shape.channels == 1 { return try copy(from: other) }
    guard channels.count == 1 else {
      return try shuffle(other, by: channels.indices.map { channels.firstIndex(of: $0) ?? $0 })
    }
    unsafe try fill(shape, from: other) { source, destination, message in
      unsafe cimaging_put_channel(source, destination, Int32(channels[0]), message)
    }
  }

  private mutating func shuffle(_ source: borrowing PixelBuffer, by order: [Int]) throws(ImagingError) {
    let places = order.map { Int32($0) }
    unsafe try fill(source.shape, from: source) { source, destination, message in
      unsafe cimaging_shuffle(source, destination, places, message)
    }
  }
}
