/// Bends an image like a thin plate that is moved at the points of a grid. Grey, colour and alpha.
///
/// Source: Albumentations `ThinPlateSpline`, OpenCV `solve` and `remap`. Keeps a quirk of Albumentations: the weights are
/// those of the kernel r⁴ ln r², with which r² ln r² is then summed, so that the grid does not quite end where it is
/// moved to. They are solved for in double precision; in Albumentations' single precision, places between 7 × 7 points
/// are off by a tenth of a pixel, and by pixels between 12 × 12.
package struct ThinPlateSpline: Transform, FieldWarp {
  package struct Drawn: Codable, Sendable {
    /// How far each control moves relative to the size of the image, row by row of the grid.
    package var moves: [Point]

    package init(moves: [Point]) { self.moves = moves }
  }

  package static let summary = "Bends the image like a thin plate."
  package static let parameters: [Parameter<ThinPlateSpline>] =
    [
      .range(
        "scale_range", \.scaleRange, in: 0...1, lowest: 0,
        "ten standard deviations of the moves, as a fraction of width and height"),
      .integer(
        "num_control_points", \.controlPointCount, in: 2...16,
        "rows and columns of the grid, 2 to 16; 2: and its centre"),
    ] + Parameter.warping

  /// Range of ten standard deviations, as a fraction of width and height.
  package var scaleRange = 0.2...0.4
  /// Per side of the grid.
  package var controlPointCount = 4
  package var resampling = Resampling()
  package var keypointRemapping = KeypointRemapping.mask

  package init() {}

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    let deviation = random.uniform(scaleRange) / 10
    return Drawn(
      moves: grid.map { _ in
        let x = random.normal(standardDeviation: deviation)
        return Point(x, random.normal(standardDeviation: deviation))
      })
  }

  /// Corners and centre, or rows of points; relative to the size of the image.
  private var grid: [Point] {
    let count = controlPointCount
    if count == 2 { return [Point(0, 0), Point(0, 1), Point(1, 0), Point(1, 1), Point(0.5, 0.5)] }
    return (0..<count * count).map { Point(Double($0 % count), Double($0 / count)) / Double(count - 1) }
  }

  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    guard shape.byteCount > 0 else { return .identity }
    guard drawn.moves.count == grid.count else { return .inapplicable("its draw is that of another grid") }
    do throws(ImagingError) {
      let field = try ControlField(spline: grid, sampledAt: zip(grid, drawn.moves).map { $0 + $1 })
      return .geometry(.field(field), resampling)
    } catch {
      return .inapplicable("its spline has no solution")
    }
  }

  package var warnings: [String] { resampling.warnings }
}
