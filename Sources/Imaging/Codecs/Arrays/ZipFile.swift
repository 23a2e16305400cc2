internal import CImaging

/// A ZIP archive of one stored file, as `numpy.savez` makes it, but without a date: the same content gives the same
/// bytes.
struct ZipFile {
  let bytes: [UInt8]

  /// - Parameters:
  ///   - name: ASCII.
  ///   - content: below 4 GiB, the limit of the format without its extensions.
  init(_ name: String, _ content: [UInt8]) throws(ImagingError) {
    guard let size = UInt32(exactly: content.count), size < .max - 1000 else {
      throw .unsupported("an array of 4 GiB or more does not fit into an archive")
    }
    let checksum = unsafe cimaging_checksum(content, content.count)
    let title = Array(name.utf8)
    // Version 2.0, no flags, stored, 1 January 1980, and the facts of the file.
    let facts =
      Self.words([20, 0, 0, 0, 0x21]) + Self.longs([checksum, size, size]) + Self.words([UInt16(title.count), 0])
    let local = Self.longs([0x0403_4b50]) + facts + title
    // Made by version 2.0; no comment, first disk, no attributes, at the beginning.
    let entry =
      Self.longs([0x0201_4b50]) + Self.words([20]) + facts + Self.words([0, 0, 0]) + Self.longs([0, 0]) + title
    let start = UInt32(local.count) + size
    let end =
      Self.longs([0x0605_4b50]) + Self.words([0, 0, 1, 1]) + Self.longs([UInt32(entry.count), start]) + Self.words([0])
    bytes = local + content + entry + end
  }

  private static func words(_ values: [UInt16]) -> [UInt8] {
    values.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
  }

  private static func longs(_ values: [UInt32]) -> [UInt8] {
    values.flatMap { value in stride(from: 0, to: 32, by: 8).map { UInt8(truncatingIfNeeded: value >> UInt32($0)) } }
  }
}
