/// A mask: an image whose values are names of classes or objects, exactly as its file stores them. Indices stay
/// indices, and no bit depth changes.
package struct MaskImage: ~Copyable {
  package internal(set) var layout: MaskLayout
  /// By the number of a `MaskPlane`. Those that the layout does without keep what was there before.
  var planes: InlineArray<4, PixelBuffer>

  /// An empty mask to decode into.
  package init() {
    layout = MaskLayout(.grey)
    planes = InlineArray { _ in PixelBuffer() }
  }

  /// A mask of 8 bits: indices of a palette, grey, or red, green, blue.
  package init(_ values: consuming PixelBuffer, _ colors: MaskLayout.Colors) {
    self.init()
    layout = MaskLayout(colors)
    precondition(values.shape.channels == layout.channels, "as many channels as the colours have")
    planes[MaskPlane.color.rawValue] = values
  }

  package var size: ImageSize { planes[MaskPlane.color.rawValue].shape.size }

  /// Takes a size and a layout; the values become uninitialised.
  mutating func reshape(to size: ImageSize, _ layout: MaskLayout) throws(ImagingError) {
    self.layout = layout
    for plane in layout.planes { try planes[plane.rawValue].reshape(to: layout.shape(of: plane, size)) }
  }

  /// The values of one pixel: those of its colour, then that of its opacity, if there is one.
  package subscript(row row: Int, column column: Int) -> [Int] {
    var values = bytes(of: .color, row, column)
    if layout.hasAlpha { values += bytes(of: .alpha, row, column) }
    guard layout.bitDepth == 16 else { return values }
    var low = bytes(of: .colorLow, row, column)
    if layout.hasAlpha { low += bytes(of: .alphaLow, row, column) }
    return zip(values, low).map { $0 << 8 | $1 }
  }

  /// Sets a value of a mask of 16 bits: those of the colour are the first of a pixel, that of the opacity is the last.
  mutating func set(_ value: Int, row: Int, column: Int, sample: Int) {
    let isAlpha = sample == layout.channels
    let plane = isAlpha ? MaskPlane.alpha.rawValue : MaskPlane.color.rawValue
    let place = isAlpha ? row * size.width + column : (row * size.width + column) * layout.channels + sample
    planes[plane].withMutableSpan { $0[place] = UInt8(value >> 8) }
    planes[plane + 1].withMutableSpan { $0[place] = UInt8(value & 255) }
  }

  private func bytes(of plane: MaskPlane, _ row: Int, _ column: Int) -> [Int] {
    planes[plane.rawValue][row: row, column: column].map { Int($0) }
  }

  /// Calls `body` with the bytes of a plane.
  package func withPlane<Result>(_ plane: MaskPlane, _ body: (borrowing PixelBuffer) throws -> Result) rethrows
    -> Result
  {
    precondition(layout.planes.contains(plane), "a plane of the layout")
    return try body(planes[plane.rawValue])
  }
}
