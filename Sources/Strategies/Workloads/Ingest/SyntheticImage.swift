internal import Imaging

/// Uniform noise, drawn from the seed of a run, the URL that it stands in for and the number of the image.
enum SyntheticImage {
  static func draw(into image: inout Image, _ size: ImageSize, _ key: StreamKey) throws(ImagingError) {
    image.alpha = nil
    image.metadata = ImageMetadata()
    try image.color.reshape(to: ImageShape(width: size.width, height: size.height, channels: 3))
    // The stream of node 0; the waits between attempts are drawn from those after it.
    var random = key.stream(node: 0)
    unsafe image.color.withBytes { memory in
      var offset = 0
      while offset < memory.count {
        var word = random.next().littleEndian
        let count = min(8, memory.count - offset)
        unsafe withUnsafeBytes(of: &word) { bytes in
          unsafe UnsafeMutableRawBufferPointer(rebasing: memory[offset..<offset + count])
            .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<count]))
        }
        offset += count
      }
    }
  }
}
