// Masks as pixels and back. Runs go down the columns, so pixels are turned into columns first: both ways then work on
// bytes in their order.

extension RunLengths {
  /// The pixels of one channel that are not 0.
  package init(_ pixels: borrowing PixelBuffer) throws(ImagingError) {
    precondition(pixels.shape.channels == 1, "a mask has one channel")
    let shape = pixels.shape
    var columns = PixelBuffer()
    if shape.byteCount > 0 { try Orientation.transpose.apply(to: pixels, into: &columns) }
    self.init(
      unchecked: shape.width, shape.height, unsafe columns.withBytes { unsafe Self.counts(UnsafeRawBufferPointer($0)) })
  }

  private static func counts(_ bytes: UnsafeRawBufferPointer) -> [Int] {
    var (counts, start, isInside, index) = ([Int](), 0, false, 0)
    // Reads whole words only where eight bytes are left.
    while index < bytes.count {
      if index + 8 <= bytes.count {
        let word = unsafe bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
        if word == (isInside ? .max : 0) {
          index += 8
          continue
        }
      }
      if unsafe (bytes[index] != 0) != isInside {
        counts.append(index - start)
        (start, isInside) = (index, !isInside)
      }
      index += 1
    }
    if bytes.count > start { counts.append(bytes.count - start) }
    return counts
  }

  /// Takes the mask's size, with `value` inside and 0 outside.
  package func paint(_ value: UInt8 = 255, into pixels: inout PixelBuffer) throws(ImagingError) {
    let shape = ImageShape(width: width, height: height, channels: 1)
    guard shape.byteCount > 0 else { return try pixels.reshape(to: shape) }
    var columns = PixelBuffer()
    try columns.reshape(to: shape.transposed)
    // The runs fill the mask, whose size is that of the buffer.
    unsafe columns.withBytes { bytes in
      var start = 0
      for (index, count) in counts.enumerated() {
        let run = unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[start..<start + count])
        _ = unsafe run.initializeMemory(as: UInt8.self, repeating: index.isMultiple(of: 2) ? 0 : value)
        start += count
      }
    }
    try Orientation.transpose.apply(to: columns, into: &pixels)
  }

  /// The mask after the operations that change it: nearest neighbours, and nothing beyond the edge; of drops those that
  /// set masks to 0.
  func moved(by operations: [Operation]) throws(ImagingError) -> RunLengths {
    var nearest = Resampling()
    nearest.interpolation = .nearest
    var steps: [Operation] = []
    for operation in operations.labelled {
      switch operation {
      case .geometry(let geometry, _): steps.append(.geometry(geometry, nearest))
      case .morph: steps.append(operation)
      case .drop(let drop) where drop.maskFill?.allSatisfy({ $0 == 0 }) == true:
        steps.append(try drop.filling(with: [0]))
      default: continue
      }
    }
    if steps.isEmpty { return self }
    var pixels = PixelBuffer()
    var moved = PixelBuffer()
    var runner = PlaneRunner()
    try paint(into: &pixels)
    try runner.run(steps, on: pixels, into: &moved)
    return try RunLengths(moved)
  }
}
