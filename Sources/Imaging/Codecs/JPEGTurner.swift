internal import CImaging

/// Mirrors and turns JPEG files by their coefficients: nothing is decoded and encoded, so nothing is lost.
@safe
public struct JPEGTurner: ~Copyable {
  /// Which metadata files keep.
  package var metadata = MetadataChoice.colour
  private var output = unsafe cimaging_output()

  /// A turner without any memory yet.
  public init() {}

  deinit {
    var output = unsafe output
    unsafe cimaging_output_free(&output)
  }

  /// The file `bytes` brought upright and then changed by `steps`, as a file of the same quality and with the
  /// metadata that are kept; the density of pixels stays in any case.
  /// - Returns: `nil` where that is no matter of mirroring and turning alone, where width or height is no multiple of what
  ///   its blocks need, or where the file is damaged or CMYK.
  public mutating func copy(of bytes: [UInt8], changedBy steps: [Step]) throws(ImagingError) -> [UInt8]? {
    guard let turn = Step.turn(of: steps) else { return nil }
    let segments = JPEGSegments(bytes.span)
    let orientation = ExifReader.orientation(in: segments.exif).followed(by: turn)
    switch unsafe cimaging_jpeg_turn(bytes, bytes.count, Int32(orientation.rawValue), &output) {
    case CIMAGING_OK: break
    case CIMAGING_OUT_OF_MEMORY: throw .outOfMemory
    default: return nil
    }
    let turned = unsafe [UInt8](UnsafeBufferPointer(start: output.base, count: output.count))
    let kept = segments.metadata.kept(by: metadata)
    let profile = kept.colorProfile.isEmpty ? [] : segments.profileSegments
    return JPEGSegments.inserting(JPEGSegments.segments(of: kept) + profile, nil, into: turned)
  }
}

extension Step {
  /// What the steps do together, where all of them only mirror and turn; `nil` where one does more.
  package static func turn(of steps: [Step]) -> Orientation? {
    var turn = Orientation.upright
    for step in steps {
      guard let next = step.turn else { return nil }
      turn = turn.followed(by: next)
    }
    return turn
  }
}
