import Datasets
import Imaging

/// The pixels of an image file.
struct Pixels: Equatable {
  let shape: ImageShape
  let color: [UInt8]
  /// Empty if there is none.
  let alpha: [UInt8]

  init(_ path: String, in workspace: Workspace) throws {
    let image = try ImageFile.read(workspace.absolute(path))
    (shape, color) = (image.color.shape, image.color.bytes)
    switch image.alpha {
    case .some(let plane): alpha = plane.bytes
    case .none: alpha = []
    }
  }

  /// The same after a blur of the whole.
  func blurred(size: Int, sigma: Double) throws -> [UInt8] {
    var source = PixelBuffer(shape)
    source.set(color)
    var blurred = PixelBuffer()
    try blurred.blur(source, size: size, sigma: sigma)
    return blurred.bytes
  }

  func isBlack(_ x: Int, _ y: Int) -> Bool { range(x, y).allSatisfy { color[$0] == 0 } }

  /// The places of a pixel's channels.
  func range(_ x: Int, _ y: Int) -> Range<Int> {
    let start = (y * shape.width + x) * shape.channels
    return start..<start + shape.channels
  }
}
