public import Imaging
internal import Platform
internal import SystemPackage

/// A single image as a file.
public enum ImageFile {
  /// Reads and decodes the file at `path`; smaller than it is, where it is going to be shrunk into a box.
  public static func read(
    _ path: String, maxPixels: Int = ImageDecoder.defaultMaxPixels, toFit box: (width: Int, height: Int)? = nil
  ) throws -> Image {
    var decoder = ImageDecoder()
    var image = Image()
    let bytes = try File.read(FilePath(text: path), limit: byteLimit(maxPixels))
    _ = unsafe try decoder.decode(bytes.span.bytes, maxPixels: maxPixels, toFit: box, into: &image)
    return image
  }

  /// Encodes an image and writes it, whole or not at all; makes the folders on the way.
  public static func write(
    _ image: borrowing Image, to path: String, as format: ImageFormat, quality: Int = ImageEncoder.defaultQuality
  ) throws {
    var encoder = ImageEncoder()
    let bytes = try encoder.encode(image, as: format, quality: quality)
    try AtomicFile.write(bytes.span, to: FilePath(text: path))
  }

  /// No sound file of an image within the limit is larger, whatever else it holds.
  package static func byteLimit(_ maxPixels: Int) -> Int {
    let (pixels, isOver) = maxPixels.multipliedReportingOverflow(by: 4)
    return isOver ? .max : pixels + min(64 << 20, .max - pixels)
  }
}
