/// A grid of images, of which the result shows a part: the image itself in its largest cell, and reference images, or
/// the image itself where there are too few, in the others. Grey and colour; reference images of the other kind are
/// converted. The objects of all are labelled.
///
/// Source: Albumentations `Mosaic`, OpenCV `resize`.
package struct Mosaic: ReferenceTransform, Resampled {
  package struct Drawn: Codable, Sendable {
    /// The centre of the result in the whole grid, in pixels.
    package var centerX, centerY: Int
    /// What the cells show besides the largest, row by row; `nil`: the image itself.
    package var others: [ReferenceDraw?]

    package init(centerX: Int, centerY: Int, others: [ReferenceDraw?]) {
      (self.centerX, self.centerY, self.others) = (centerX, centerY, others)
    }
  }

  package static let summary = "Shows part of a grid of the image and reference images."
  package static let bringsObjects = true
  package static let parameters: [Parameter<Mosaic>] = [
    grid,
    .size("target_size", \.targetSize, "the result"),
    .size("cell_shape", \.cellSize, "a cell of the grid"),
    .fixedOrRange(
      "center_range", \.centerRange, in: 0...1, "where the centre of the result lies in the grid, in shares"),
    .choice("fit_mode", \.fitMode, "whether an image fills its cell or lies in it whole"),
    .code(
      "interpolation", \.resampling.interpolation, "interpolation: 0 nearest, 1 linear, 2 cubic, 3 area, 4 Lanczos"),
    .code("mask_interpolation", \.resampling.maskInterpolation, "the same for masks"),
    .levels("fill", \.resampling.fill, "colour where an image does not fill its cell"),
    .levels("fill_mask", \.resampling.maskFill, "the same for masks"),
  ]
  package static let unusedKeys = ["metadata_key"]

  package enum FitMode: String, CaseIterable, Sendable {
    case cover
    case contain
  }

  package var references = References()
  package var rows = 2
  package var columns = 2
  package var targetSize = ImageSize(width: 512, height: 512)
  package var cellSize = ImageSize(width: 512, height: 512)
  package var centerRange = 0.3...0.7
  package var fitMode = FitMode.cover
  package var resampling = Resampling()

  package init() {}

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    let grid = MosaicGrid(self)
    let x = grid.across.center(random.uniform(centerRange))
    let y = grid.down.center(random.uniform(centerRange))
    let count = max(0, grid.cells(centerX: x, centerY: y).count - 1)
    let images = references.library?.images ?? []
    let indices = images.count > count ? random.sample(count, of: images.count) : Array(images.indices)
    let draws = indices.map { ReferenceDraw(index: $0, path: images[$0].path) }
    let all: [ReferenceDraw?] = draws + Array(repeating: nil, count: count - draws.count)
    return Drawn(centerX: x, centerY: y, others: random.permutation(count).map { all[$0] })
  }

  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    guard shape.byteCount > 0 else { return .identity }
    let grid = MosaicGrid(self)
    guard grid.isLargeEnough else { return .inapplicable("its target_size is larger than all cells together") }
    let cells = grid.cells(centerX: drawn.centerX, centerY: drawn.centerY)
    var sources: [MosaicSource] = []
    for place in cells.indices.dropFirst() {
      guard place <= drawn.others.count, let draw = drawn.others[place - 1] else {
        sources.append(.itself)
        continue
      }
      guard let (library, index) = references.image(of: draw) else {
        return .inapplicable(references.reason(toSkip: draw))
      }
      sources.append(.reference(library, index))
    }
    return grid.operation(cells, [.itself] + sources, for: shape)
  }

  private static let grid = Parameter<Mosaic>(
    name: "grid_yx", summary: "rows and columns of the grid", text: { "[\($0.rows), \($0.columns)]" }
  ) { value, root throws(ParameterError) in
    guard case .list(let sides) = value.content, sides.count == 2 else {
      throw ParameterError("must be [rows, columns], not \(value.description)")
    }
    (root.rows, root.columns) = (try sides[0].integer(in: 1...32), try sides[1].integer(in: 1...32))
  }
}
