extension PixelBuffer {
  /// Copies `window` of `source`, with the border's pixels beyond the edge. OpenCV `copyMakeBorder`.
  mutating func take(
    _ window: Rectangle, of source: borrowing PixelBuffer, _ resampling: Resampling
  ) throws(ImagingError) {
    let from = source.shape
    precondition(window.width >= 0 && window.height >= 0, "a window has no negative sides")
    try reshape(to: from.sized(window.width, window.height))
    guard shape.byteCount > 0 else { return }
    precondition(from.byteCount > 0, "an image without pixels has none to repeat")
    let rows = WindowRows(window, of: from, resampling)
    let (inputStride, outputStride) = (source.rowStride, rowStride)
    // Rows are slices within the byte counts of the shapes, and slicing checks bounds.
    unsafe source.withBytes { input in
      unsafe withBytes { output in
        for y in 0..<window.height {
          let row = unsafe UnsafeMutableRawBufferPointer(rebasing: output[y * outputStride..<(y + 1) * outputStride])
          guard let place = resampling.border.index(window.y + y, of: from.height) else {
            unsafe rows.fill(row)
            continue
          }
          let start = place * inputStride
          unsafe rows.copy(UnsafeRawBufferPointer(rebasing: input[start..<start + inputStride]), to: row)
        }
      }
    }
  }
}

/// Builds rows of a window from rows of the image.
private struct WindowRows {
  private let channels: Int
  /// The image column of each window column; `nil` for fill.
  private let columns: [Int?]
  /// Window columns that lie in the image: one contiguous run, copied whole.
  private let inside: Range<Int>
  private let fill: [UInt8]

  init(_ window: Rectangle, of shape: ImageShape, _ resampling: Resampling) {
    channels = shape.channels
    columns = (0..<window.width).map { resampling.border.index(window.x + $0, of: shape.width) }
    let first = min(max(-window.x, 0), window.width)
    inside = first..<max(first, min(window.width, shape.width - window.x))
    fill = (0..<channels).map { UInt8(min(max(resampling.fill($0).rounded(.toNearestOrEven), 0), 255)) }
  }

  func fill(_ row: UnsafeMutableRawBufferPointer) {
    for x in columns.indices { unsafe write(nil, to: row, x) }
  }

  func copy(_ source: UnsafeRawBufferPointer, to row: UnsafeMutableRawBufferPointer) {
    if let first = inside.first, let column = columns[first] {
      let run = unsafe UnsafeRawBufferPointer(
        rebasing: source[column * channels..<(column + inside.count) * channels])
      unsafe UnsafeMutableRawBufferPointer(rebasing: row[(first * channels)...]).copyMemory(from: run)
    }
    for x in 0..<inside.lowerBound { unsafe write(source, to: row, x) }
    for x in inside.upperBound..<columns.count { unsafe write(source, to: row, x) }
  }

  /// Writes the pixel of column `x`: from `source`, or fill.
  private func write(_ source: UnsafeRawBufferPointer?, to row: UnsafeMutableRawBufferPointer, _ x: Int) {
    for channel in 0..<channels {
      guard let source = unsafe source, let column = columns[x] else {
        unsafe row[x * channels + channel] = fill[channel]
        continue
      }
      unsafe row[x * channels + channel] = unsafe source[column * channels + channel]
    }
  }
}
