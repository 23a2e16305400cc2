internal import CImaging

/// Where everything lies in the memory of a quantisation. Computed from a few numbers, so that every process that
/// shares the memory finds the same places.
struct QuantizerLayout {
  /// Bytes of a region and its place, both multiples of a cache line.
  struct Region {
    let offset: Int
    let byteCount: Int
    var end: Int { offset + byteCount }
  }

  private static let lineByteCount = 64
  static let sumCount = Int(CIMAGING_CLUSTER_LIMIT)

  let head, clusters, palette: Region
  /// Of cells with pixels: what they hold, their first pixels, what they are compared by, and their spreads.
  let cells, starts, groups, spreads: Region
  /// Of each part: pixels per cell, where to sort them to, and its own sums.
  let counts, places, sums: Region
  /// As many elements as there are pixels. `weights` and `offsets` lie side by side: together they have room for the
  /// errors of a row of any image, when they are no longer needed.
  let sorted, weights, offsets, distances: Region
  /// The cluster of each colour, and where it is found.
  let blocks, labels: Region
  /// Source and result, if they are not in the caller's memory. Last, because they are not always needed.
  let pixels, result: Region

  init(pixelCount: Int, channels: Int, parts: Int) {
    var end = 0
    func region(_ byteCount: Int) -> Region {
      let lines = (byteCount + Self.lineByteCount - 1) / Self.lineByteCount
      defer { end += lines * Self.lineByteCount }
      return Region(offset: end, byteCount: lines * Self.lineByteCount)
    }
    let (allCells, colors) = (Int(CIMAGING_CELL_COUNT), pixelCount + Int(CIMAGING_COLOR_MARGIN))
    let usedCells = min(allCells, pixelCount)
    head = region(MemoryLayout<QuantizerHead>.size)
    clusters = region(MemoryLayout<cimaging_clusters>.size)
    palette = region(Int(CIMAGING_CLUSTER_LIMIT) * 4)
    cells = region(usedCells * MemoryLayout<cimaging_color_cell>.stride)
    starts = region((usedCells + 1) * 4)
    groups = region(Self.groupCount(of: usedCells) * MemoryLayout<cimaging_cell_group>.stride)
    spreads = region(usedCells * MemoryLayout<cimaging_cell_spread>.stride)
    counts = region(parts * allCells * 4)
    places = region(parts * allCells * 4)
    sums = region(parts * Self.sumCount * MemoryLayout<cimaging_cluster_sums>.stride)
    sorted = region(colors * 2)
    weights = region(colors * 4)
    offsets = region(colors * 2)
    distances = region(colors * 4)
    blocks = region(allCells * 2)
    labels = region((Int(CIMAGING_CLUSTER_LIMIT) + usedCells) * Int(CIMAGING_CELL_COLORS))
    pixels = region(pixelCount * channels)
    result = region(pixelCount * channels)
  }

  static func groupCount(of cellCount: Int) -> Int {
    (cellCount + Int(CIMAGING_GROUP_CELLS) - 1) / Int(CIMAGING_GROUP_CELLS)
  }

  /// Bytes without source and result.
  var byteCountWithoutPixels: Int { labels.end }
  var byteCount: Int { result.end }
}

/// The start of the memory: what the driver tells the members of a team.
struct QuantizerHead: BitwiseCopyable {
  var width = 0
  var height = 0
  var channels = 1
  var parts = 1
  var cellCount = 0
  /// Whether each part's sums fill whole cache lines, apart from those of other parts.
  var isPadded = true
  /// For `QuantizeStep.spread`: R, G and B of the newest centroid, and whether it is the first.
  var newest = SIMD4<UInt8>()
  var isFirst = true

  var pixelCount: Int { width * height }
  var layout: QuantizerLayout { QuantizerLayout(pixelCount: pixelCount, channels: channels, parts: parts) }

  /// The pixels of a part.
  func pixels(of part: Int) -> Range<Int> { pixelCount * part / parts..<pixelCount * (part + 1) / parts }
}
