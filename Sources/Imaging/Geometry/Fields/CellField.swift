internal import CImaging

/// An image cut by a grid into cells whose inner corners move; each cell is seen in its own perspective.
package struct CellField: PointField {
  fileprivate struct Cell: Sendable {
    /// From source to output points.
    var matrix: Matrix3
    var back: Matrix3
    /// In the output, clockwise from the upper left.
    var corners: [Corner]
    /// Whether the corners still form a convex quadrilateral, not mirrored.
    var isConvex: Bool
  }

  /// Where columns and rows of cells begin, and after the last one the end of the image, as centres of pixels.
  fileprivate let columns, rows: [Int]
  /// Row by row; `nil` for those without area.
  fileprivate let cells: [Cell?]

  /// - Parameter moves: of each inner corner, row by row, in whole pixels.
  /// - Returns: `nil` unless each inner corner has a move.
  init?(widths: [Int], heights: [Int], moves: [Point]) {
    guard moves.count == max(0, widths.count - 1) * max(0, heights.count - 1) else { return nil }
    guard widths.areSides, heights.areSides, moves.allSatisfy({ abs($0.x) < 1e6 && abs($0.y) < 1e6 }) else {
      return nil
    }
    let (columns, rows) = (widths.ends, heights.ends)
    func corner(_ row: Int, _ column: Int) -> Corner {
      let corner = Corner(Float(columns[column]), Float(rows[row]))
      let isInner = row > 0 && row < heights.count && column > 0 && column < widths.count
      return isInner ? corner + Corner(moves[(row - 1) * (widths.count - 1) + column - 1]) : corner
    }
    cells = (0..<widths.count * heights.count).map { cell in
      let (row, column) = cell.quotientAndRemainder(dividingBy: widths.count)
      guard widths[column] > 0, heights[row] > 0 else { return nil }
      let places = [(row, column), (row, column + 1), (row + 1, column + 1), (row + 1, column)]
      return Cell(
        from: places.map { Corner(Float(columns[$0.1]), Float(rows[$0.0])) },
        to: places.map { corner($0.0, $0.1).rounded(.towardZero) })
    }
    (self.columns, self.rows) = (columns, rows)
  }

  /// Of the whole grid.
  var size: ImageSize { ImageSize(width: columns[columns.count - 1], height: rows[rows.count - 1]) }

  /// Calls `body` with the cells for the C layer.
  @safe
  private func withCells<Result, Failure: Error>(
    _ body: (UnsafePointer<cimaging_cells>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let cells = cells.compactMap { $0 }
    let corners = cells.flatMap { $0.corners.flatMap { [Int32($0.x), Int32($0.y)] } }
    let matrices = cells.flatMap(\.matrix.values)
    return unsafe try corners.withUnsafeBufferPointer { corners throws(Failure) in
      unsafe try matrices.withUnsafeBufferPointer { matrices throws(Failure) in
        var list = unsafe cimaging_cells(
          count: Int32(cells.count), corners: corners.baseAddress, matrices: matrices.baseAddress)
        return unsafe try body(&list)
      }
    }
  }

  /// OpenCV `fillConvexPoly` and `warpPerspective`.
  package func apply(
    _ resampling: Resampling, to source: borrowing PixelBuffer, into destination: inout PixelBuffer
  ) throws(ImagingError) {
    precondition(source.shape.size == size, "a grid for images of this size")
    var resampling = resampling.cValue
    try withCells { cells throws(ImagingError) in
      unsafe try destination.fill(source.shape, from: source) { source, destination, message in
        unsafe cimaging_warp_cells(source, destination, cells, &resampling, message)
      }
    }
  }

  /// Pixels without a cell take their points from far outside.
  package func places(for shape: ImageShape) throws(ImagingError) -> PlaceMap {
    var (owners, message) = ([UInt16](repeating: 0, count: shape.width * shape.height), cimaging_message())
    let status = withCells { cells in
      unsafe cimaging_cell_owners(cells, Int32(shape.width), Int32(shape.height), &owners, &message)
    }
    try check(status, message)
    let cells = cells.compactMap { $0 }
    let places = owners.enumerated().map { index, owner in
      let pixel = Point(Double(index % shape.width), Double(index / shape.width))
      return owner > 0 ? cells[Int(owner) - 1].back.apply(pixel) : Point(-1e6, -1e6)
    }
    return PlaceMap(
      width: shape.width, height: shape.height, xs: places.map { Float($0.x) }, ys: places.map { Float($0.y) })
  }

  package func map(for shape: ImageShape) -> any FieldMap { CellMap(self) }
}

extension CellField.Cell {
  fileprivate init?(from: [Corner], to: [Corner]) {
    matrix = Projection.matrix(from: from, to: to)
    guard let inverse = matrix.inverse else { return nil }
    (back, corners) = (inverse, to)
    isConvex = to.indices.allSatisfy { corner in
      let (along, next) = (to[(corner + 1) % 4] - to[corner], to[(corner + 2) % 4] - to[(corner + 1) % 4])
      return along.x * next.y - along.y * next.x > 0
    }
  }
}

/// Maps points through the cell that they lie in; beyond the edges through the nearest cell.
private struct CellMap: FieldMap {
  private let field: CellField
  let straightLength: Double
  /// Whether some cells overlap: if all are convex, they fill the image side by side.
  private let isFolded: Bool

  init(_ field: CellField) {
    self.field = field
    let sides =
      zip(field.columns, field.columns.dropFirst()).map { $1 - $0 }
      + zip(field.rows, field.rows.dropFirst()).map { $1 - $0 }
    isFolded = field.cells.contains { $0?.isConvex == false }
    straightLength = max(4, Double(sides.min() ?? 0) / 8)
  }

  /// In the source.
  private func cell(at place: Point) -> CellField.Cell? {
    field.cells[field.rows.interval(at: place.y) * (field.columns.count - 1) + field.columns.interval(at: place.x)]
  }

  /// Of cells that overlap, the last one counts.
  func place(of pixel: Point) -> Point {
    let shown = field.cells.last { $0?.contains(pixel) == true } ?? nil
    return (shown ?? cell(at: pixel))?.back.apply(pixel) ?? pixel
  }

  func pixel(showing place: Point, near: Point?) -> Point? {
    guard !isFolded else { return nil }
    return cell(at: place)?.matrix.apply(place)
  }

  func folds(in box: Box) -> Bool { isFolded }
}

extension CellField.Cell {
  /// Whether a point of the output lies in a convex cell or on its border.
  fileprivate func contains(_ pixel: Point) -> Bool {
    isConvex
      && corners.indices.allSatisfy { corner in
        let (start, end) = (Point(corners[corner]), Point(corners[(corner + 1) % 4]))
        let (along, offset) = (end - start, pixel - start)
        return along.x * offset.y - along.y * offset.x >= 0
      }
  }
}
