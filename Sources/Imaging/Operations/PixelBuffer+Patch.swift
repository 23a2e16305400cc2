internal import CImaging

// Patches: parts of an image that are computed from the source, and then placed in a copy of it. Every rectangle lies
// in its image, so that the rows are slices within the byte counts of the shapes; slicing checks bounds.

extension PixelBuffer {
  /// Blurs a part of `source`: in `window`, the same bytes as `blur` of the whole.
  ///
  /// The kernel reaches `size / 2` pixels beyond the window, and reflects the image at its edge. So the patch is larger
  /// by that, and ends where the image does; its sums are of whole numbers, which makes them the same wherever it lies.
  /// - Returns: where the patch lies in the image.
  package mutating func blur(
    _ window: Rectangle, of source: borrowing PixelBuffer, size: Int, sigma: Double
  ) throws(ImagingError) -> Rectangle {
    precondition(size > 0 && !size.isMultiple(of: 2) && sigma > 0, "an odd number of taps, and a deviation above 0")
    let place = window.extended(by: size / 2, in: source.shape)
    precondition(place.width > 0 && place.height > 0, "a window in the image")
    try reshape(to: source.shape.sized(place.width, place.height))
    var message = cimaging_message()
    var input = unsafe source.cPixels
    unsafe input.base += place.y * source.rowStride + place.x * source.shape.channels
    unsafe (input.width, input.height) = (Int32(place.width), Int32(place.height))
    var output = unsafe cPixels
    let status = unsafe cimaging_gaussian_blur(&input, &output, Int32(size), sigma, &message)
    try check(status, message)
    return place
  }

  /// Makes a mosaic of a part of `source`: squares from the upper left corner on, each of the mean colour of the pixels
  /// that it covers in `window`, rounded half up.
  package mutating func pixelate(
    _ window: Rectangle, of source: borrowing PixelBuffer, blockSide: Int
  ) throws(ImagingError) {
    precondition(blockSide > 0, "blocks have pixels")
    try reshape(to: source.shape.sized(window.width, window.height))
    for top in stride(from: 0, to: window.height, by: blockSide) {
      for left in stride(from: 0, to: window.width, by: blockSide) {
        let block = Rectangle(
          x: left, y: top, width: min(blockSide, window.width - left), height: min(blockSide, window.height - top))
        let mean = source.mean(of: block.moved(by: window.x, window.y))
        fill(block, with: mean)
      }
    }
  }

  /// Takes a size and becomes black.
  package mutating func blacken(_ shape: ImageShape) throws(ImagingError) {
    try reshape(to: shape)
    unsafe withBytes { bytes in _ = unsafe bytes.initializeMemory(as: UInt8.self, repeating: 0) }
  }

  /// The mean of each channel, rounded half up.
  private func mean(of block: Rectangle) -> [UInt8] {
    let channels = shape.channels
    var sums = [Int](repeating: 0, count: channels)
    unsafe forEachRow(of: block) { row in
      for channel in 0..<channels {
        var sum = 0
        for index in stride(from: channel, to: row.count, by: channels) { unsafe sum += Int(row[index]) }
        sums[channel] += sum
      }
    }
    let count = block.width * block.height
    return sums.map { UInt8(($0 + count / 2) / count) }
  }

  /// Gives a part of the image one colour.
  mutating func fill(_ block: Rectangle, with color: [UInt8]) {
    let channels = shape.channels
    unsafe forEachRow(of: block) { row in
      for channel in 0..<channels {
        for index in stride(from: channel, to: row.count, by: channels) { unsafe row[index] = color[channel] }
      }
    }
  }

  /// Overwrites the pixels of `area` with a value for each channel.
  package mutating func fill(_ area: PixelArea, with color: [UInt8]) {
    precondition(color.count == shape.channels, "a value for each channel")
    let isGrey = color.allSatisfy { $0 == color[0] }
    for run in area.runs {
      unsafe forEachRow(of: Rectangle(x: run.columns.lowerBound, y: run.row, width: run.columns.count, height: 1)) {
        row in
        if isGrey {
          _ = unsafe row.initializeMemory(as: UInt8.self, repeating: color[0])
        } else {
          for index in row.indices { unsafe row[index] = color[index % color.count] }
        }
      }
    }
  }

  /// Calls `body` with the bytes of a block, row by row.
  @unsafe
  private func forEachRow(of block: Rectangle, _ body: (UnsafeMutableRawBufferPointer) -> Void) {
    let (channels, rowStride) = (shape.channels, rowStride)
    unsafe withBytes { bytes in
      for y in block.y..<block.y + block.height {
        let start = y * rowStride + block.x * channels
        unsafe body(UnsafeMutableRawBufferPointer(rebasing: bytes[start..<start + block.width * channels]))
      }
    }
  }

  /// Copies the pixels of `area` from a patch whose upper left pixel lies at `x`, `y`.
  package mutating func place(_ patch: borrowing PixelBuffer, x: Int, y: Int, in area: PixelArea) {
    precondition(patch.shape.channels == shape.channels, "a patch has the channels of its image")
    let (channels, rowStride, patchStride) = (shape.channels, rowStride, patch.rowStride)
    unsafe patch.withBytes { input in
      unsafe withBytes { output in
        for run in area.runs {
          let byteCount = run.columns.count * channels
          let from = (run.row - y) * patchStride + (run.columns.lowerBound - x) * channels
          let to = run.row * rowStride + run.columns.lowerBound * channels
          unsafe UnsafeMutableRawBufferPointer(rebasing: output[to..<to + byteCount]).copyMemory(
            from: UnsafeRawBufferPointer(rebasing: input[from..<from + byteCount]))
        }
      }
    }
  }
}

extension Rectangle {
  fileprivate func moved(by columns: Int, _ rows: Int) -> Rectangle {
    Rectangle(x: x + columns, y: y + rows, width: width, height: height)
  }

  /// The rectangle with a margin on each side, as far as it lies in an image of `shape`.
  fileprivate func extended(by margin: Int, in shape: ImageShape) -> Rectangle {
    let (left, top) = (max(0, x - margin), max(0, y - margin))
    let (right, bottom) = (min(shape.width, x + width + margin), min(shape.height, y + height + margin))
    return Rectangle(x: left, y: top, width: right - left, height: bottom - top)
  }
}
