internal import CImaging

/// Columns and rows that are moved, stretched and squeezed as a whole: out(x, y) = in(columns[x], rows[y]).
public struct SeparableField: PointField {
  /// Where each column of the output is taken from.
  public var columns: [Float]
  /// Where each row is taken from.
  public var rows: [Float]

  /// The field of these columns and rows.
  public init(columns: [Float], rows: [Float]) { (self.columns, self.rows) = (columns, rows) }

  /// OpenCV `remap`.
  public func apply(
    _ resampling: Resampling, to source: borrowing PixelBuffer, into destination: inout PixelBuffer
  ) throws(ImagingError) {
    precondition(columns.count == source.shape.width && rows.count == source.shape.height, "a place for each")
    var resampling = resampling.cValue
    unsafe try destination.fill(source.shape, from: source) { source, destination, message in
      unsafe cimaging_warp_separable(source, destination, columns, rows, &resampling, message)
    }
  }

  /// Every column with every row.
  public func places(for shape: ImageShape) -> PlaceMap {
    PlaceMap(
      width: shape.width, height: shape.height, xs: rows.flatMap { _ in columns },
      ys: rows.flatMap { Array(repeating: $0, count: columns.count) })
  }
}
