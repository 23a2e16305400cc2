/// The objects of a mask: connected pixels of one kind, of which those that touch at a corner are connected too. In the
/// order of their first pixels, row by row.
package struct MaskObjects: Sendable {
  package let shape: ImageShape
  /// The runs of each object.
  package private(set) var areas: [PixelArea] = []

  private struct Run {
    let row: Int
    let columns: Range<Int>
    let kind: UInt64
    /// The number of a run of the same object, of itself if it is the first.
    var parent: Int
  }

  /// - Parameter kind: of a pixel's values; 0 belongs to no object.
  package init(_ mask: SceneMask, kind: (_ values: ArraySlice<UInt16>) -> UInt64) {
    shape = mask.shape
    var runs: [Run] = []
    var before = 0..<0
    for row in 0..<shape.height {
      let first = runs.count
      Self.append(mask, row, kind, to: &runs)
      Self.connect(before, first..<runs.count, in: &runs)
      before = first..<runs.count
    }
    collect(&runs)
  }

  private static func append(
    _ mask: SceneMask, _ row: Int, _ kind: (ArraySlice<UInt16>) -> UInt64, to runs: inout [Run]
  ) {
    let (width, channels, values) = (mask.shape.width, mask.shape.channels, mask.values)
    var (start, current) = (0, UInt64(0))
    for column in 0...width {
      let place = (row * width + column) * channels
      // Most pixels are like the one before, and a comparison takes less time than asking for their kind.
      if column > 0, column < width,
        (place..<place + channels).allSatisfy({ values[$0] == values[$0 - channels] })
      {
        continue
      }
      let next = column < width ? kind(values[place..<place + channels]) : 0
      if next == current { continue }
      if current != 0 { runs.append(Run(row: row, columns: start..<column, kind: current, parent: runs.count)) }
      (start, current) = (column, next)
    }
  }

  /// Connects the runs of a row with those of the row above that they touch.
  private static func connect(_ above: Range<Int>, _ row: Range<Int>, in runs: inout [Run]) {
    var first = above.lowerBound
    for index in row {
      let columns = runs[index].columns
      while first < above.upperBound, runs[first].columns.upperBound < columns.lowerBound { first += 1 }
      var other = first
      while other < above.upperBound, runs[other].columns.lowerBound <= columns.upperBound {
        if runs[other].kind == runs[index].kind { join(other, index, in: &runs) }
        other += 1
      }
    }
  }

  /// The earlier of two objects takes the other.
  private static func join(_ first: Int, _ second: Int, in runs: inout [Run]) {
    let (one, other) = (root(first, in: &runs), root(second, in: &runs))
    runs[max(one, other)].parent = min(one, other)
  }

  private static func root(_ index: Int, in runs: inout [Run]) -> Int {
    var index = index
    while runs[index].parent != index {
      runs[index].parent = runs[runs[index].parent].parent
      index = runs[index].parent
    }
    return index
  }

  private mutating func collect(_ runs: inout [Run]) {
    var numbers: [Int: Int] = [:]
    var parts: [[PixelArea.Run]] = []
    for index in runs.indices {
      let root = Self.root(index, in: &runs)
      let number = numbers[root] ?? parts.count
      if number == parts.count {
        numbers[root] = number
        parts.append([])
      }
      parts[number].append(PixelArea.Run(row: runs[index].row, columns: runs[index].columns))
    }
    areas = parts.map { PixelArea(ascending: $0) }
  }
}

extension PixelArea {
  /// The pixel with a number, counted row by row.
  package func pixel(_ number: Int) -> (x: Int, y: Int)? {
    var left = number
    for run in runs {
      if left < run.columns.count { return (run.columns.lowerBound + left, run.row) }
      left -= run.columns.count
    }
    return nil
  }

  /// The pixels of several areas that do not overlap.
  init(disjoint areas: [PixelArea]) {
    let runs = areas.flatMap(\.runs)
    self.init(ascending: runs.sorted { ($0.row, $0.columns.lowerBound) < ($1.row, $1.columns.lowerBound) })
  }
}
