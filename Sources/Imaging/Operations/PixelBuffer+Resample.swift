internal import CImaging

/// How pixels are weighted when an image changes its size. Each filter is as wide as the factor when shrinking, so that
/// every source pixel counts. Pillow's `resize`.
package enum ResampleFilter: String, CaseIterable, Codable, Hashable, Sendable {
  /// Sharp; may overshoot at edges. Pillow's LANCZOS.
  case lanczos
  /// The mean of the area that an output pixel covers; enlarges to squares. Pillow's BOX.
  case area
  /// Soft. Pillow's BILINEAR.
  case linear
}

/// What is averaged when an image is resampled.
package enum ResampleLight: String, Codable, Hashable, Sendable {
  /// The bytes, as most programs do.
  case encoded
  /// The light that they stand for in sRGB: fine light detail on dark ground keeps its brightness. Slower.
  case linear
}

/// How an image is resampled.
package struct Resample: Codable, Hashable, Sendable {
  package var filter = ResampleFilter.lanczos
  package var light = ResampleLight.encoded
  /// The part of the source that fills the result; the whole if `nil`.
  package var part: ImagePart?

  package init() {}

  fileprivate func options(for shape: ImageShape) -> cimaging_resample_options {
    let part = part ?? ImagePart(x: 0, y: 0, width: Double(shape.width), height: Double(shape.height))
    let filter =
      switch filter {
      case .lanczos: CIMAGING_FILTER_LANCZOS
      case .area: CIMAGING_FILTER_AREA
      case .linear: CIMAGING_FILTER_LINEAR
      }
    return cimaging_resample_options(
      filter: Int32(filter.rawValue), is_linear: light == .linear ? 1 : 0, x: part.x, y: part.y, width: part.width,
      height: part.height)
  }
}

/// Part of an image, in pixels from its upper left corner; may begin and end inside a pixel.
package struct ImagePart: Codable, Hashable, Sendable, BitwiseCopyable {
  package var x, y, width, height: Double

  package init(x: Double, y: Double, width: Double, height: Double) {
    (self.x, self.y, self.width, self.height) = (x, y, width, height)
  }
}

extension PixelBuffer {
  /// Resamples `source`, or the part of it that `how` names, to `width` × `height` pixels. Grey and colour.
  package mutating func resample(
    _ source: borrowing PixelBuffer, width: Int, height: Int, _ how: Resample = Resample()
  ) throws(ImagingError) {
    precondition(width > 0 && height > 0 && source.shape.byteCount > 0, "images to resample have pixels")
    var options = how.options(for: source.shape)
    unsafe try fill(source.shape.sized(width, height), from: source) { source, destination, message in
      unsafe cimaging_resample(source, destination, &options, message)
    }
  }
}

extension Image {
  /// Resamples colours and alpha of `source`. Colours are weighted by their alpha, so that those of transparent pixels
  /// do not show at the edges of others. Copies the metadata.
  package mutating func resample(
    _ source: borrowing Image, width: Int, height: Int, _ how: Resample = Resample()
  ) throws(ImagingError) {
    (metadata, reduction) = (source.metadata, nil)
    switch source.alpha {
    case .none:
      alpha = nil
      try color.resample(source.color, width: width, height: height, how)
    case .some(let sourceAlpha):
      precondition(width > 0 && height > 0 && sourceAlpha.shape.byteCount > 0, "images to resample have pixels")
      var plane = alpha.take() ?? PixelBuffer()
      try plane.reshape(to: ImageShape(width: width, height: height, channels: 1))
      var options = how.options(for: source.color.shape)
      var (from, to) = unsafe (sourceAlpha.cPixels, plane.cPixels)
      unsafe try color.fill(source.color.shape.sized(width, height), from: source.color) {
        source, destination, message in
        unsafe cimaging_resample_weighted(source, &from, destination, &to, &options, message)
      }
      alpha = consume plane
    }
  }
}
