internal import CImaging

// What the driver does between steps, when no member of a team works.
extension QuantizerMemory {
  /// Pixels of a cluster: how many, and the sums of R, G and B.
  struct ClusterSums: Hashable {
    var pixelCount: UInt64 = 0
    var levels = SIMD3<UInt64>()

    /// `nil` if the cluster is empty.
    var mean: SIMD3<Double>? {
      pixelCount == 0 ? nil : SIMD3<Double>(levels) / Double(pixelCount)
    }
  }

  /// Copies the source into the block.
  func load(_ source: borrowing PixelBuffer) {
    let layout = head.layout
    unsafe pointer(layout.pixels, to: UInt8.self).update(from: source.cPixels.base, count: source.shape.byteCount)
  }

  /// Copies the result from the block to `destination`, which has the shape of the source.
  func store(into destination: inout PixelBuffer) {
    let layout = head.layout
    unsafe destination.cPixels.base.update(from: pointer(layout.result), count: destination.shape.byteCount)
  }

  /// Finds the place of each cell's pixels from the counts of all parts.
  func placeCells() {
    var head = head
    let layout = head.layout
    head.cellCount = unsafe Int(
      cimaging_place_cells(
        pointer(layout.counts), UInt32(head.parts), pointer(layout.places), pointer(layout.starts),
        pointer(layout.cells)))
    self.head = head
  }

  func setClusters(_ centroids: [SIMD3<Double>]) {
    let levels = centroids.flatMap { [$0.x, $0.y, $0.z] }
    unsafe cimaging_set_clusters(pointer(head.layout.clusters), levels, Int32(centroids.count))
  }

  /// Where cells with one cluster find their labels.
  func setClusterLabels(_ clusterCount: Int) {
    var labels = unsafe labels(head.layout)
    unsafe cimaging_set_cluster_labels(&labels, Int32(clusterCount))
  }

  func setPalette(_ palette: [SIMD3<UInt8>]) {
    let colors = unsafe pointer(head.layout.palette, to: UInt32.self)
    for (index, color) in palette.enumerated() {
      unsafe colors[index] = UInt32(color.x) | UInt32(color.y) << 8 | UInt32(color.z) << 16
    }
  }

  /// The sums of all parts.
  func mergedSums(_ clusterCount: Int) -> [ClusterSums] {
    let head = head
    let layout = head.layout
    var merged = [ClusterSums](repeating: ClusterSums(), count: clusterCount)
    for part in 0..<head.parts {
      let (sums, stride) = unsafe sums(of: part, head, layout)
      for cluster in 0..<clusterCount {
        let own = unsafe sums[cluster * stride]
        merged[cluster].pixelCount += own.count
        merged[cluster].levels &+= SIMD3(own.sums.0, own.sums.1, own.sums.2)
      }
    }
    return merged
  }

  /// The number of colours, and the sum of the squares of R, G and B over all pixels.
  var colorTotals: (colorCount: Int, squares: UInt64) {
    let cells = unsafe cells
    var (colorCount, squares) = (0, UInt64(0))
    for rank in cells.indices {
      colorCount += unsafe Int(cells[rank].count)
      squares += unsafe cells[rank].squares
    }
    return (colorCount, squares)
  }

  /// R, G and B of a pixel.
  func color(ofPixel index: Int) -> SIMD3<UInt8> {
    let head = head
    let pixel = unsafe pixels(head.layout) + index * head.channels
    return unsafe SIMD3(pixel[0], pixel[head.channels / 2], pixel[head.channels - 1])
  }

  func setNewest(_ color: SIMD3<UInt8>, isFirst: Bool) {
    var head = head
    (head.newest, head.isFirst) = (SIMD4(color, 0), isFirst)
    self.head = head
  }

  /// The sum over all pixels of the squared distance to the nearest initial centroid.
  var spread: UInt64 {
    let spreads = unsafe pointer(head.layout.spreads, to: cimaging_cell_spread.self)
    return unsafe UnsafeBufferPointer(start: spreads, count: head.cellCount).reduce(0) { $0 + $1.sum }
  }

  /// The colour at which the sum of squared distances, in the order of cells and colours, first exceeds `target`.
  func color(atSpread target: UInt64) -> SIMD3<UInt8> {
    let layout = head.layout
    let (cells, spreads) = unsafe (cells, pointer(layout.spreads, to: cimaging_cell_spread.self))
    let distances = unsafe pointer(layout.distances, to: UInt32.self)
    let weights = unsafe pointer(layout.weights, to: UInt32.self)
    var rest = target
    for rank in cells.indices {
      let (cell, sum) = unsafe (cells[rank], spreads[rank].sum)
      guard rest < sum else { rest -= sum; continue }
      for index in Int(cell.first)..<Int(cell.first + cell.count) {
        let share = unsafe UInt64(distances[index]) * UInt64(weights[index])
        if rest < share { return color(index, in: cell) }
        rest -= share
      }
    }
    preconditionFailure("less than the sum of all")
  }

  /// The colour that is farthest from its centroid; the next call returns the next one. `nil` if all are centroids.
  func takeFarthestColor() -> SIMD3<UInt8>? {
    let layout = head.layout
    var colors = unsafe colors(head, layout)
    var color: [UInt8] = [0, 0, 0]
    let isFound = unsafe cimaging_take_farthest(&colors, pointer(layout.distances), &color)
    return isFound == 0 ? nil : SIMD3(color[0], color[1], color[2])
  }

  @unsafe
  private var cells: UnsafeBufferPointer<cimaging_color_cell> {
    unsafe UnsafeBufferPointer(start: pointer(head.layout.cells), count: head.cellCount)
  }

  private func color(_ index: Int, in cell: cimaging_color_cell) -> SIMD3<UInt8> {
    let (number, offset) = (Int(cell.number), unsafe Int(pointer(head.layout.offsets, to: UInt16.self)[index]))
    let levels = [10, 5, 0].map { number >> $0 & 31 }
    return SIMD3(
      UInt8(levels[0] << 3 | offset >> 6), UInt8(levels[1] << 3 | offset >> 3 & 7), UInt8(levels[2] << 3 | offset & 7))
  }
}
