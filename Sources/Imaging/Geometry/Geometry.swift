/// Where pixels move. Colours, alpha plane and (through `PointMap`) points of an image follow the same geometry.
package enum Geometry: Sendable {
  /// Mirrors, quarter rotations, and both combined.
  case orientation(Orientation)
  /// A crop; a pad where the rectangle extends beyond the image.
  case window(Rectangle)
  /// To a size in pixels.
  case resize(width: Int, height: Int)
  /// A part of the image, to a size in pixels: as a window and a resize, without the copy between.
  case part(Rectangle, width: Int, height: Int)
  /// Parallel lines stay parallel: the last row of the matrix is 0, 0, 1.
  case affine(Projection)
  /// Straight lines stay straight.
  case projective(Projection)
  /// Rectangles change places; the shape stays.
  case tiles(TileShuffle)
  /// Each output pixel has its own source point; the shape stays.
  case field(any PointField)

  package func outputShape(for shape: ImageShape) -> ImageShape {
    switch self {
    case .orientation(let orientation): orientation.shape(of: shape)
    case .window(let rectangle): shape.sized(rectangle.width, rectangle.height)
    case .resize(let width, let height), .part(_, let width, let height): shape.sized(width, height)
    case .affine(let projection), .projective(let projection): shape.sized(projection.width, projection.height)
    case .tiles, .field: shape
    }
  }

  /// Writes the moved pixels of `source` into `destination`, which takes the output shape.
  func apply(
    _ resampling: Resampling, to source: borrowing PixelBuffer, into destination: inout PixelBuffer
  ) throws(ImagingError) {
    switch self {
    case .orientation(let orientation): try orientation.apply(to: source, into: &destination)
    case .window(let rectangle): try destination.take(rectangle, of: source, resampling)
    case .resize(let width, let height):
      try destination.resize(source, width: width, height: height, resampling.interpolation)
    case .part(let part, let width, let height):
      try destination.resize(part, of: source, width: width, height: height, resampling.interpolation)
    case .affine(let projection): try projection.applyAffine(resampling, to: source, into: &destination)
    case .projective(let projection): try projection.apply(resampling, to: source, into: &destination)
    case .tiles(let tiles): try tiles.apply(to: source, into: &destination)
    case .field(let field): try field.apply(resampling, to: source, into: &destination)
    }
  }

  /// The matrix from source to output points for an image of `shape`; `nil` for tiles and fields.
  func matrix(for shape: ImageShape) -> Matrix3? {
    switch self {
    case .orientation(let orientation): orientation.matrix(for: shape)
    case .window(let rectangle): .translation(-Double(rectangle.x), -Double(rectangle.y))
    case .resize(let width, let height):
      scaling(shape.size, to: ImageSize(width: width, height: height))
    case .part(let part, let width, let height):
      scaling(ImageSize(width: part.width, height: part.height), to: ImageSize(width: width, height: height))
        * .translation(-Double(part.x), -Double(part.y))
    case .affine(let projection), .projective(let projection): projection.matrix
    case .tiles, .field: nil
    }
  }

  /// Image edges map to image edges, and pixel centres lie half a pixel inside.
  private func scaling(_ size: ImageSize, to output: ImageSize) -> Matrix3 {
    let scale = Matrix3.scale(Double(output.width) / Double(size.width), Double(output.height) / Double(size.height))
    return .translation(-0.5, -0.5) * scale * .translation(0.5, 0.5)
  }
}

/// A point in an image, in pixels. Integers are pixel centres: the upper left one is (0, 0), and the image extends from
/// −0.5 to its width − 0.5.
package typealias Point = SIMD2<Double>

/// Columns and rows from the first column `x` and first row `y`; may extend beyond the image.
package struct Rectangle: Hashable, Codable, Sendable {
  package var x: Int
  package var y: Int
  package var width: Int
  package var height: Int

  package init(x: Int, y: Int, width: Int, height: Int) {
    (self.x, self.y, self.width, self.height) = (x, y, width, height)
  }
}
