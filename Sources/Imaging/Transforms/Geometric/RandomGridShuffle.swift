/// Cuts an image into tiles and exchanges those of equal size. Grey, colour and alpha.
///
/// Source: Albumentations `RandomGridShuffle`. An object in several tiles stays one label, with a box around all its
/// parts; Albumentations makes an object of each part.
package struct RandomGridShuffle: Transform {
  /// Rows and columns of tiles.
  package struct Grid: Hashable, Sendable {
    package var rows, columns: Int

    package init(rows: Int, columns: Int) { (self.rows, self.columns) = (rows, columns) }
  }

  package struct Drawn: Codable, Sendable {
    /// Of the columns and rows of tiles, in pixels.
    package var widths, heights: [Int]
    /// For each tile, row by row, the one whose place it takes.
    package var targets: [Int]

    package init(widths: [Int], heights: [Int], targets: [Int]) {
      (self.widths, self.heights, self.targets) = (widths, heights, targets)
    }
  }

  package static let summary = "Cuts the image into tiles and exchanges those of equal size."
  package static let parameters: [Parameter<RandomGridShuffle>] = [grid]

  package var grid = Grid(rows: 3, columns: 3)

  package init() {}

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    let heights = random.parts(of: context.shape.height, grid.rows)
    let widths = random.parts(of: context.shape.width, grid.columns)
    let tiles = 0..<heights.count * widths.count
    let groups = Dictionary(grouping: tiles) { tile in
      ImageSize(width: widths[tile % widths.count], height: heights[tile / widths.count])
    }
    var targets = Array(tiles)
    // In the order of their first tiles: that of a dictionary differs from run to run.
    for group in groups.values.sorted(by: { $0[0] < $1[0] }) {
      for (tile, place) in zip(group, random.permutation(group.count)) { targets[tile] = group[place] }
    }
    return Drawn(widths: widths, heights: heights, targets: targets)
  }

  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    let tiles = TileShuffle(widths: drawn.widths, heights: drawn.heights, targets: drawn.targets)
    guard let tiles, tiles.size == shape.size else { return .inapplicable("its tiles are those of another image") }
    return .geometry(.tiles(tiles))
  }
}

extension RandomStream {
  /// `length` in almost equal parts, in random order.
  mutating func parts(of length: Int, _ count: Int) -> [Int] {
    let (part, rest) = length.quotientAndRemainder(dividingBy: count)
    return permutation(count).map { $0 < rest ? part + 1 : part }
  }
}

extension RandomGridShuffle {
  private static let grid = Parameter<RandomGridShuffle>(
    name: "grid", summary: "rows and columns of tiles, 1 to 64 each: [rows, columns]",
    text: { "[\($0.grid.rows), \($0.grid.columns)]" }
  ) { value, root throws(ParameterError) in
    root.grid = try value.grid(in: 1...64)
  }
}

extension ConfigValue {
  /// `[rows, columns]`.
  func grid(in limits: ClosedRange<Int>) throws(ParameterError) -> RandomGridShuffle.Grid {
    guard case .list(let counts) = content, counts.count == 2 else {
      throw ParameterError("must be two whole numbers, not \(description)")
    }
    let rows = try counts[0].integer(in: limits)
    return RandomGridShuffle.Grid(rows: rows, columns: try counts[1].integer(in: limits))
  }
}
