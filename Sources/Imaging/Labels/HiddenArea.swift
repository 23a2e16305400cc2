/// What a drop hides from labels, in pixels of the image.
struct HiddenArea: Sendable {
  let hiding: Drop.Hiding
  private let area: PixelArea
  private let image: ImageShape

  /// - Parameter image: the shape of the image, in which the area lies.
  init(_ drop: Drop, in image: ImageShape) throws(ImagingError) {
    (hiding, area, self.image) = (drop.hiding, try drop.area(), image)
  }

  /// Whether a keypoint is lost.
  func hides(_ vertex: Vertex) -> Bool {
    guard hiding.contains(.keypoints) else { return false }
    let (column, row) = (vertex.x.rounded(.down), vertex.y.rounded(.down))
    return runs(in: Int(row)..<Int(row) + 1).contains { $0.columns.contains(Int(column)) }
  }

  /// What is left of a box in the image, and the share of it that can be seen. A side moves past rows or columns of
  /// pixels of which nothing can be seen, and stays where it is if there are none.
  func rest(of box: Box) -> (box: Box?, share: Double) {
    let (start, end) = (box.upperLeft.rounded(.down), box.lowerRight.rounded(.up))
    let columns = Int(start.x)..<max(Int(start.x), Int(end.x)), rows = Int(start.y)..<max(Int(start.y), Int(end.y))
    var hidden = HiddenCells(rows: rows, columns: columns)
    var hiddenArea = 0.0
    for run in runs(in: rows) {
      let pixels = Box(
        Vertex(Double(run.columns.lowerBound), Double(run.row)),
        Vertex(Double(run.columns.upperBound), Double(run.row + 1)))
      hiddenArea += pixels.intersection(box).area
      hidden.add(run)
    }
    guard let visible = hidden.visible else { return (nil, 0) }
    let share = box.area > 0 ? max(0, 1 - hiddenArea / box.area) : 0
    return (hiding.contains(.sides) ? box.intersection(visible) : box, share)
  }

  /// The share of what closed lines enclose that can be seen, by the centres of pixels.
  func visibleShare(of lines: [[Vertex]]) -> Double {
    let inside = PixelArea(inside: lines, in: image)
    guard let box = Box(around: lines.joined()) else { return 0 }
    // What is too small to hold the centre of a pixel lies in one all the same.
    let pixels = inside.runs.isEmpty ? PixelArea(covering: box, in: image) : inside
    var hiddenCount = 0
    for run in pixels.runs {
      for hidden in runs(in: run.row..<run.row + 1) { hiddenCount += hidden.columns.clamped(to: run.columns).count }
    }
    return pixels.pixelCount > 0 ? 1 - Double(hiddenCount) / Double(pixels.pixelCount) : 1
  }

  private func runs(in rows: Range<Int>) -> ArraySlice<PixelArea.Run> {
    area.runs[first(from: rows.lowerBound)..<first(from: rows.upperBound)]
  }

  /// The number of the first run in `row` or below.
  private func first(from row: Int) -> Int {
    var (low, high) = (0, area.runs.count)
    while low < high {
      let middle = (low + high) / 2
      if area.runs[middle].row < row { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

/// Which rows and columns of a rectangle of pixels are hidden altogether.
private struct HiddenCells {
  private let rows, columns: Range<Int>
  private var rowCounts: [Int]
  /// By how many rows more each column is hidden than the one before.
  private var columnSteps: [Int]

  init(rows: Range<Int>, columns: Range<Int>) {
    (self.rows, self.columns) = (rows, columns)
    rowCounts = Array(repeating: 0, count: rows.count)
    columnSteps = Array(repeating: 0, count: columns.count + 1)
  }

  mutating func add(_ run: PixelArea.Run) {
    let part = run.columns.clamped(to: columns)
    guard !part.isEmpty else { return }
    rowCounts[run.row - rows.lowerBound] += part.count
    columnSteps[part.lowerBound - columns.lowerBound] += 1
    columnSteps[part.upperBound - columns.lowerBound] -= 1
  }

  /// The smallest box around the pixels that can be seen; `nil` if there are none.
  var visible: Box? {
    var (columnCounts, count) = ([Int](), 0)
    for step in columnSteps.dropLast() {
      count += step
      columnCounts.append(count)
    }
    guard let top = rowCounts.firstIndex(where: { $0 < columns.count }),
      let bottom = rowCounts.lastIndex(where: { $0 < columns.count }),
      let left = columnCounts.firstIndex(where: { $0 < rows.count }),
      let right = columnCounts.lastIndex(where: { $0 < rows.count })
    else { return nil }
    return Box(
      Vertex(Double(columns.lowerBound + left), Double(rows.lowerBound + top)),
      Vertex(Double(columns.lowerBound + right + 1), Double(rows.lowerBound + bottom + 1)))
  }
}
