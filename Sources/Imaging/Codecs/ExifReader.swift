/// Reads the orientation out of EXIF data, which comes from strangers: whatever is broken means "upright".
public struct ExifReader {
  private static let orientationTag = 0x0112

  /// The orientation in `exif`, a TIFF structure as it stands behind "Exif\0\0" in a JPEG or in an eXIf chunk of a PNG:
  /// that of the first directory, which is the image's; a second one describes the thumbnail.
  public static func orientation(in exif: [UInt8]) -> Orientation {
    guard let source = TIFFBytes(exif), let directory = source.firstDirectory,
      let entry = source.entry(tagged: orientationTag, at: directory), let number = source.number(of: entry)
    else { return .upright }
    return Orientation(rawValue: number) ?? .upright
  }
}
