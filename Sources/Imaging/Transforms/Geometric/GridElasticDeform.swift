/// Moves the inner corners of a grid; each cell is seen in its own perspective. Grey, colour and alpha.
///
/// Source: Albumentations `GridElasticDeform`, OpenCV `warpPerspective` and `fillConvexPoly`. Of grids with other rows
/// than columns, Albumentations moves corners of cells that do not touch, which tears the image; here neighbours stay
/// together.
package struct GridElasticDeform: Transform, Resampled {
  package struct Drawn: Codable, Sendable {
    /// Of the columns and rows of cells, in pixels.
    package var widths, heights: [Int]
    /// How far each inner corner moves in whole pixels, row by row.
    package var moves: [Point]

    package init(widths: [Int], heights: [Int], moves: [Point]) {
      (self.widths, self.heights, self.moves) = (widths, heights, moves)
    }
  }

  package static let summary = "Moves the inner corners of a grid, and the image with them."
  /// 1, unlike most transforms, as in Albumentations.
  package static let defaultProbability = 1.0
  package static let parameters: [Parameter<GridElasticDeform>] =
    [
      Parameter(
        name: "num_grid_xy", summary: "rows and columns of cells, 1 to 64 each: [rows, columns]",
        text: { "[\($0.grid.rows), \($0.grid.columns)]" }
      ) { value, root throws(ParameterError) in
        root.grid = try value.grid(in: 1...64)
      }.required,
      .integer("magnitude", \.magnitude, in: 1...1000, "largest move of a corner along each axis, in pixels").required,
    ] + Parameter.sampling

  package var grid = RandomGridShuffle.Grid(rows: 4, columns: 4)
  /// In pixels.
  package var magnitude = 10
  package var resampling = Resampling()

  package init() {}

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    let heights = random.parts(of: context.shape.height, grid.rows)
    let widths = random.parts(of: context.shape.width, grid.columns)
    let moves = (0..<(grid.rows - 1) * (grid.columns - 1)).map { _ in
      let x = Double(random.integer(-magnitude...magnitude))
      return Point(x, Double(random.integer(-magnitude...magnitude)))
    }
    return Drawn(widths: widths, heights: heights, moves: moves)
  }

  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    let field = CellField(widths: drawn.widths, heights: drawn.heights, moves: drawn.moves)
    guard let field, field.size == shape.size else { return .inapplicable("its cells are those of another image") }
    return .geometry(.field(field), resampling)
  }
}
