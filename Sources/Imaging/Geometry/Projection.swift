internal import CImaging

/// An affine or perspective map from one image to another of a given size.
public struct Projection: Sendable {
  /// From places in the source to places in the output.
  public var matrix: Matrix3
  /// Columns of the output.
  public var width: Int
  /// Rows of the output.
  public var height: Int

  /// The view of a matrix in an output of `width` × `height` pixels.
  public init(_ matrix: Matrix3, width: Int, height: Int) {
    (self.matrix, self.width, self.height) = (matrix, width, height)
  }

  /// The same view, stretched to another size.
  func stretched(toWidth width: Int, height: Int) -> Projection {
    let across = Double(width) / Double(self.width)
    let down = Double(height) / Double(self.height)
    let values = matrix.values
    return Projection(
      Matrix3(values[0..<3].map { $0 * across } + values[3..<6].map { $0 * down } + values[6..<9]), width: width,
      height: height)
  }

  /// OpenCV `warpAffine`.
  func applyAffine(
    _ resampling: Resampling, to source: borrowing PixelBuffer, into destination: inout PixelBuffer
  ) throws(ImagingError) {
    let (shape, matrix) = (source.shape.sized(width, height), matrix.values)
    var resampling = resampling.cValue
    unsafe try destination.fill(shape, from: source) { source, destination, message in
      unsafe cimaging_warp_affine(source, destination, matrix, &resampling, message)
    }
  }

  /// OpenCV `warpPerspective`.
  func apply(
    _ resampling: Resampling, to source: borrowing PixelBuffer, into destination: inout PixelBuffer
  ) throws(ImagingError) {
    let (shape, matrix) = (source.shape.sized(width, height), matrix.values)
    var resampling = resampling.cValue
    unsafe try destination.fill(shape, from: source) { source, destination, message in
      unsafe cimaging_warp_perspective(source, destination, matrix, &resampling, message)
    }
  }
}
