internal import CImaging

/// Moves, stretches and squeezes whole columns and rows: out(x, y) = in(columns[x], rows[y]).
package struct SeparableField: PointField {
  /// The source column of each output column.
  package var columns: [Float]
  /// The source row of each output row.
  package var rows: [Float]

  package init(columns: [Float], rows: [Float]) { (self.columns, self.rows) = (columns, rows) }

  /// OpenCV `remap`.
  package func apply(
    _ resampling: Resampling, to source: borrowing PixelBuffer, into destination: inout PixelBuffer
  ) throws(ImagingError) {
    precondition(columns.count == source.shape.width && rows.count == source.shape.height, "a place for each")
    var resampling = resampling.cValue
    unsafe try destination.fill(source.shape, from: source) { source, destination, message in
      unsafe cimaging_warp_separable(source, destination, columns, rows, &resampling, message)
    }
  }

  package func places(for shape: ImageShape) -> PlaceMap {
    PlaceMap(
      width: shape.width, height: shape.height, xs: rows.flatMap { _ in columns },
      ys: rows.flatMap { Array(repeating: $0, count: columns.count) })
  }

  package func map(for shape: ImageShape) -> any FieldMap { axes }

  var axes: SeparableMap { SeparableMap(columns: AxisMap(columns), rows: AxisMap(rows)) }
}

/// A separable field: an `AxisMap` across and one down.
struct SeparableMap: FieldMap {
  let columns, rows: AxisMap

  /// Stretches change from one pixel to the next.
  var straightLength: Double { 4 }

  func place(of pixel: Point) -> Point { Point(columns.place(of: pixel.x), rows.place(of: pixel.y)) }

  func pixel(showing place: Point, near: Point?) -> Point? {
    guard columns.isAscending, rows.isAscending else { return nil }
    return Point(columns.first(reaching: place.x), rows.first(reaching: place.y))
  }

  func folds(in box: Box) -> Bool { !(columns.isAscending && rows.isAscending) }

  /// The smallest box around all pixels that show a part of `box`, in pixels between corners. Exact for any columns
  /// and rows, ascending or not; `nil` if nothing shows it.
  func bounds(showing box: Box) -> Box? {
    guard let across = columns.span(showing: box.upperLeft.x - 0.5, box.lowerRight.x - 0.5),
      let down = rows.span(showing: box.upperLeft.y - 0.5, box.lowerRight.y - 0.5)
    else { return nil }
    return Box(Vertex(across.start, down.start) + 0.5, Vertex(across.end, down.end) + 0.5)
  }
}

/// One axis of a separable field: straight between the pixels, and of slope 1 beyond the first and the last.
///
/// A stretch of pixels that repeat one source place counts for what begins there: the place of an edge is the first
/// that reaches it. So shapes that touch still do.
struct AxisMap: Sendable {
  private let places: [Double]
  let isAscending: Bool

  init(_ places: [Float]) {
    self.places = places.map(Double.init)
    isAscending = zip(places, places.dropFirst()).allSatisfy { $0 <= $1 }
  }

  func place(of pixel: Double) -> Double {
    guard let first = places.first, let last = places.last else { return pixel }
    let end = Double(places.count - 1)
    if pixel >= end { return last + pixel - end }
    guard pixel > 0 else { return first + pixel }
    let left = Int(pixel)
    return places[left] + (pixel - Double(left)) * (places[left + 1] - places[left])
  }

  /// The first output coordinate whose source place is `place` or more. Only for ascending places.
  func first(reaching place: Double) -> Double {
    guard let first = places.first, let last = places.last else { return place }
    if place <= first { return place - first }
    if place > last { return Double(places.count - 1) + place - last }
    var (low, high) = (0, places.count - 1)  // the place of `low` is less, that of `high` is not
    while high - low > 1 {
      let middle = (low + high) / 2
      if places[middle] < place { low = middle } else { high = middle }
    }
    return crossing(low, place)
  }

  /// From the first output coordinate to the last that shows something between `start` and `end`.
  func span(showing start: Double, _ end: Double) -> (start: Double, end: Double)? {
    if isAscending { return (first(reaching: start), first(reaching: end)) }
    var span: (start: Double, end: Double)?
    func add(_ pixel: Double) { span = (min(span?.start ?? pixel, pixel), max(span?.end ?? pixel, pixel)) }
    for (pixel, place) in places.enumerated() where place >= start && place < end {
      // A lone pixel shows half a pixel to each side, as far as its neighbours do not.
      add(Double(pixel) - 0.5)
      add(Double(pixel) + 0.5)
    }
    return span
  }

  /// Where the line from pixel `low` to the next one reaches `place`.
  private func crossing(_ low: Int, _ place: Double) -> Double {
    let rise = places[low + 1] - places[low]
    return rise > 0 ? Double(low) + (place - places[low]) / rise : Double(low)
  }
}
