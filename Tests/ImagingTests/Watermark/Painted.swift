import Imaging

/// An image of one colour with a watermark.
struct Painted: Equatable {
  struct Box: Equatable {
    var x, y: Range<Int>
  }

  private let shape: ImageShape
  private let ground: [UInt8]
  private let bytes: [UInt8]

  init(_ painter: WatermarkPainter, _ width: Int, _ height: Int, on ground: [UInt8]) throws {
    shape = ImageShape(width: width, height: height, channels: ground.count)
    self.ground = ground
    var pixels = PixelBuffer(shape)
    pixels.set(Array(repeating: ground, count: width * height).flatMap { $0 })
    try painter.paint(on: &pixels)
    bytes = pixels.bytes
  }

  subscript(x: Int, y: Int) -> [UInt8] {
    let first = (y * shape.width + x) * shape.channels
    return Array(bytes[first..<first + shape.channels])
  }

  /// Around all pixels that are not of the ground; `nil` if there are none.
  var changed: Box? {
    let pixels = (0..<shape.width * shape.height).filter { self[$0 % shape.width, $0 / shape.width] != ground }
    let (columns, rows) = (pixels.map { $0 % shape.width }, pixels.map { $0 / shape.width })
    guard let left = columns.min(), let right = columns.max(), let top = rows.min(), let bottom = rows.max() else {
      return nil
    }
    return Box(x: left..<right + 1, y: top..<bottom + 1)
  }

  /// The greatest difference from the ground.
  var contrast: Int {
    bytes.indices.map { abs(Int(bytes[$0]) - Int(ground[$0 % ground.count])) }.max() ?? 0
  }
}
