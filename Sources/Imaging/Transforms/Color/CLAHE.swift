internal import CImaging

/// Contrast-limited adaptive histogram equalisation. Grey; for colour images on the lightness (L of Lab).
///
/// Source: Albumentations `CLAHE`, OpenCV `createCLAHE`.
package struct CLAHE: Transform {
  package struct Drawn: Codable, Sendable {
    /// Clip limit in multiples of a uniform histogram's bin.
    package var clipLimit: Double

    package init(clipLimit: Double) { self.clipLimit = clipLimit }
  }

  /// Number of tiles per axis. Albumentations documents rows first, but its code takes columns first.
  package struct Grid: Hashable, Sendable {
    package var columns: Int
    package var rows: Int

    package init(columns: Int, rows: Int) {
      self.columns = columns
      self.rows = rows
    }
  }

  package static let summary = "Equalises contrast tile by tile with a clip limit (CLAHE on the lightness)."
  package static let parameters: [Parameter<CLAHE>] = [
    .range("clip_limit", \.clipLimit, in: 1...1e6, lowest: 1, "clip limit, in multiples of a uniform histogram"),
    tiles,
  ]

  /// Range of the clip limit in multiples of a uniform histogram's bin.
  package var clipLimit = 1.0...4.0
  package var tileGridSize = Grid(columns: 8, rows: 8)

  package init() {}

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    Drawn(clipLimit: random.uniform(clipLimit))
  }

  package func fixed(at drawn: Drawn) -> PipelineNode? { always { $0.clipLimit = .only(drawn.clipLimit) } }

  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    let (columns, rows) = (Int32(tileGridSize.columns), Int32(tileGridSize.rows))
    return .kernel { source, destination, message in
      unsafe cimaging_clahe(source, destination, drawn.clipLimit, columns, rows, message)
    }
  }

  private static let tiles = Parameter<CLAHE>(
    name: "tile_grid_size", summary: "columns and rows of tiles, each 1 to 256",
    text: { "[\($0.tileGridSize.columns), \($0.tileGridSize.rows)]" }
  ) { value, root throws(ParameterError) in
    guard case .list(let counts) = value.content, counts.count == 2 else {
      throw ParameterError("must be two whole numbers, not \(value.description)")
    }
    root.tileGridSize = Grid(
      columns: try counts[0].integer(in: 1...256), rows: try counts[1].integer(in: 1...256))
  }
}
