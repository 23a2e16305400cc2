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
    let (first, end) = (firstGroup(from: range.lowerBound, head), firstGroup(from: range.upperBound, head))
    guard first < end else { return }
    var colors = unsafe colors(head, layout)
    unsafe cimaging_collect_colors(
      pointer(layout.sorted), pointer(layout.starts), UInt32(first), UInt32(end), &colors)
  }

  /// The first group that starts at a pixel, or after it, in the order by cell.
  private func firstGroup(from pixel: Int, _ head: QuantizerHead) -> Int {
    let starts = unsafe pointer(head.layout.starts, to: UInt32.self)
    var (low, high) = (0, QuantizerLayout.groupCount(of: head.cellCount))
    while low < high {
      let middle = (low + high) / 2
      if unsafe starts[middle * Int(CIMAGING_GROUP_CELLS)] < pixel { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private func share(of part: Int, _ head: QuantizerHead) -> cimaging_share {
    cimaging_share(part: UInt32(part), part_count: UInt32(head.parts))
  }

  private func spread(_ part: Int, _ head: QuantizerHead, _ layout: QuantizerLayout) {
    var (colors, share) = unsafe (colors(head, layout), share(of: part, head))
    let newest = [head.newest.x, head.newest.y, head.newest.z]
    unsafe cimaging_spread_colors(
      &colors, &share, newest, head.isFirst ? 1 : 0, pointer(layout.distances), pointer(layout.spreads))
  }

  private func assign(_ part: Int, _ head: QuantizerHead, _ layout: QuantizerLayout, isLabelling: Bool) {
    var (colors, share) = unsafe (colors(head, layout), share(of: part, head))
    let clusters = unsafe pointer(layout.clusters, to: cimaging_clusters.self)
    let (sums, stride) = unsafe sums(of: part, head, layout)
    for cluster in 0..<Int(unsafe clusters.pointee.count) { unsafe sums[cluster * stride] = cimaging_cluster_sums() }
    var labels = unsafe labels(layout)
    unsafe withUnsafePointer(to: &labels) { labels in
      unsafe cimaging_assign_colors(&colors, &share, clusters, sums, stride, isLabelling ? labels : nil)
    }
  }

  private func measure(_ part: Int, _ head: QuantizerHead, _ layout: QuantizerLayout) {
    var (colors, share) = unsafe (colors(head, layout), share(of: part, head))
    unsafe cimaging_measure_colors(&colors, &share, pointer(layout.clusters), pointer(layout.distances))
  }

  private func paint(_ part: Int, _ head: QuantizerHead, _ layout: QuantizerLayout) {
    let range = head.pixels(of: part)
    let first = range.lowerBound * head.channels
    var labels = unsafe labels(layout)
    unsafe cimaging_paint(
      pixels(layout) + first, range.count, Int32(head.channels), &labels, pointer(layout.palette),
      result(layout) + first)
  }

  private func dither(_ head: QuantizerHead, _ layout: QuantizerLayout) {
    var image = unsafe cimaging_pixels(
      base: UnsafeMutablePointer(mutating: pixels(layout)), width: Int32(head.width), height: Int32(head.height),
      channels: Int32(head.channels), row_stride: head.width * head.channels)
    unsafe cimaging_dither(
      &image, pointer(layout.clusters), pointer(layout.palette), pointer(layout.weights), result(layout))
  }
}
