/// Stretches and squeezes the columns and rows of a grid. Grey, colour and alpha.
///
/// Source: Albumentations `GridDistortion`, OpenCV `remap`. Keeps quirks of Albumentations: a stretch of 1 is not quite
/// the identity, and the last column and row sample one pixel beyond the image.
package struct GridDistortion: Transform, FieldWarp {
  /// Stretch factors of the cells, `num_steps` + 1 per axis; the last cell is the remainder of the division.
  package struct Drawn: Codable, Sendable {
    /// Factors of the columns; 1 is no stretch.
    package var columns: [Double]
    package var rows: [Double]

    package init(columns: [Double], rows: [Double]) {
      self.columns = columns
      self.rows = rows
    }
  }

  package static let summary = "Stretches and squeezes the columns and rows of a grid."
  package static let parameters: [Parameter<GridDistortion>] =
    [
      .integer("num_steps", \.numSteps, in: 1...1000, "cells per axis"),
      .range("distort_limit", \.distortLimit, in: -1...1, "stretch factor of each cell minus 1"),
      .flag("normalized", \.normalized, "whether to rescale the stretched cells to fill the image"),
    ] + Parameter.warping

  /// Cells per axis.
  package var numSteps = 5
  /// Range of the stretch factor minus 1.
  package var distortLimit = -0.3...0.3
  /// Whether the stretched cells are rescaled to fill the image.
  package var normalized = true
  package var resampling = Resampling()
  package var keypointRemapping = KeypointRemapping.mask

  package init() {}

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    let columns = (0...numSteps).map { _ in 1 + random.uniform(distortLimit) }
    return Drawn(columns: columns, rows: (0...numSteps).map { _ in 1 + random.uniform(distortLimit) })
  }

  /// out(x, y) = in(column(x), row(y)).
  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    let columns = coordinates(drawn.columns, length: shape.width)
    let rows = coordinates(drawn.rows, length: shape.height)
    return .geometry(.field(SeparableField(columns: columns, rows: rows)), resampling)
  }

  /// The source coordinate of each of `length` columns or rows. An axis with fewer pixels than cells is left unchanged.
  package func coordinates(_ stretches: [Double], length: Int) -> [Float] {
    precondition(stretches.count > 1, "a stretch for each cell and one for the rest")
    let cell = length / (stretches.count - 1)
    guard cell > 0 else { return (0..<length).map { Float($0) } }
    // If the remainder is longer than a cell, its end stays 0, as in Albumentations.
    var coordinates = [Float](repeating: 0, count: length)
    var previous = 0.0
    for (index, stretch) in (normalized ? Self.normalized(stretches, length) : stretches).enumerated() {
      let first = index * cell
      let current = previous + Double(cell) * stretch
      let last = min(first + cell, length) - 1
      for place in first..<max(first, last) {
        let step = (current - previous) / Double(last - first)
        coordinates[place] = Float(Double(place - first) * step + previous)
      }
      if last >= first { coordinates[last] = Float(last > first ? current : previous) }
      previous = current
    }
    return coordinates
  }

  /// Scales the stretches so that the cells fill `length`; the last cell is weighted by the remainder it covers.
  private static func normalized(_ stretches: [Double], _ length: Int) -> [Double] {
    let cells = stretches.count - 1
    let cell = length / cells
    let rest = min(length, stretches.count * cell) - cells * cell
    var weighted = stretches
    weighted[cells] *= Double(rest) / Double(cell)
    let sum = weighted.reduce(0, +)
    guard sum > 0 else { return stretches }
    return weighted.map { $0 * (Double(length) / Double(cell) / sum) }
  }

  /// Warns of displacements too small to see, and of the fill.
  package var warnings: [String] {
    let most = max(abs(distortLimit.lowerBound), abs(distortLimit.upperBound))
    let isInvisible = most / Double(numSteps) * 1000 < 0.1
    return (isInvisible ? ["in an image of 1000 pixels nothing moves by 0.1 of one"] : []) + resampling.warnings
  }
}
