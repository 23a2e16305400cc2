/// The container of a WebP file: a RIFF file of chunks, each a name of four letters, a length and a content. The pixels
/// are left to libwebp. The input is untrusted.
struct WebPChunks {
  /// Of the canvas, if the file has a chunk that tells it; then it may be animated and have metadata.
  private(set) var canvas = ImageSize(width: 0, height: 0)
  /// Where the first frame of an animation lies; `nil` for other files.
  private(set) var frame: Rectangle?
  private(set) var frameCount = 1
  /// Empty if there is none.
  private(set) var colorProfile: [UInt8] = []
  /// A TIFF structure; empty if there is none.
  private(set) var exif: [UInt8] = []
  /// Empty if there is none.
  private(set) var xmp: [UInt8] = []
  private var announcesExif = false
  /// Whether the file has EXIF behind these bytes, which may be only its first.
  var lacksExif: Bool { announcesExif && exif.isEmpty && !isComplete }
  /// Whether the bytes reach to the end that the file states.
  private(set) var isComplete = false
  /// The image, or the first frame of an animation.
  private var dataRange: Range<Int>

  /// More than any profile or EXIF in practice.
  private static let byteLimit = 8 << 20
  private static let headByteCount = 12

  init(_ bytes: FileBytes) {
    dataRange = 0..<bytes.count
    let end = 8 + (bytes.little(4, at: 4) ?? .max - 8)
    isComplete = end <= bytes.count
    var (offset, animatedCount) = (Self.headByteCount, 0)
    while offset + 8 <= min(end, bytes.count), let count = bytes.little(4, at: offset + 4) {
      let content = offset + 8
      if bytes.holds("VP8X", at: offset) {
        canvas = Self.size(bytes, at: content + 4) ?? canvas
        announcesExif = (bytes[content] ?? 0) & Flag.exif != 0
      } else if bytes.holds("ANMF", at: offset) {
        if animatedCount == 0 { noteFrame(bytes, content, count) }
        animatedCount += 1
      } else {
        noteMetadata(bytes, at: offset, count)
      }
      offset = content + count + count % 2
    }
    frameCount = max(1, animatedCount)
  }

  /// What libwebp is to read.
  @unsafe
  func imageData(in bytes: UnsafeRawBufferPointer) -> UnsafeBufferPointer<UInt8> {
    let data = unsafe UnsafeRawBufferPointer(rebasing: bytes[dataRange.clamped(to: 0..<bytes.count)])
    return unsafe data.bindMemory(to: UInt8.self)
  }

  /// Two numbers of 24 bits, each less by one than a side.
  private static func size(_ bytes: FileBytes, at offset: Int) -> ImageSize? {
    guard let width = bytes.little(3, at: offset), let height = bytes.little(3, at: offset + 3) else { return nil }
    return ImageSize(width: width + 1, height: height + 1)
  }

  /// Half of each coordinate, the size, the duration and flags; then the chunks of an image.
  private mutating func noteFrame(_ bytes: FileBytes, _ content: Int, _ count: Int) {
    guard let x = bytes.little(3, at: content), let y = bytes.little(3, at: content + 3),
      let size = Self.size(bytes, at: content + 6), count >= 16, content + 16 <= bytes.count
    else { return }
    frame = Rectangle(x: 2 * x, y: 2 * y, width: size.width, height: size.height)
    dataRange = content + 16..<min(content + count, bytes.count)
  }

  private mutating func noteMetadata(_ bytes: FileBytes, at offset: Int, _ count: Int) {
    guard count <= Self.byteLimit else { return }
    let content = { bytes.copy(count, at: offset + 8) ?? [] }
    if bytes.holds("ICCP", at: offset), colorProfile.isEmpty {
      colorProfile = content()
    } else if bytes.holds("EXIF", at: offset), exif.isEmpty {
      // Some writers add what introduces EXIF in a JPEG.
      let (found, signature) = (content(), [UInt8]("Exif\0\0".utf8))
      exif = found.starts(with: signature) ? [UInt8](found.dropFirst(signature.count)) : found
    } else if bytes.holds("XMP ", at: offset), xmp.isEmpty {
      xmp = content()
    }
  }
}

extension WebPChunks {
  /// The flags of the chunk that announces what else there is.
  private enum Flag {
    static let colorProfile: UInt8 = 0x20
    static let alpha: UInt8 = 0x10
    static let exif: UInt8 = 0x08
    static let xmp: UInt8 = 0x04
  }

  /// Adds metadata to a file by libwebp, which writes none.
  static func inserting(
    _ metadata: ImageMetadata, profile: [UInt8], _ shape: ImageShape, hasAlpha: Bool, into file: [UInt8]
  ) -> [UInt8] {
    guard !profile.isEmpty || !metadata.exif.isEmpty || !metadata.xmp.isEmpty else { return file }
    let isExtended = file.dropFirst(headByteCount).starts(with: "VP8X".utf8)
    let image = file.dropFirst(headByteCount + (isExtended ? 18 : 0))
    let flags =
      (profile.isEmpty ? 0 : Flag.colorProfile) | (hasAlpha ? Flag.alpha : 0)
      | (metadata.exif.isEmpty ? 0 : Flag.exif) | (metadata.xmp.isEmpty ? 0 : Flag.xmp)
    let size = little(shape.width - 1, 3) + little(shape.height - 1, 3)
    let chunks =
      chunk("VP8X", [flags, 0, 0, 0] + size) + chunk("ICCP", profile) + image + chunk("EXIF", metadata.exif)
      + chunk("XMP ", metadata.xmp)
    return [UInt8]("RIFF".utf8) + little(chunks.count + 4, 4) + [UInt8]("WEBP".utf8) + chunks
  }

  /// Nothing, if there is no content.
  private static func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
    guard !content.isEmpty else { return [] }
    return [UInt8](name.utf8) + little(content.count, 4) + content + (content.count % 2 == 0 ? [] : [0])
  }

  private static func little(_ number: Int, _ count: Int) -> [UInt8] {
    BigEndian.bytes(of: number, count: count).reversed()
  }
}
