internal import CImaging

/// Contrast-limited adaptive histogram equalisation. Grey; of colour, the lightness (Lab).
///
/// Source: Albumentations `CLAHE`, OpenCV `createCLAHE`.
public struct CLAHE: Transform {
  /// How far contrast may go.
  public struct Drawn: Codable, Sendable {
    /// In multiples of an even histogram.
    public var clipLimit: Double

    /// Clips histograms at `clipLimit`.
    public init(clipLimit: Double) { self.clipLimit = clipLimit }
  }

  /// Into how many tiles an image is cut. Albumentations documents rows first, but columns are first in what it does.
  public struct Grid: Hashable, Sendable {
    /// Tiles side by side.
    public var columns: Int
    /// Tiles one below the other.
    public var rows: Int

    /// A grid of `columns` × `rows`.
    public init(columns: Int, rows: Int) {
      self.columns = columns
      self.rows = rows
    }
  }

  /// The sentence of `augment-cli transforms`.
  public static let summary = "Evens out contrast tile by tile, within limits (CLAHE on the lightness)."
  /// As in Albumentations.
  public static let parameters: [Parameter<CLAHE>] = [
    .range("clip_limit", \.clipLimit, in: 1...1e6, lowest: 1, "most contrast, in multiples of an even histogram"),
    tiles,
  ]

  /// Range of the limit, in multiples of an even histogram.
  public var clipLimit = 1.0...4.0
  /// Columns and rows of tiles.
  public var tileGridSize = Grid(columns: 8, rows: 8)

  /// The transform with its defaults.
  public init() {}

  /// Draws the limit.
  public func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    Drawn(clipLimit: random.uniform(clipLimit))
  }

  /// Equalises.
  public func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
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
