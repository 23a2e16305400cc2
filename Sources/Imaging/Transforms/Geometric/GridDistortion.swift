/// Stretches and squeezes the columns and rows of a grid. Grey, colour and alpha.
///
/// Source: Albumentations `GridDistortion`, OpenCV `remap`; its quirks included: no stretch is not quite the identity,
/// and the last column and row look one pixel beyond the image.
public struct GridDistortion: Transform, Resampled {
  /// The stretch of each cell, `num_steps` + 1 a side: the last is what the division leaves over.
  public struct Drawn: Codable, Sendable {
    /// Of the columns; 1 is no stretch.
    public var columns: [Double]
    /// Of the rows.
    public var rows: [Double]

    /// Stretches by these factors.
    public init(columns: [Double], rows: [Double]) {
      self.columns = columns
      self.rows = rows
    }
  }

  /// The sentence of `augment-cli transforms`.
  public static let summary = "Stretches and squeezes the columns and rows of a grid."
  /// As in Albumentations.
  public static let parameters: [Parameter<GridDistortion>] =
    [
      .integer("num_steps", \.numSteps, in: 1...1000, "cells a side"),
      .range("distort_limit", \.distortLimit, in: -1...1, "stretch of each cell, less 1"),
      .flag("normalized", \.normalized, "whether the stretched cells fill the image again"),
    ] + Parameter.resampling

  /// Cells a side.
  public var numSteps = 5
  /// Range of the stretch, less 1.
  public var distortLimit = -0.3...0.3
  /// Whether the stretched cells fill the image again.
  public var normalized = true
  /// Between pixels and beyond the edge.
  public var resampling = Resampling()

  /// The transform with its defaults.
  public init() {}

  /// Draws the stretch of each column, then of each row.
  public func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    let columns = (0...numSteps).map { _ in 1 + random.uniform(distortLimit) }
    return Drawn(columns: columns, rows: (0...numSteps).map { _ in 1 + random.uniform(distortLimit) })
  }

  /// out(x, y) = in(column(x), row(y)).
  public func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    let columns = coordinates(drawn.columns, length: shape.width)
    let rows = coordinates(drawn.rows, length: shape.height)
    return .geometry(.field(SeparableField(columns: columns, rows: rows)), resampling)
  }

  /// Where each of `length` columns, or rows, is taken from. An axis with fewer pixels than cells stays as it is.
  package func coordinates(_ stretches: [Double], length: Int) -> [Float] {
    precondition(stretches.count > 1, "a stretch for each cell and one for the rest")
    let cell = length / (stretches.count - 1)
    guard cell > 0 else { return (0..<length).map { Float($0) } }
    // Where the rest is longer than a cell, its end stays 0, as in Albumentations.
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

  /// The last counts as much as the rest that it covers, and together they fill the length.
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

  /// Whether anybody would see it, and the fill.
  public var warnings: [String] {
    let most = max(abs(distortLimit.lowerBound), abs(distortLimit.upperBound))
    let isInvisible = most / Double(numSteps) * 1000 < 0.1
    return (isInvisible ? ["in an image of 1000 pixels nothing moves by 0.1 of one"] : []) + resampling.warnings
  }
}
