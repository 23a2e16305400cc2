internal import CImaging

/// A step of a quantisation that all members of a team do at once, each its own part.
package enum QuantizeStep: UInt8, CaseIterable, Codable, Sendable {
  /// Counts the pixels of each cell of the colour cube.
  case count
  /// Sorts the pixels by cell.
  case sort
  /// Finds the colours of each cell, and counts their pixels.
  case collect
  /// Measures how far each colour is from the nearest of the initial centroids drawn so far (k-means++).
  case spread
  /// Sums the pixels of each cluster.
  case assign
  /// Measures how far each colour is from its centroid.
  case measure
  /// As `assign`, and notes the cluster of each colour.
  case label
  /// Gives each pixel the colour of its cluster.
  case paint
  /// The same with error diffusion, which goes from pixel to pixel: part 0 does it all.
  case dither
}

extension QuantizerMemory {
  /// Does one part of a step. Any thread or process that sees the memory may call it; the caller sees to it that the
  /// step before is finished and that no other does the same part at the same time. May be done again.
  package func perform(_ step: QuantizeStep, part: Int) {
    let head = head
    let layout = head.layout
    precondition(part >= 0 && part < head.parts, "a part of the step")
    switch step {
    case .count: count(part, head, layout)
    case .sort: sort(part, head, layout)
    case .collect: collect(part, head, layout)
    case .spread: spread(part, head, layout)
    case .assign: assign(part, head, layout, isLabelling: false)
    case .measure: measure(part, head, layout)
    case .label: assign(part, head, layout, isLabelling: true)
    case .paint: paint(part, head, layout)
    case .dither: if part == 0 { dither(head, layout) }
    }
  }

  private func count(_ part: Int, _ head: QuantizerHead, _ layout: QuantizerLayout) {
    let range = head.pixels(of: part)
    let cellCount = Int(CIMAGING_CELL_COUNT)
    let counts = unsafe pointer(layout.counts, to: UInt32.self) + part * cellCount
    unsafe counts.update(repeating: 0, count: cellCount)
    unsafe cimaging_count_cells(
      pixels(layout) + range.lowerBound * head.channels, range.count, Int32(head.channels), counts)
  }

  /// Moves a copy of the places, as the counts are no longer needed.
  private func sort(_ part: Int, _ head: QuantizerHead, _ layout: QuantizerLayout) {
    let range = head.pixels(of: part)
    let cellCount = Int(CIMAGING_CELL_COUNT)
    let moving = unsafe pointer(layout.counts, to: UInt32.self) + part * cellCount
    unsafe moving.update(from: pointer(layout.places) + part * cellCount, count: cellCount)
    unsafe cimaging_sort_by_cell(
      pixels(layout) + range.lowerBound * head.channels, range.count, Int32(head.channels), moving,
      pointer(layout.sorted))
  }

  private func collect(_ part: Int, _ head: QuantizerHead, _ layout: QuantizerLayout) {
    let range = head.pixels(of: part)
    let (first, end) = (firstCell(from: range.lowerBound, layout), firstCell(from: range.upperBound, layout))
    var pixels = unsafe cimaging_sorted_pixels(
      offsets: pointer(layout.sorted), starts: pointer(layout.starts), ranks: pointer(layout.ranks))
    unsafe cimaging_collect_colors(
      &pixels, UInt32(first), UInt32(end), pointer(layout.cells), pointer(layout.offsets), pointer(layout.weights))
  }

  /// The first cell that starts at a pixel or after it.
  private func firstCell(from pixel: Int, _ layout: QuantizerLayout) -> Int {
    let starts = unsafe pointer(layout.starts, to: UInt32.self)
    var (low, high) = (0, Int(CIMAGING_CELL_COUNT))
    while low < high {
      let middle = (low + high) / 2
      if unsafe starts[middle] < pixel { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Short runs in turn, as neighbours take equally long, and cells with several clusters longer than others.
  private func runs(of part: Int, _ head: QuantizerHead) -> cimaging_cell_runs {
    let length = 16
    return cimaging_cell_runs(
      first: UInt32(part * length), end: UInt32(head.cellCount), run_length: UInt32(length),
      stride: UInt32(head.parts * length))
  }

  private func spread(_ part: Int, _ head: QuantizerHead, _ layout: QuantizerLayout) {
    var (colors, runs) = unsafe (colors(layout), runs(of: part, head))
    let newest = [head.newest.x, head.newest.y, head.newest.z]
    unsafe cimaging_spread_colors(
      &colors, &runs, newest, head.isFirst ? 1 : 0, pointer(layout.distances), pointer(layout.spreads))
  }

  private func assign(_ part: Int, _ head: QuantizerHead, _ layout: QuantizerLayout, isLabelling: Bool) {
    var (colors, runs) = unsafe (colors(layout), runs(of: part, head))
    let clusters = unsafe pointer(layout.clusters, to: cimaging_clusters.self)
    let (sums, stride) = unsafe sums(of: part, head, layout)
    for cluster in 0..<Int(unsafe clusters.pointee.count) { unsafe sums[cluster * stride] = cimaging_cluster_sums() }
    unsafe cimaging_assign_colors(
      &colors, &runs, clusters, sums, stride, isLabelling ? pointer(layout.labels, to: UInt8.self) : nil)
  }

  private func measure(_ part: Int, _ head: QuantizerHead, _ layout: QuantizerLayout) {
    var (colors, runs) = unsafe (colors(layout), runs(of: part, head))
    unsafe cimaging_measure_colors(&colors, &runs, pointer(layout.clusters), pointer(layout.distances))
  }

  private func paint(_ part: Int, _ head: QuantizerHead, _ layout: QuantizerLayout) {
    let range = head.pixels(of: part)
    let first = range.lowerBound * head.channels
    unsafe cimaging_paint(
      pixels(layout) + first, range.count, Int32(head.channels), pointer(layout.ranks), pointer(layout.labels),
      pointer(layout.palette), result(layout) + first)
  }

  private func dither(_ head: QuantizerHead, _ layout: QuantizerLayout) {
    var image = unsafe cimaging_pixels(
      base: UnsafeMutablePointer(mutating: pixels(layout)), width: Int32(head.width), height: Int32(head.height),
      channels: Int32(head.channels), row_stride: head.width * head.channels)
    unsafe cimaging_dither(
      &image, pointer(layout.clusters), pointer(layout.palette), pointer(layout.weights), result(layout))
  }
}
