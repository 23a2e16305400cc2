/// The grid of a mosaic: which of its cells the result shows, and where an image comes to lie in them.
struct MosaicGrid {
  let across, down: Axis
  private let cellSize: ImageSize
  private let fitMode: Mosaic.FitMode
  private let resampling: Resampling

  init(_ mosaic: Mosaic) {
    across = Axis(count: mosaic.columns, cell: mosaic.cellSize.width, target: mosaic.targetSize.width)
    down = Axis(count: mosaic.rows, cell: mosaic.cellSize.height, target: mosaic.targetSize.height)
    (cellSize, fitMode) = (mosaic.cellSize, mosaic.fitMode)
    resampling = mosaic.resampling.fillingEveryChannel
  }

  /// One direction.
  struct Axis {
    let count, cell, target: Int

    private var least: Int { target / 2 }
    private var largest: Int { count * cell - (target + 1) / 2 }

    /// The centre of the result at a share of where it can lie.
    func center(_ share: Double) -> Int {
      clamped(least + Int(Double(largest - least + 1) * share))
    }

    private func clamped(_ center: Int) -> Int { max(least, min(center, largest)) }

    /// The parts of the result that cells fill.
    func spans(center: Int) -> [Range<Int>] {
      let start = clamped(center) - target / 2
      return (0..<count).compactMap { index in
        let (first, end) = (max(0, index * cell - start), min(target, (index + 1) * cell - start))
        return first < end ? first..<end : nil
      }
    }

    /// Which part of its cell, from its first column, a span shows: the end before the middle of the result, the
    /// beginning behind it. Albumentations shows the beginning or the end of images in this way.
    func offset(of span: Range<Int>, isCentered: Bool) -> Int {
      if isCentered { return (cell - span.count) / 2 }
      return span.lowerBound + span.upperBound < target ? cell - span.count : 0
    }

    func isCentered(_ span: Range<Int>) -> Bool { span.lowerBound + span.upperBound == target }
  }

  var isLargeEnough: Bool { across.count * across.cell >= across.target && down.count * down.cell >= down.target }

  /// The parts of the result that cells fill, the largest first and then row by row.
  func cells(centerX: Int, centerY: Int) -> [MosaicCell] {
    let columns = across.spans(center: centerX)
    var cells = down.spans(center: centerY).flatMap { rows in
      columns.map { MosaicCell(columns: $0, rows: rows) }
    }
    guard let largest = cells.map(\.area).max(), let place = cells.firstIndex(where: { $0.area == largest }) else {
      return []
    }
    cells.insert(cells.remove(at: place), at: 0)
    return cells
  }

  /// - Parameter sources: what each cell shows, the image itself in the first.
  func operation(_ cells: [MosaicCell], _ sources: [MosaicSource], for shape: ImageShape) -> Operation {
    var parts: [MosaicPart] = []
    for (cell, source) in zip(cells, sources) {
      guard let steps = steps(of: source.size(in: shape), in: cell) else {
        return .inapplicable("an image is too large once it fills its cell")
      }
      parts.append(MosaicPart(cell: cell, source: source, steps: steps))
    }
    let shown = parts
    let result = ImageSize(width: across.target, height: down.target)
    let own = (parts.first?.steps ?? []) + [placing(cells[0])]
    var merge = Merge(own: own) { (source, destination) throws(ImagingError) in
      try destination.reshape(to: source.shape.sized(result.width, result.height))
      var runner = PlaneRunner()
      var picture = PixelBuffer()
      for part in shown {
        try part.draw(source, &runner, into: &picture)
        destination.place(
          picture, x: part.cell.columns.lowerBound, y: part.cell.rows.lowerBound,
          in: PixelArea(covering: part.cell.box, in: destination.shape))
      }
    }
    for part in parts.dropFirst() { part.add(to: &merge, part.steps + [placing(part.cell)]) }
    merge.covered = cells.dropFirst().map(\.rectangle)
    return .merge(merge)
  }

  /// Scales an image to a cell and takes the part that shows; `nil` if it would need too much memory.
  private func steps(of size: ImageSize, in cell: MosaicCell) -> [Operation]? {
    let scales = (Double(cellSize.height) / Double(size.height), Double(cellSize.width) / Double(size.width))
    let scale = fitMode == .cover ? max(scales.0, scales.1) : min(scales.0, scales.1)
    let width = max(1, (Double(size.width) * scale).rounded(.toNearestOrEven))
    let height = max(1, (Double(size.height) * scale).rounded(.toNearestOrEven))
    guard width * height <= Double(ImageDecoder.defaultMaxPixels) else { return nil }
    let window = window(cell, of: ImageSize(width: Int(width), height: Int(height)))
    return [
      .geometry(.resize(width: Int(width), height: Int(height)), resampling), .geometry(.window(window), resampling),
    ]
  }

  /// The part of a scaled image that a cell shows. What is too small lies in the middle of what the cell shows and all
  /// that lies before it.
  private func window(_ cell: MosaicCell, of size: ImageSize) -> Rectangle {
    let isCentered = across.isCentered(cell.columns) || down.isCentered(cell.rows)
    let x = across.offset(of: cell.columns, isCentered: isCentered)
    let y = down.offset(of: cell.rows, isCentered: isCentered)
    return Rectangle(
      x: x - max(0, x + cell.columns.count - size.width) / 2, y: y - max(0, y + cell.rows.count - size.height) / 2,
      width: cell.columns.count, height: cell.rows.count)
  }

  /// From the pixels of a cell to those of the result.
  private func placing(_ cell: MosaicCell) -> Operation {
    .geometry(
      .window(
        Rectangle(
          x: -cell.columns.lowerBound, y: -cell.rows.lowerBound, width: across.target, height: down.target)),
      resampling)
  }
}

/// A part of the result, in its pixels.
struct MosaicCell {
  let columns, rows: Range<Int>

  var area: Int { columns.count * rows.count }

  var rectangle: Rectangle {
    Rectangle(x: columns.lowerBound, y: rows.lowerBound, width: columns.count, height: rows.count)
  }

  fileprivate var box: Box {
    Box(
      Vertex(Double(columns.lowerBound), Double(rows.lowerBound)),
      Vertex(Double(columns.upperBound), Double(rows.upperBound)))
  }
}

/// What a cell shows.
enum MosaicSource {
  case itself
  case reference(ReferenceLibrary, Int)

  fileprivate func size(in shape: ImageShape) -> ImageSize {
    switch self {
    case .itself: shape.size
    case .reference(let library, let index): library.images[index].size
    }
  }
}

private struct MosaicPart: Sendable {
  let cell: MosaicCell
  let source: MosaicSource
  /// From the pixels of the source to those of the cell.
  let steps: [Operation]

  func draw(
    _ image: borrowing PixelBuffer, _ runner: inout PlaneRunner, into picture: inout PixelBuffer
  ) throws(ImagingError) {
    switch source {
    case .itself: try runner.run(steps, on: image, into: &picture)
    case .reference(let library, let index):
      let reference = try library.pixels(index, channels: image.shape.channels)
      try runner.run(steps, on: reference.color, into: &picture)
    }
  }

  func add(to merge: inout Merge, _ operations: [Operation]) {
    switch source {
    case .itself: merge.others.append(Merge.Part(reference: nil, operations: operations))
    case .reference(let library, let index): merge.add(library, index, operations)
    }
  }
}
