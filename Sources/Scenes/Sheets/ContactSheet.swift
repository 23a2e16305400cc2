package import Imaging

/// A grid of images, such as one row per input, with the input first and its copies beside it.
///
/// Images are placed one at a time and need not stay in memory.
package struct ContactSheet: ~Copyable {
  /// The sheet, R, G, B without alpha: a light background with the images placed so far.
  package private(set) var image: Image

  private let layout: SheetLayout
  private var scaled = PixelBuffer()
  private var scaledAlpha = PixelBuffer()

  static let ground: UInt8 = 246
  private static let frame: UInt8 = 206

  /// An empty sheet of `rows` × `columns` cells, each of the given size in pixels, the first column apart.
  package init(rows: Int, columns: Int, cellWidth: Int, cellHeight: Int) throws(ImagingError) {
    try self.init(SheetLayout(rows: rows, columns: columns, cell: ImageSize(width: cellWidth, height: cellHeight)))
  }

  /// An empty sheet.
  init(_ layout: SheetLayout) throws(ImagingError) {
    self.layout = layout
    let shape = ImageShape(width: layout.width, height: layout.height, channels: 3)
    var sheet = PixelBuffer()
    try sheet.reshape(to: shape)
    sheet.set(repeatElement(Self.ground, count: shape.byteCount))
    image = Image(color: sheet)
  }

  /// Draws an image into a cell, scaled to fit and centred, or down to its caption if cells have captions; the background shows through where it is transparent.
  package mutating func place(_ image: borrowing Image, row: Int, column: Int) throws(ImagingError) {
    let shape = image.color.shape
    let size = fittedSize(of: shape)
    try scaled.resize(image.color, width: size.width, height: size.height)
    switch image.alpha {
    case .some(let alpha):
      try scaledAlpha.resize(alpha, width: size.width, height: size.height)
    case .none:
      try scaledAlpha.reshape(to: ImageShape(width: size.width, height: size.height, channels: 1))
      scaledAlpha.set(repeatElement(255, count: size.width * size.height))
    }
    let corner = layout.corner(row: row, column: column)
    let (x, room) = (corner.x + (layout.cell.width - size.width) / 2, layout.cell.height - size.height)
    let y = corner.y + (layout.captionHeight > 0 ? room : room / 2)
    drawFrame(x: x - 1, y: y - 1, width: size.width + 2, height: size.height + 2)
    drawScaled(x: x, y: y)
  }

  private func fittedSize(of shape: ImageShape) -> ImageSize {
    precondition(shape.byteCount > 0, "an image to place has pixels")
    return shape.size.fitted(into: layout.cell)
  }

  /// Lays pixels on the sheet, as they are; they must fit.
  mutating func lay(_ canvas: borrowing Canvas, x: Int, y: Int) {
    let stride = image.color.rowStride
    unsafe image.color.withBytes { sheet in
      for row in 0..<canvas.height {
        for byte in 0..<canvas.width * 3 {
          unsafe sheet[(y + row) * stride + x * 3 + byte] = canvas.bytes[row * canvas.width * 3 + byte]
        }
      }
    }
  }

  /// A one-pixel frame, so that images as light as the background have a visible edge.
  private mutating func drawFrame(x: Int, y: Int, width: Int, height: Int) {
    let stride = image.color.rowStride
    unsafe image.color.withBytes { sheet in
      for row in y..<y + height {
        for byte in row * stride + x * 3..<row * stride + (x + width) * 3 { unsafe sheet[byte] = Self.frame }
      }
    }
  }

  /// Blends the scaled image over the background; grey goes to all three channels.
  private mutating func drawScaled(x: Int, y: Int) {
    let (shape, sheetStride) = (scaled.shape, image.color.rowStride)
    unsafe scaled.withBytes { colors in
      unsafe scaledAlpha.withBytes { alphas in
        unsafe image.color.withBytes { sheet in
          for pixel in 0..<shape.width * shape.height {
            let (row, column) = (pixel / shape.width, pixel % shape.width)
            let to = (y + row) * sheetStride + (x + column) * 3
            let opacity = unsafe Int(alphas[pixel])
            for channel in 0..<3 {
              let color = unsafe Int(colors[pixel * shape.channels + min(channel, shape.channels - 1)])
              unsafe sheet[to + channel] = UInt8((color * opacity + Int(Self.ground) * (255 - opacity) + 127) / 255)
            }
          }
        }
      }
    }
  }
}
