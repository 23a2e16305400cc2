package import Imaging
package import ProcPool

/// A decoded image in shared memory.
package struct SharedSource: Codable, Hashable, BitwiseCopyable {
  package var slot: SharedSlot
  var layout: ImageLayout
}

/// A task, and the place of its decoded image. Without a source, the rank that does the task reads the image itself.
package struct SharedTask: Codable, Hashable, BitwiseCopyable {
  package var task: Int
  package var source: SharedSource?
}

/// Copies waiting to be saved.
typealias CopyQueue = SharedQueue<QueuedCopy>

/// A copy in a `CopyQueue`.
struct QueuedCopy: Hashable, BitwiseCopyable {
  /// Attempts at saving a copy before it is dropped.
  static let deliveryLimit = 2

  var task: Int
  var layout: ImageLayout
}

/// A report behind a head of fixed size, as sent from a worker to the main process.
package struct HeadedReport<Head: BitwiseCopyable> {
  var head: Head
  package var report: TaskReport

  package init(head: Head, report: TaskReport) { (self.head, self.report) = (head, report) }

  init(payload: [UInt8]) {
    let size = MemoryLayout<Head>.size
    precondition(payload.count > size, "a message is as it was sent")
    head = unsafe payload.withUnsafeBytes { unsafe $0.loadUnaligned(as: Head.self) }
    report = TaskReport(payload: payload[size...])
  }

  package var payload: [UInt8] { unsafe withUnsafeBytes(of: head) { unsafe [UInt8]($0) } + report.payload }
}

extension HeadedReport<ImageLayout?> {
  /// The report of an image that a simulation has read.
  static var virtual: Self {
    Self(
      head: ImageLayout(ImageShape(width: 1, height: 1, channels: 1), hasAlpha: false, metadataByteCount: 0),
      report: TaskReport())
  }
}

/// How an image lies in a slot of shared memory: colours, alpha, metadata, one after the other.
package struct ImageLayout: Codable, Hashable, BitwiseCopyable {
  var width: Int
  var height: Int
  var channels: Int
  var hasAlpha: Bool
  var metadataByteCount: Int
  private var reduction: Reduction?

  package init(_ shape: ImageShape, hasAlpha: Bool, metadataByteCount: Int) {
    (width, height, channels) = (shape.width, shape.height, shape.channels)
    (self.hasAlpha, self.metadataByteCount) = (hasAlpha, metadataByteCount)
  }

  init(_ header: ImageHeader) {
    self.init(header.shape, hasAlpha: header.hasAlpha, metadataByteCount: header.metadataByteCount)
    reduction = header.reduction
  }

  init(of image: borrowing Image) {
    self.init(
      image.color.shape, hasAlpha: image.alpha != nil, metadataByteCount: image.metadata.byteCount)
    reduction = image.reduction
  }

  private var colorShape: ImageShape { ImageShape(width: width, height: height, channels: channels) }
  private var alphaShape: ImageShape { ImageShape(width: width, height: height, channels: hasAlpha ? 1 : 0) }
  private var metadataOffset: Int { colorShape.byteCount + alphaShape.byteCount }

  var byteCount: Int { metadataOffset + metadataByteCount }

  /// Calls `body` with the image in `memory`.
  func withImage<Result>(
    in memory: RawSpan, _ body: (borrowing Image) throws -> Result
  ) throws -> Result {
    unsafe try memory.withUnsafeBytes { memory in
      // `body` only borrows the image, so nothing writes to the memory.
      var image = unsafe image(in: UnsafeMutableRawBufferPointer(mutating: memory))
      // Invalid metadata bytes come from a process gone wrong; the pixels are still used.
      image.metadata = unsafe ImageMetadata(bytes: [UInt8](memory[metadataOffset..<byteCount])) ?? ImageMetadata()
      image.reduction = reduction
      return try body(image)
    }
  }

  /// Calls `body` with an image of this layout whose planes lie in `memory`, then stores the image's metadata after
  /// them.
  /// - Returns: the layout of the image as `body` left it; width and height may be swapped.
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
