/// Which part of an image is shown, and at what size.
package struct Framing: Hashable, Sendable {
  /// In pixels of the full image.
  package let part: ImagePart
  package let size: ImageSize

  package init(_ part: ImagePart, to size: ImageSize) { (self.part, self.size) = (part, size) }

  /// Where pixels move, for what follows them.
  package var operation: Operation {
    let scale = Point(Double(size.width) / part.width, Double(size.height) / part.height)
    // Edges of the part become edges of the result, and pixel centres lie half a pixel inside.
    let matrix =
      Matrix3.translation(-0.5, -0.5) * .scale(scale.x, scale.y) * .translation(0.5 - part.x, 0.5 - part.y)
    return .geometry(.affine(Projection(matrix, width: size.width, height: size.height)))
  }

  /// The size below which an image of `shape` is of no use to `filter`. A JPEG that is decoded smaller saves most of
  /// the work.
  package func leastSize(of shape: ImageShape, for filter: ResampleFilter) -> ImageSize {
    let across = filter.density * Double(size.width) / part.width
    let down = filter.density * Double(size.height) / part.height
    return ImageSize(
      width: Int((Double(shape.width) * across).rounded(.up)), height: Int((Double(shape.height) * down).rounded(.up)))
  }
}

extension ResampleFilter {
  /// Decoded pixels that must be left in each direction for one of the result.
  ///
  /// Measured on 40 photographs and 20 drawn scenes against the same filter on the full image. Lanczos: PSNR 45 to 48 dB
  /// in the median and 39 at worst, SSIM 0.992 at worst; with 1.5, 36 dB and 0.986 at worst, with 2, 41 dB and 0.995.
  /// The mean of an area differs more, because its edge falls inside larger pixels: with 4, 40 dB in the median and 34
  /// at worst.
  fileprivate var density: Double { self == .area ? 4 : 1.75 }
}

/// A change of size that comes first, so that its source may be decoded at reduced scale.
package struct FirstResize: Hashable, Sendable {
  package let framing: Framing
  package let filter: ResampleFilter

  /// - Returns: `nil` if `operations`, for an image of `shape`, begin otherwise, or take single pixels as they are.
  package init?(_ operations: [Operation], of shape: ImageShape) {
    guard case .geometry(let geometry, let resampling)? = operations.first else { return nil }
    let whole = Rectangle(x: 0, y: 0, width: shape.width, height: shape.height)
    switch geometry {
    case .resize(let width, let height):
      framing = Framing(ImagePart(whole), to: ImageSize(width: width, height: height))
    case .part(let part, let width, let height):
      framing = Framing(ImagePart(part), to: ImageSize(width: width, height: height))
    default: return nil
    }
    switch resampling.interpolation {
    case .nearest, .nearestExact: return nil
    case .linear, .linearExact: filter = .linear
    case .area: filter = .area
    case .cubic, .lanczos: filter = .lanczos
    }
  }

  /// The size below which an image of `shape` is of no use.
  package func leastSize(of shape: ImageShape) -> ImageSize { framing.leastSize(of: shape, for: filter) }

  /// How the result is made of an image that was decoded smaller.
  func resample(after reduction: Reduction) -> Resample {
    var how = Resample()
    (how.filter, how.part) = (filter, reduction.decoded(framing.part))
    return how
  }
}

extension ImagePart {
  fileprivate init(_ rectangle: Rectangle) {
    self.init(
      x: Double(rectangle.x), y: Double(rectangle.y), width: Double(rectangle.width), height: Double(rectangle.height))
  }
}
