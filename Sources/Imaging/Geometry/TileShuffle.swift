/// An image cut by a grid into tiles that change places with others of their size.
package struct TileShuffle: Sendable {
  /// Where the columns and rows of tiles begin, and after the last one the end of the image.
  private let columns, rows: [Int]
  /// For each tile, row by row, the place that it moves to, and that from which another comes.
  private let targets, sources: [Int]

  /// - Parameter targets: for each tile, row by row, the one whose place it takes.
  /// - Returns: `nil` unless each place gets one tile of its size.
  init?(widths: [Int], heights: [Int], targets: [Int]) {
    let (count, isFull) = (widths.count * heights.count, Set(targets) == Set(0..<targets.count))
    guard widths.areSides, heights.areSides, targets.count == count, isFull else { return nil }
    let fits = targets.enumerated().allSatisfy { tile, target in
      widths[tile % widths.count] == widths[target % widths.count]
        && heights[tile / widths.count] == heights[target / widths.count]
    }
    guard fits else { return nil }
    (columns, rows, self.targets) = (widths.ends, heights.ends, targets)
    var sources = targets
    for (tile, target) in targets.enumerated() { sources[target] = tile }
    self.sources = sources
  }

  /// Of the whole grid.
  var size: ImageSize { ImageSize(width: columns[columns.count - 1], height: rows[rows.count - 1]) }

  /// Copies the tiles of `source` to their new places.
  func apply(to source: borrowing PixelBuffer, into destination: inout PixelBuffer) throws(ImagingError) {
    precondition(source.shape.size == size, "a grid for images of this size")
    try destination.reshape(to: source.shape)
    let (stride, channels) = (source.rowStride, source.shape.channels)
    // Rows are slices within the byte count of the shape, and slicing checks bounds.
    unsafe source.withBytes { input in
      unsafe destination.withBytes { output in
        for place in sources.indices {
          let (from, to) = (area(sources[place]), area(place))
          for y in 0..<to.height {
            let first = (from.y + y) * stride + from.x * channels
            let run = unsafe UnsafeRawBufferPointer(rebasing: input[first..<first + to.width * channels])
            let start = (to.y + y) * stride + to.x * channels
            unsafe UnsafeMutableRawBufferPointer(rebasing: output[start..<start + run.count]).copyMemory(from: run)
          }
        }
      }
    }
  }

  private func area(_ tile: Int) -> Rectangle {
    let (row, column) = tile.quotientAndRemainder(dividingBy: columns.count - 1)
    return Rectangle(
      x: columns[column], y: rows[row], width: columns[column + 1] - columns[column],
      height: rows[row + 1] - rows[row])
  }
}

extension TileShuffle {
  /// Where a vertex moves to. One on the border between tiles belongs to the right or lower one.
  func target(of vertex: Vertex) -> Vertex { vertex + shift(tile(at: vertex), targets) }

  /// Where what lies at a vertex after the move comes from.
  func source(of vertex: Vertex) -> Vertex { vertex + shift(tile(at: vertex), sources) }

  /// A box moved as a whole; `nil` if it lies in several tiles.
  func target(of box: Box) -> Box? {
    let tile = tile(at: box.upperLeft)
    guard Box(area(tile)).contains(box.lowerRight) else { return nil }
    let shift = shift(tile, targets)
    return Box(box.upperLeft + shift, box.lowerRight + shift)
  }

  /// The parts of closed lines in each tile, moved.
  func targets(of lines: [[Vertex]]) throws(ImagingError) -> [[Vertex]] {
    guard let bounds = Box(around: lines.joined()) else { return [] }
    var parts: [[Vertex]] = []
    for tile in targets.indices where bounds.intersection(Box(area(tile))).area > 0 {
      let shift = shift(tile, targets)
      parts += try ClippedPolygons(lines, to: Box(area(tile))).lines.map { $0.map { $0 + shift } }
    }
    return parts
  }

  private func tile(at vertex: Vertex) -> Int {
    rows.interval(at: vertex.y) * (columns.count - 1) + columns.interval(at: vertex.x)
  }

  private func shift(_ tile: Int, _ places: [Int]) -> Vertex {
    let (from, to) = (area(tile), area(places[tile]))
    return Vertex(Double(to.x - from.x), Double(to.y - from.y))
  }
}

extension Box {
  fileprivate init(_ rectangle: Rectangle) {
    let start = Vertex(Double(rectangle.x), Double(rectangle.y))
    self.init(start, start + Vertex(Double(rectangle.width), Double(rectangle.height)))
  }
}
