internal import Platform
internal import Synchronization
internal import SystemPackage

/// Decodes reference images when they are needed and keeps the last ones, because the copies of an image follow each
/// other. Threads may share it.
package final class ReferenceLibrary: Sendable {
  package let images: [ReferenceImage]
  /// The folder of the images; `nil` if they are in memory.
  package let folder: String?
  private let load: @Sendable (_ index: Int) throws(ImagingError) -> ReferencePixels
  private let kept = Mutex<[Kept]>([])

  private struct Kept {
    var index, channels: Int
    var pixels: ReferencePixels
  }

  /// Kept beyond the last image, in bytes.
  private static let keptByteLimit = 64 << 20

  /// Images in files.
  package init(_ references: ReferenceImages) {
    (images, folder) = (references.images, references.folder)
    load = { index throws(ImagingError) in try Self.decode(references.images[index], in: references.folder) }
  }

  /// Images in memory, with names of their own.
  package init(_ pixels: [ReferencePixels]) {
    images = pixels.enumerated().map { ReferenceImage(path: "\($0.offset)", size: $0.element.color.shape.size) }
    folder = nil
    load = { index in pixels[index] }
  }

  /// The place of a drawn image; `nil` if it is not there any more.
  package func index(of draw: ReferenceDraw) -> Int? {
    if images.indices.contains(draw.index), images[draw.index].path == draw.path { return draw.index }
    return images.firstIndex { $0.path == draw.path }
  }

  /// The pixels of an image, grey or colour.
  package func pixels(_ index: Int, channels: Int) throws(ImagingError) -> ReferencePixels {
    if let known = take(index, channels) { return known }
    let pixels = try load(index).with(channels: channels)
    kept.withLock { kept in
      kept.append(Kept(index: index, channels: channels, pixels: pixels))
      var byteCount = kept.reduce(0) { $0 + $1.pixels.byteCount }
      while kept.count > 1, byteCount > Self.keptByteLimit { byteCount -= kept.removeFirst().pixels.byteCount }
    }
    return pixels
  }

  /// Finds a kept image and makes it the last to go.
  private func take(_ index: Int, _ channels: Int) -> ReferencePixels? {
    kept.withLock { kept in
      guard let place = kept.firstIndex(where: { $0.index == index && $0.channels == channels }) else { return nil }
      kept.append(kept.remove(at: place))
      return kept[kept.count - 1].pixels
    }
  }

  private static func decode(_ image: ReferenceImage, in folder: String) throws(ImagingError) -> ReferencePixels {
    let path = FilePath(text: folder).pushing(FilePath(text: image.path))
    var decoder = ImageDecoder()
    decoder.metadata = .none
    var decoded = Image()
    do {
      let bytes = try File.read(path, limit: byteLimit)
      _ = try decoder.decode(bytes, into: &decoded)
    } catch {
      throw .failed("its reference image \(path.text) cannot be used: \(error)")
    }
    guard decoded.color.shape.size == image.size else {
      throw .failed("its reference image \(path.text) has another size than when the run began")
    }
    let alpha = decoded.alpha.take()
    return ReferencePixels(decoded.color, alpha: alpha)
  }

  /// More than any sound file of the most pixels that are decoded.
  private static let byteLimit = 4 * ImageDecoder.defaultMaxPixels + 64 << 20
}

/// The pixels of a reference image. They never change, so that threads may share them.
package final class ReferencePixels: @unchecked Sendable {
  package let color: PixelBuffer
  package let alpha: PixelBuffer?

  package init(_ color: consuming PixelBuffer, alpha: consuming PixelBuffer? = nil) {
    self.color = color
    self.alpha = alpha
  }

  /// A copy of opaque pixels.
  package convenience init(copying color: borrowing PixelBuffer) throws(ImagingError) {
    var copy = PixelBuffer()
    try copy.copy(from: color)
    self.init(copy)
  }

  var byteCount: Int { color.shape.byteCount + alphaByteCount }

  private var alphaByteCount: Int {
    switch alpha {
    case .some(let plane): plane.shape.byteCount
    case .none: 0
    }
  }

  /// The same image as grey or as colour.
  func with(channels: Int) throws(ImagingError) -> ReferencePixels {
    if color.shape.channels == channels { return self }
    var changed = PixelBuffer()
    try changed.changeChannels(of: color, to: channels)
    var opacity: PixelBuffer?
    switch alpha {
    case .none: break
    case .some(let plane):
      var copy = PixelBuffer()
      try copy.copy(from: plane)
      opacity = consume copy
    }
    return ReferencePixels(changed, alpha: opacity)
  }

  /// Calls `body` with the colours at a size.
  func withColor(
    _ size: ImageSize, _ interpolation: Resampling.Interpolation,
    _ body: (borrowing PixelBuffer) throws(ImagingError) -> Void
  ) throws(ImagingError) {
    if color.shape.size == size { return try body(color) }
    var resized = PixelBuffer()
    try resized.resize(color, width: size.width, height: size.height, interpolation)
    try body(resized)
  }

  /// Calls `body` with the opacity at a size, each pixel that of the nearest; `nil`: all is opaque.
  func withAlpha(
    _ size: ImageSize, _ body: (borrowing PixelBuffer?) throws(ImagingError) -> Void
  ) throws(ImagingError) {
    switch alpha {
    case .none: try body(nil)
    case .some(let plane) where plane.shape.size == size: try body(alpha)
    case .some(let plane):
      var resized = PixelBuffer()
      try resized.resize(plane, width: size.width, height: size.height, .nearest)
      try body(.some(consume resized))
    }
  }
}
