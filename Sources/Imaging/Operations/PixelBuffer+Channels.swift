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
      put(changed, into: group)
    }
  }

  /// Takes some channels of `source`, in the order given.
  mutating func take(_ channels: [Int], of source: borrowing PixelBuffer) throws(ImagingError) {
    let count = source.shape.width * source.shape.height
    try reshape(to: ImageShape(width: source.shape.width, height: source.shape.height, channels: channels.count))
    let (from, to) = (source.shape.channels, channels.count)
    // Both hold `count` pixels of their number of channels.
    unsafe source.withBytes { input in
      unsafe withBytes { output in
        for (place, channel) in channels.enumerated() {
          for pixel in 0..<count { unsafe output[pixel * to + place] = unsafe input[pixel * from + channel] }
        }
      }
    }
  }

  /// Overwrites some channels with those of `other`, in the order given.
  private mutating func put(_ other: borrowing PixelBuffer, into channels: [Int]) {
    let count = shape.width * shape.height
    let (from, to) = (other.shape.channels, shape.channels)
    unsafe other.withBytes { input in
      unsafe withBytes { output in
        for (place, channel) in channels.enumerated() {
          for pixel in 0..<count { unsafe output[pixel * to + channel] = unsafe input[pixel * from + place] }
        }
      }
    }
  }
}
