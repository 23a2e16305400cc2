package import Imaging

/// How an image lies in a slot of shared memory: its colours, its transparency, its metadata, one behind another.
package struct ImageLayout: Codable, Hashable, BitwiseCopyable {
  var width: Int
  var height: Int
  var channels: Int
  var hasAlpha: Bool
  var metadataByteCount: Int

  package init(_ shape: ImageShape, hasAlpha: Bool, metadataByteCount: Int) {
    (width, height, channels) = (shape.width, shape.height, shape.channels)
    (self.hasAlpha, self.metadataByteCount) = (hasAlpha, metadataByteCount)
  }

  init(_ header: ImageHeader) {
    self.init(header.shape, hasAlpha: header.hasAlpha, metadataByteCount: header.metadataByteCount)
  }

  /// The layout of an image as it is.
  init(of image: borrowing Image) {
    self.init(
      image.color.shape, hasAlpha: image.alpha != nil, metadataByteCount: image.metadata.byteCount)
  }

  private var colorShape: ImageShape { ImageShape(width: width, height: height, channels: channels) }
  private var alphaShape: ImageShape { ImageShape(width: width, height: height, channels: hasAlpha ? 1 : 0) }
  private var metadataOffset: Int { colorShape.byteCount + alphaShape.byteCount }

  /// Bytes that the image needs.
  var byteCount: Int { metadataOffset + metadataByteCount }

  /// Calls `body` with the image that lies in `memory`.
  func withImage<Result>(
    in memory: RawSpan, _ body: (borrowing Image) throws -> Result
  ) throws -> Result {
    unsafe try memory.withUnsafeBytes { memory in
      // A borrowed image is not written to.
      var image = unsafe image(in: UnsafeMutableRawBufferPointer(mutating: memory))
      // Bytes that are none come from a process gone wrong; the pixels are all that is left of the image then.
      image.metadata = unsafe ImageMetadata(bytes: [UInt8](memory[metadataOffset..<byteCount])) ?? ImageMetadata()
      return try body(image)
    }
  }

  /// Calls `body` with an image of this layout whose planes lie in `memory`, and puts the metadata that it then has behind
  /// them.
  /// - Returns: the layout of the image as `body` left it, which may have exchanged the sides.
  func write(into memory: inout MutableRawSpan, _ body: (inout Image) throws -> Void) throws -> ImageLayout {
    unsafe try memory.withUnsafeMutableBytes { memory in
      var image = unsafe image(in: memory)
      try body(&image)
      let layout = ImageLayout(of: image)
      precondition(layout.byteCount <= memory.count, "the image has the size that was announced")
      unsafe UnsafeMutableRawBufferPointer(rebasing: memory[layout.metadataOffset...]).copyBytes(
        from: image.metadata.bytes)
      return layout
    }
  }

  private func image(in memory: UnsafeMutableRawBufferPointer) -> Image {
    let color = unsafe UnsafeMutableRawBufferPointer(rebasing: memory[..<colorShape.byteCount])
    guard hasAlpha else { return unsafe Image(color: PixelBuffer(borrowing: color, shape: colorShape)) }
    let alpha = unsafe UnsafeMutableRawBufferPointer(rebasing: memory[colorShape.byteCount..<metadataOffset])
    return unsafe Image(
      color: PixelBuffer(borrowing: color, shape: colorShape), alpha: PixelBuffer(borrowing: alpha, shape: alphaShape))
  }
}
