internal import CImaging

/// Mirrors and rotates JPEG files by their coefficients: nothing is decoded and encoded, so nothing is lost.
@safe
public struct LosslessJPEG: ~Copyable {
  /// Which metadata files keep.
  package var metadata = MetadataChoice.colour
  private var output = unsafe cimaging_output()

  /// Has no memory yet.
  public init() {}

  deinit {
    var output = unsafe output
    unsafe cimaging_output_free(&output)
  }

  /// The file `bytes` brought upright and then changed by `change`, as a file of the same quality and with the
  /// metadata that are kept; the density of pixels stays in any case.
  /// - Returns: `nil` where width or height is no multiple of what its blocks need, or the file is damaged or CMYK.
  public mutating func copy(of bytes: [UInt8], changedBy change: Orientation) throws(ImagingError) -> [UInt8]? {
    let segments = JPEGSegments(bytes.span)
    let orientation = ExifReader.orientation(in: segments.exif).followed(by: change)
    switch unsafe cimaging_jpeg_turn(bytes, bytes.count, Int32(orientation.rawValue), &output) {
    case CIMAGING_OK: break
    case CIMAGING_OUT_OF_MEMORY: throw .outOfMemory
    default: return nil
    }
    let changed = unsafe [UInt8](UnsafeBufferPointer(start: output.base, count: output.count))
    let kept = segments.metadata.kept(by: metadata)
    let profile = kept.colorProfile.isEmpty ? [] : segments.profileSegments
    return JPEGSegments.inserting(JPEGSegments.segments(of: kept) + profile, nil, into: changed)
  }
}
