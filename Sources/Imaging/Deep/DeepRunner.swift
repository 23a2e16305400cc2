internal import CImaging

/// Moves the pixels of images with 16 bits to a sample. Owns the intermediate buffers, so that a reused runner maps them
/// once.
package struct DeepRunner: ~Copyable {
  private var spare = MaskImage()

  /// Allocates nothing yet.
  package init() {}

  /// Applies operations that move pixels and do nothing else. A fill of 255 stands for the largest sample.
  package mutating func run(_ operations: [Operation], on image: inout DeepImage) throws(ImagingError) {
    for operation in operations.simplified {
      guard case .geometry(let geometry, let resampling) = operation else {
        preconditionFailure("operations on samples of 16 bits only move them")
      }
      try image.samples.move(by: geometry, resampling, into: &spare)
      swap(&image.samples, &spare)
    }
  }
}

extension [Operation] {
  /// The operations, if they move pixels and do nothing else; otherwise `nil`.
  package var movesOnly: [Operation]? {
    let simplified = simplified
    return simplified.allSatisfy { if case .geometry = $0 { true } else { false } } ? simplified : nil
  }
}

extension MaskImage {
  /// Moves pixels of 16 bits as those of an image. Where each comes from one pixel of the source, bytes are moved one by
  /// one; all borders but a constant one repeat pixels, and a constant one has a byte twice: 257 times its fill.
  fileprivate func move(
    by geometry: Geometry, _ resampling: Resampling, into destination: inout MaskImage
  ) throws(ImagingError) {
    let shape = geometry.outputShape(for: layout.shape(of: .color, size))
    try destination.reshape(to: shape.size, layout)
    for plane in layout.planes where !plane.isLow {
      let (high, low) = (plane.rawValue, plane.rawValue + 1)
      let resampling = plane.isAlpha ? resampling.ofAlpha : resampling
      if geometry.keepsPixels(resampling) {
        try geometry.apply(resampling, to: planes[high], into: &destination.planes[high])
        try geometry.apply(resampling, to: planes[low], into: &destination.planes[low])
      } else {
        let source = unsafe cimaging_deep(high: planes[high].cPixels, low: planes[low].cPixels)
        let target = unsafe cimaging_deep(
          high: destination.planes[high].cPixels, low: destination.planes[low].cPixels)
        unsafe try geometry.interpolate(resampling, planes[high].shape, source, into: target)
      }
    }
  }
}

extension Geometry {
  /// Whether each pixel of the result is one of the source, or fill.
  fileprivate func keepsPixels(_ resampling: Resampling) -> Bool {
    switch self {
    case .orientation, .window, .tiles: true
    case .resize, .part, .affine, .projective, .field:
      [.nearest, .nearestExact].contains(resampling.interpolation)
    }
  }

  /// - Parameter shape: of the source.
  @unsafe
  fileprivate func interpolate(
    _ resampling: Resampling, _ shape: ImageShape, _ source: cimaging_deep, into destination: cimaging_deep
  ) throws(ImagingError) {
    var (source, destination) = unsafe (source, destination)
    var (between, message) = (resampling.cValue, cimaging_message())
    let status: cimaging_status
    switch self {
    case .resize:
      status = unsafe cimaging_deep_resize(
        &source, &destination, Int32(resampling.interpolation.rawValue), &message)
    case .part(let part, _, _):
      precondition(part.isPart(of: shape), "a part of the image")
      unsafe (source.high, source.low) = (part.view(of: source.high), part.view(of: source.low))
      status = unsafe cimaging_deep_resize(
        &source, &destination, Int32(resampling.interpolation.rawValue), &message)
    case .affine(let projection), .projective(let projection):
      status = unsafe cimaging_deep_warp(&source, &destination, projection.matrix.values, &between, &message)
    case .field(let field):
      let places = try field.places(for: shape)
      status = unsafe cimaging_deep_remap(&source, &destination, places.xs, places.ys, &between, &message)
    case .orientation, .window, .tiles: preconditionFailure("no pixel of the result lies between others")
    }
    try check(status, message)
  }
}

extension Rectangle {
  /// The part of pixels in which it lies.
  fileprivate func view(of pixels: cimaging_pixels) -> cimaging_pixels {
    var view = unsafe pixels
    unsafe view.base += y * pixels.row_stride + x * Int(pixels.channels)
    unsafe (view.width, view.height) = (Int32(width), Int32(height))
    return unsafe view
  }
}
