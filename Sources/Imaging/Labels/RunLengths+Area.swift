// Masks as runs of rows and back.

extension RunLengths {
  /// Of an image of `width` × `height` pixels that holds the area.
  package init(_ area: PixelArea, width: Int, height: Int) {
    var columns: [[Range<Int>]] = Array(repeating: [], count: width)
    for run in area.runs {
      for x in run.columns {
        if columns[x].last?.upperBound == run.row {
          columns[x][columns[x].count - 1] = columns[x][columns[x].count - 1].lowerBound..<run.row + 1
        } else {
          columns[x].append(run.row..<run.row + 1)
        }
      }
    }
    var (counts, end) = ([Int](), 0)
    for (x, rows) in columns.enumerated() {
      for run in rows {
        let start = x * height + run.lowerBound
        // A run that reaches the lower edge goes on at the upper one of the next column.
        if start == end && !counts.isEmpty {
          counts[counts.count - 1] += run.count
        } else {
          counts += [start - end, run.count]
        }
        end = start + run.count
      }
    }
    if end < width * height { counts.append(width * height - end) }
    self.init(unchecked: width, height, counts)
  }

  /// The pixels whose centres lie within an odd number of the closed `polygons`.
  package init(inside polygons: [[Vertex]], in shape: ImageShape) {
    self.init(PixelArea(inside: polygons, in: shape), width: shape.width, height: shape.height)
  }

  /// Calls `body` with each column's part of each run inside.
  func eachRun(_ body: (_ column: Int, _ rows: Range<Int>) -> Void) {
    var start = 0
    for (index, count) in counts.enumerated() {
      let end = start + count
      if !index.isMultiple(of: 2) {
        while start < end {
          let (column, row) = start.quotientAndRemainder(dividingBy: height)
          let rows = row..<min(height, row + end - start)
          body(column, rows)
          start += rows.count
        }
      }
      start = end
    }
  }

  /// The same pixels in runs of rows.
  package var pixelArea: PixelArea {
    // For each row the runs that the columns so far have left open or ended.
    var rows: [[Range<Int>]] = Array(repeating: [], count: height)
    eachRun { column, range in
      for y in range {
        if rows[y].last?.upperBound == column {
          rows[y][rows[y].count - 1] = rows[y][rows[y].count - 1].lowerBound..<column + 1
        } else {
          rows[y].append(column..<column + 1)
        }
      }
    }
    return PixelArea(rows: rows)
  }

  /// The smallest box around the pixels inside; `nil` if there are none.
  package var bounds: Box? {
    var (left, right, top, bottom) = (Int.max, 0, Int.max, 0)
    eachRun { column, rows in
      (left, right) = (min(left, column), max(right, column + 1))
      (top, bottom) = (min(top, rows.lowerBound), max(bottom, rows.upperBound))
    }
    return left < right ? Box(Vertex(Double(left), Double(top)), Vertex(Double(right), Double(bottom))) : nil
  }
}
