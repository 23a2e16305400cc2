/// Moves the points of a grid, and samples the image between them. Grey, colour and alpha.
///
/// Source: Albumentations `PiecewiseAffine`, OpenCV `remap`. Keeps a quirk of Albumentations: places between the points
/// are means weighted by inverse squares of distances, not pieces of affine maps, so that the image is distorted even
/// where no point moves. A scale of 0 changes nothing here; Albumentations fails.
package struct PiecewiseAffine: Transform, FieldWarp {
  package struct Drawn: Codable, Sendable {
    /// Rows of the grid; as many columns as fit the points.
    package var rows: Int
    /// How far each point of the grid moves in pixels, row by row; empty for no change.
    package var moves: [Point]

    package init(rows: Int, moves: [Point]) { (self.rows, self.moves) = (rows, moves) }
  }

  package static let summary = "Moves the points of a grid, and samples the image between them."
  package static let parameters: [Parameter<PiecewiseAffine>] =
    [
      .range(
        "scale", \.scale, in: 0...1e6, lowest: 0,
        "three standard deviations of the moves, as a fraction of the shorter side"),
      .fixedOrIntegers("nb_rows", \.rowCount, in: 2...32, "rows of the grid, 2 to 32"),
      .fixedOrIntegers("nb_cols", \.columnCount, in: 2...32, "columns of the grid, 2 to 32"),
      .flag("absolute_scale", \.absoluteScale, "whether scale is in pixels"),
    ] + Parameter.warping

  /// Range of three standard deviations, as a fraction of the shorter side or in pixels.
  package var scale = 0.03...0.05
  package var rowCount = 4...4
  package var columnCount = 4...4
  /// Whether `scale` is in pixels.
  package var absoluteScale = false
  package var resampling = Resampling()
  package var keypointRemapping = KeypointRemapping.mask

  package init() {}

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    let (rows, columns) = (random.integer(rowCount), random.integer(columnCount))
    let scale = random.uniform(scale)
    guard scale > 0 else { return Drawn(rows: rows, moves: []) }
    let deviation = scale / 3 * (absoluteScale ? 1 : Double(min(context.shape.width, context.shape.height)))
    let moves = (0..<rows * columns).map { _ in
      let y = random.normal(standardDeviation: deviation)
      return Point(random.normal(standardDeviation: deviation), y)
    }
    return Drawn(rows: rows, moves: moves)
  }

  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    guard shape.byteCount > 0, drawn.rows > 1 else { return .identity }
    let columns = drawn.moves.count / drawn.rows
    guard columns > 1 else { return .identity }
    let last = SIMD2(Float(shape.width - 1), Float(shape.height - 1))
    let grid = (0..<drawn.rows * columns).map { index in
      let share =
        Point(Double(index % columns), Double(index / columns)) / Point(Double(columns - 1), Double(drawn.rows - 1))
      return SIMD2<Float>(Point(last) * share)
    }
    let sampled = zip(grid, drawn.moves).map { pointwiseMin(pointwiseMax($0 + SIMD2<Float>($1), .zero), last) }
    return .geometry(.field(ControlField(inverseSquares: grid, sampledAt: sampled)), resampling)
  }

  package var warnings: [String] { resampling.warnings }
}
