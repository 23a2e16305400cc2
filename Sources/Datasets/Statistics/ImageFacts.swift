package import Imaging
internal import Platform
internal import SystemPackage

/// What is known of an image without its pixels.
package struct ImageFacts: Hashable, Sendable {
  package var path: String
  package var format: ImageFormat
  /// Upright.
  package var size: ImageSize
  package var isGrey: Bool
  package var hasAlpha: Bool
  package var byteCount: Int

  package init(
    path: String, format: ImageFormat, size: ImageSize, isGrey: Bool = false, hasAlpha: Bool = false, byteCount: Int = 0
  ) {
    (self.path, self.format, self.size) = (path, format, size)
    (self.isGrey, self.hasAlpha, self.byteCount) = (isGrey, hasAlpha, byteCount)
  }
}

/// Reads the headers of images, and compares files by their bytes.
package struct ImageInspector: ~Copyable {
  private let input: InputFolder
  private let maxPixels: Int
  private let decoder = ImageDecoder()

  /// Enough for nearly all headers; those behind large profiles or thumbnails need more.
  private static let headByteCounts = [64 << 10, 8 << 20]

  package init(_ input: InputFolder, maxPixels: Int = ImageDecoder.defaultMaxPixels) {
    (self.input, self.maxPixels) = (input, maxPixels)
  }

  /// - Throws: `FileError` or `ImagingError`.
  package func facts(of image: InputImage) throws -> ImageFacts {
    let byteCount = Int(try input.folder.status(of: FilePath(text: image.path)).size)
    let header = try header(of: image, byteCount: byteCount)
    return ImageFacts(
      path: image.path, format: image.format, size: header.uprightSize, isGrey: header.shape.channels == 1,
      hasAlpha: header.hasAlpha, byteCount: byteCount)
  }

  private func header(of image: InputImage, byteCount: Int) throws -> ImageHeader {
    for count in Self.headByteCounts where count < byteCount {
      let head = try input.head(image.path, count: count)
      if let header = unsafe try? decoder.header(of: head.span.bytes, maxPixels: maxPixels) { return header }
    }
    let bytes = try input.read(image.path, limit: ImageFile.byteLimit(maxPixels))
    return unsafe try decoder.header(of: bytes.span.bytes, maxPixels: maxPixels)
  }

  /// Which of these files have the same bytes: sets of two or more paths, each and all sorted. Only files of the same
  /// length are read.
  package func duplicates(among images: [ImageFacts]) -> [[String]] {
    let alike = Dictionary(grouping: images, by: \.byteCount).values.filter { $0.count > 1 }
    let sets = alike.flatMap { candidates -> [[String]] in
      let digests = candidates.compactMap { facts in digest(of: facts.path).map { (digest: $0, path: facts.path) } }
      return Dictionary(grouping: digests, by: \.digest).values.filter { $0.count > 1 }.map { $0.map(\.path) }
    }
    return sets.map { $0.sorted { $0.precedes($1) } }.sorted { $0[0].precedes($1[0]) }
  }

  /// `nil` if the file cannot be read any more.
  private func digest(of path: String) -> SipHash.Digest? {
    guard let bytes = try? input.read(path, limit: ImageFile.byteLimit(maxPixels)) else { return nil }
    return unsafe SipHash.digest(of: bytes.span.bytes, key: key)
  }

  /// Drawn for each run, so that no file can be made to look like another.
  private let key = (UInt64.random(in: 0 ... .max), UInt64.random(in: 0 ... .max))
}
