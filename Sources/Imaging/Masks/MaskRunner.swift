/// Moves masks with their images. Owns the intermediate buffers, so that a reused runner maps them once.
package struct MaskRunner: ~Copyable {
  private var runner = PlaneRunner()

  /// Allocates nothing yet.
  package init() {}

  /// Writes `source`, moved by the geometries among `operations`, and changed by what else reaches masks, into
  /// `destination`. The operations are those of an image of the same size.
  ///
  /// Every value of the result is one of the source's or, beyond a constant border, the fill for masks: the pixel
  /// nearest to where the image is sampled. Only grey of 8 bits obeys an interpolation that a pipeline file gives for
  /// masks; of indices and colours there is no mean, and the bytes of 16 bits have none of their own.
  package mutating func run(
    _ operations: [Operation], on source: borrowing MaskImage, into destination: inout MaskImage
  ) throws(ImagingError) {
    destination.layout = source.layout
    let followed = operations.labelled
    for plane in source.layout.planes {
      var operations: [Operation] = []
      for operation in followed { operations.append(try operation.moving(plane, of: source.layout)) }
      try runner.run(operations, on: source.planes[plane.rawValue], into: &destination.planes[plane.rawValue])
    }
  }
}

extension Operation {
  /// The operation as a plane of a mask follows it.
  fileprivate func moving(_ plane: MaskPlane, of layout: MaskLayout) throws(ImagingError) -> Operation {
    if case .drop(let drop) = self {
      guard let fill = drop.maskFill else { return .identity }
      return try drop.filling(with: layout.fill(plane, from: fill).map { UInt8($0) })
    }
    guard case .geometry(let geometry, var resampling) = self else { return self }
    let isGrey = layout.colors == .grey && layout.bitDepth == 8
    resampling.interpolation = isGrey ? resampling.maskInterpolation : .nearest
    resampling.fill = layout.fill(plane, from: resampling.maskFill)
    return .geometry(geometry, resampling)
  }
}

extension MaskLayout {
  /// What a plane holds beyond a constant border. A value that has too few bits is the largest that fits, as in OpenCV.
  /// One number fills every channel and the opacity; what is filled with a colour is opaque.
  fileprivate func fill(_ plane: MaskPlane, from fill: [Double]) -> [Double] {
    let values: [Double] =
      switch (plane.isAlpha, fill.count) {
      case (true, 1): fill
      case (true, _): [Double(largestValue)]
      case (false, 1): Array(repeating: fill[0], count: channels)
      case (false, _): (0..<channels).map { $0 < fill.count ? fill[$0] : 0 }
      }
    return values.map { value in
      let value = Int(min(max(value.rounded(.toNearestOrEven), 0), Double(largestValue)))
      return Double(plane.isLow ? value & 255 : bitDepth == 16 ? value >> 8 : value)
    }
  }
}
