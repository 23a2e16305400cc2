internal import CImaging

/// Mirrors and rotates JPEG files losslessly, by rearranging their DCT coefficients instead of decoding.
@safe
package struct LosslessJPEG: ~Copyable {
  /// Which metadata the output keeps.
  package var metadata = MetadataChoice.colour
  private var output = unsafe cimaging_output()

  /// Allocates nothing yet.
  package init() {}

  deinit {
    var output = unsafe output
    unsafe cimaging_output_free(&output)
  }

  /// Brings `bytes` upright, then applies `change`. Quality and pixel density stay; `metadata` selects the rest.
  /// - Returns: `nil` if width or height is not a multiple of the required block size, or the file is damaged or CMYK.
  package mutating func copy(of bytes: [UInt8], changedBy change: Orientation) throws(ImagingError) -> [UInt8]? {
    let segments = JPEGSegments(bytes.span)
    let orientation = ExifReader.orientation(in: segments.exif).followed(by: change)
    switch unsafe cimaging_jpeg_transform(bytes, bytes.count, Int32(orientation.rawValue), &output) {
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
