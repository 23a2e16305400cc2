package import Imaging

/// A grid of images: one row per input, with the input first and its copies beside it.
///
/// Images are placed one at a time and need not stay in memory.
package struct ContactSheet: ~Copyable {
  /// The sheet, R, G, B without alpha: a light background with the images placed so far.
  package private(set) var image: Image

  private let rows, columns: Int
  private let cellWidth, cellHeight: Int
  private var scaled = PixelBuffer()
  private var scaledAlpha = PixelBuffer()

  private static let ground: UInt8 = 246
  private static let frame: UInt8 = 206

  /// An empty sheet of `rows` × `columns` cells, each of the given size in pixels.
  package init(rows: Int, columns: Int, cellWidth: Int, cellHeight: Int) throws(ImagingError) {
    precondition(rows > 0 && columns > 0 && cellWidth > 0 && cellHeight > 0, "a contact sheet has cells with pixels")
    (self.rows, self.columns, self.cellWidth, self.cellHeight) = (rows, columns, cellWidth, cellHeight)
    let margin = Self.margin(cellWidth, cellHeight)
    let width = columns * (cellWidth + margin) + margin + (columns > 1 ? margin : 0)
    let shape = ImageShape(width: width, height: rows * (cellHeight + margin) + margin, channels: 3)
    var sheet = PixelBuffer()
    try sheet.reshape(to: shape)
    sheet.set(repeatElement(Self.ground, count: shape.byteCount))
    image = Image(color: sheet)
  }

  /// Space around each cell; doubled between the inputs and their copies.
  private static func margin(_ cellWidth: Int, _ cellHeight: Int) -> Int { max(4, min(cellWidth, cellHeight) / 14) }

  /// Draws an image into a cell, scaled to fit and centred; the background shows through where it is transparent.
  package mutating func place(_ image: borrowing Image, row: Int, column: Int) throws(ImagingError) {
    precondition((0..<rows).contains(row) && (0..<columns).contains(column), "the cell lies on the sheet")
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
    let corner = origin(row: row, column: column)
    let (x, y) = (corner.x + (cellWidth - size.width) / 2, corner.y + (cellHeight - size.height) / 2)
    drawFrame(x: x - 1, y: y - 1, width: size.width + 2, height: size.height + 2)
    drawScaled(x: x, y: y)
  }

  private func fittedSize(of shape: ImageShape) -> ImageSize {
    precondition(shape.byteCount > 0, "an image to place has pixels")
    return shape.size.fitted(into: ImageSize(width: cellWidth, height: cellHeight))
  }

  private func origin(row: Int, column: Int) -> (x: Int, y: Int) {
    let margin = Self.margin(cellWidth, cellHeight)
    let gap = column > 0 ? margin : 0
    return (margin + gap + column * (cellWidth + margin), margin + row * (cellHeight + margin))
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
