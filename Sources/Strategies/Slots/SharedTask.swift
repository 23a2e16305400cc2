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

/// A copy in a `CopyQueue`. Of numbers alone, so that whatever a worker in the wrong hands writes there is a value.
struct QueuedCopy: BitwiseCopyable {
  /// Attempts at saving a copy before it is dropped.
  static let deliveryLimit = 2

  var task: Int
  private var words: ImageLayout.Words

  init(task: Int, layout: ImageLayout) { (self.task, words) = (task, layout.words) }

  /// `nil` if the words are no layout.
  var layout: ImageLayout? { ImageLayout(validating: words) }
}

/// What a schedule decides by, ahead of a report.
package protocol ReportHead {
  func append(to bytes: inout [UInt8])
  init(from reader: inout MessageReader) throws(MessageReader.Malformed)
}

/// A report behind a head, as sent from a worker to the main process.
package struct HeadedReport<Head: ReportHead> {
  var head: Head
  package var report: TaskReport

  package init(head: Head, report: TaskReport) { (self.head, self.report) = (head, report) }

  /// Decodes a `payload`; `nil` if the bytes are none.
  package init?(validating payload: [UInt8]) {
    let headed = MessageReader.read(payload) { reader throws(MessageReader.Malformed) in
      HeadedReport(head: try Head(from: &reader), report: try TaskReport(from: &reader))
    }
    guard let headed else { return nil }
    self = headed
  }

  package var payload: [UInt8] {
    var bytes: [UInt8] = []
    head.append(to: &bytes)
    return bytes + report.payload
  }
}

extension Bool: ReportHead {
  package func append(to bytes: inout [UInt8]) { bytes.append(self ? 1 : 0) }

  package init(from reader: inout MessageReader) throws(MessageReader.Malformed) {
    let byte = try reader.byte()
    guard byte < 2 else { throw MessageReader.Malformed() }
    self = byte == 1
  }
}

extension Optional: ReportHead where Wrapped == ImageLayout {
  package func append(to bytes: inout [UInt8]) {
    (self != nil).append(to: &bytes)
    guard let words = self?.words else { return }
    for index in words.indices { bytes.append(word: words[index]) }
  }

  package init(from reader: inout MessageReader) throws(MessageReader.Malformed) {
    guard try Bool(from: &reader) else {
      self = nil
      return
    }
    var words = ImageLayout.Words(repeating: 0)
    for index in words.indices { words[index] = try reader.word() }
    self = try ImageLayout(validating: words).orMalformed()
  }
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
///
/// Invariant: the sizes are positive and so small that none of their products overflows. So a layout may be larger than
/// its slot, but whoever compares `byteCount` with the slot's need not fear what lies in it.
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
    guard byteCount <= memory.byteCount else { throw ImagingError.failed("its pixels are not where they should be") }
    return unsafe try memory.withUnsafeBytes { memory in
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
      precondition(byteCount <= memory.count, "the image has been given its room")
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

// The layout as it comes from another process.
extension ImageLayout {
  /// Width, height, channels, flags, bytes of metadata, and the numbers of the reduction.
  typealias Words = [11 of UInt64]

  var words: Words {
    var words = Words(repeating: 0)
    (words[0], words[1], words[2]) = (UInt64(width), UInt64(height), UInt64(channels))
    words[3] = (hasAlpha ? 1 : 0) + (reduction == nil ? 0 : 2)
    words[4] = UInt64(metadataByteCount)
    for (index, number) in (reduction?.numbers ?? []).enumerated() { words[5 + index] = number.bitPattern }
    return words
  }

  /// More pixels to a side, or bytes of metadata, than any file has that is decoded.
  private static let most: UInt64 = 1 << 28

  /// `nil` if the words are no layout.
  package init?(validating words: [11 of UInt64]) {
    let sides = 1...Self.most
    guard sides.contains(words[0]), sides.contains(words[1]), words[2] == 1 || words[2] == 3, words[3] < 4,
      words[4] <= Self.most
    else { return nil }
    (width, height, channels) = (Int(words[0]), Int(words[1]), Int(words[2]))
    (hasAlpha, metadataByteCount) = (words[3] & 1 != 0, Int(words[4]))
    guard words[3] & 2 != 0 else { return }
    reduction = Reduction(validating: (5..<11).map { Double(bitPattern: words[$0]) })
    if reduction == nil { return nil }
  }
}
