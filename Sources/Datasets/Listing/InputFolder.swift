package import Imaging
package import Platform
internal import SystemPackage

/// The folder that images are read from. Held open, so that it stays the same whatever happens to its path.
///
/// Paths of files are texts as made by `FilePath.text`, relative to the folder.
package final class InputFolder: Sendable {
  /// As the user gave it.
  package let path: String
  package let folder: Folder

  package init(_ path: String, _ folder: Folder) { (self.path, self.folder) = (path, folder) }

  /// How another process opens the same folder.
  package var place: FolderPlace { FolderPlace(path, of: folder) }

  package convenience init(_ place: FolderPlace) throws(FileError) { self.init(place.path, try place.open()) }

  /// Reads a whole file of at most `limit` bytes.
  package func read(_ path: String, limit: Int) throws(FileError) -> [UInt8] {
    try File.read(FilePath(text: path), in: folder, limit: limit)
  }

  /// Reads the file of an image, of at most `limit` bytes, unless it was changed since it was listed.
  package func read(_ image: InputImage, limit: Int) throws(FileError) -> [UInt8] {
    try File.read(FilePath(text: image.path), in: folder, limit: limit, unchangedSince: image.stamp)
  }

  /// Reads the first bytes of a file, at most `count`.
  package func head(_ path: String, count: Int) throws(FileError) -> [UInt8] {
    try File.head(FilePath(text: path), in: folder, count: count)
  }
}

/// An image file to work on: its path, and the format that its first bytes show.
package struct InputImage: Codable, Hashable, Sendable {
  /// Path relative to the input folder, as made by `FilePath.text`.
  package var path: String
  /// Format of the content, whatever the name.
  package var format: ImageFormat
  /// Of the file when it was listed; `nil`: it may change.
  package var stamp: FileStamp?

  package init(path: String, format: ImageFormat, stamp: FileStamp? = nil) {
    (self.path, self.format, self.stamp) = (path, format, stamp)
  }

  /// The path as it determines draws: the path itself if it is UTF-8, otherwise its escaped text.
  package var drawPath: String { String(validating: PathText.bytes(of: path), as: UTF8.self) ?? path }

  /// The name without its extension, and the extension. If the extension does not match the content: the whole name,
  /// and the extension of the format, so that `a.jpg` and a JPEG called `a.png` do not overwrite each other.
  package var stemAndExtension: (stem: String, fileExtension: String) {
    let name = path.lastPathComponent
    if let dot = name.lastIndex(of: "."), dot > name.startIndex {
      let ending = String(name[name.index(after: dot)...])
      if ImageFormat(fileExtension: ending) == format { return (String(name[..<dot]), ending) }
    }
    return (name, format.fileExtensions[0])
  }
}

/// A file that cannot be processed, and why.
package struct FileProblem: Codable, Hashable, Sendable {
  /// Path relative to the input folder.
  package var path: String
  /// A sentence fragment.
  package var reason: String

  package init(path: String, reason: String) { (self.path, self.reason) = (path, reason) }
}

/// Reads and writes a single image file.
package enum ImageFile {
  /// Reads and decodes the file at `path`, at reduced scale if `leastSize` allows it.
  package static func read(
    _ path: String, maxPixels: Int = ImageDecoder.defaultMaxPixels, leastSize: @escaping LeastSize = { _ in nil }
  ) throws -> Image {
    var decoder = ImageDecoder()
    decoder.leastSize = leastSize
    var image = Image()
    let bytes = try File.read(FilePath(text: path), limit: byteLimit(maxPixels))
    _ = unsafe try decoder.decode(bytes.span.bytes, maxPixels: maxPixels, into: &image)
    return image
  }

  /// What the first bytes of the file at `path` show; `nil` if there is no file that can be read.
  package static func kind(of path: String) -> FileKind? {
    (try? File.head(FilePath(text: path), count: FileKind.headCount)).map { FileKind($0) }
  }

  /// Encodes an image and writes it atomically; makes missing parent folders.
  package static func write(
    _ image: borrowing Image, to path: String, as format: ImageFormat, quality: Int = ImageEncoder.defaultQuality
  ) throws {
    var encoder = ImageEncoder()
    let bytes = try encoder.encode(image, as: format, quality: quality)
    try AtomicFile.write(bytes.span, to: FilePath(text: path))
  }

  /// A limit on file sizes: 4 bytes per pixel and 64 MiB, more than any sound file of at most `maxPixels`, whatever
  /// else it holds.
  package static func byteLimit(_ maxPixels: Int) -> Int {
    let (pixels, isOver) = maxPixels.multipliedReportingOverflow(by: 4)
    return isOver ? .max : pixels + min(64 << 20, .max - pixels)
  }
}
