/// Where pixels go. Everything that belongs to an image follows one geometry: its colours and its alpha plane, each with
/// its own resampling, and by `PointMap` whatever has points.
public enum Geometry: Sendable {
  /// Mirrors, rotations by quarters, and both.
  case orientation(Orientation)
  /// A crop; where the rectangle reaches beyond the image, a pad.
  case window(Rectangle)
  /// Another size, in pixels.
  case resize(width: Int, height: Int)
  /// Parallels stay parallel: the last row of the matrix is 0, 0, 1.
  case affine(Projection)
  /// Straight lines stay straight.
  case projective(Projection)
  /// Each pixel of the output is taken from a place of its own; the shape stays.
  case field(any PointField)

  /// The shape of an image of `shape` afterwards.
  public func outputShape(for shape: ImageShape) -> ImageShape {
    switch self {
    case .orientation(let orientation): orientation.shape(of: shape)
    case .window(let rectangle): shape.sized(rectangle.width, rectangle.height)
    case .resize(let width, let height): shape.sized(width, height)
    case .affine(let projection), .projective(let projection): shape.sized(projection.width, projection.height)
    case .field: shape
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
    case .affine(let projection): try projection.applyAffine(resampling, to: source, into: &destination)
    case .projective(let projection): try projection.apply(resampling, to: source, into: &destination)
    case .field(let field): try field.apply(resampling, to: source, into: &destination)
    }
  }

  /// The matrix from the source to the output, for an image of `shape`; `nil` for a field.
  func matrix(for shape: ImageShape) -> Matrix3? {
    switch self {
    case .orientation(let orientation): orientation.matrix(for: shape)
    case .window(let rectangle): .translation(-Double(rectangle.x), -Double(rectangle.y))
    case .resize(let width, let height):
      // Edges go to edges, and middles of pixels lie half a pixel from them.
      .translation(-0.5, -0.5) * .scale(Double(width) / Double(shape.width), Double(height) / Double(shape.height))
        * .translation(0.5, 0.5)
    case .affine(let projection), .projective(let projection): projection.matrix
    case .field: nil
    }
  }
}
