import Imaging
import TestSupport
import Testing

/// Parts of an image that are computed apart from it.
struct PatchTests {
  private struct Trial {
    var random: SeededGenerator
    let shape: ImageShape

    init(seed: Int) {
      random = SeededGenerator(seed: seed)
      shape = ImageShape(
        width: Int.random(in: 1...90, using: &random), height: Int.random(in: 1...90, using: &random),
        channels: Bool.random(using: &random) ? 3 : 1)
    }

    mutating func window() -> Rectangle {
      let (x, y) = (Int.random(in: 0..<shape.width, using: &random), Int.random(in: 0..<shape.height, using: &random))
      return Rectangle(
        x: x, y: y, width: Int.random(in: 1...shape.width - x, using: &random),
        height: Int.random(in: 1...shape.height - y, using: &random))
    }
  }

  /// Small images and large kernels, so that the window touches edges, and the kernel reaches beyond both.
  @Test func theBlurOfAPartIsThatPartOfTheBlur() throws {
    for seed in 0..<300 {
      var trial = Trial(seed: seed)
      let source = Picture.noise(trial.shape, seed: UInt64(seed))
      let size = 2 * Int.random(in: 1...100, using: &trial.random) + 1
      let sigma = Double.random(in: 0.3...60, using: &trial.random)
      var whole = PixelBuffer()
      var product = PixelBuffer()
      var patch = PixelBuffer()
      try whole.blur(source, size: size, sigma: sigma)
      for _ in 0..<4 {
        let window = trial.window()
        let place = try patch.blur(window, of: source, size: size, sigma: sigma)
        try product.copy(from: source)
        product.place(patch, x: place.x, y: place.y, in: area(window, trial.shape))
        let isSame = product.bytes == combined(whole, in: window, else: source)
        #expect(isSame, "\(window) of \(trial.shape), \(size) taps, sigma \(sigma)")
      }
    }
  }

  @Test func aMosaicIsOfMeans() throws {
    for seed in 0..<100 {
      var trial = Trial(seed: seed)
      let source = Picture.noise(trial.shape, seed: UInt64(seed))
      let (window, side) = (trial.window(), Int.random(in: 1...30, using: &trial.random))
      var patch = PixelBuffer()
      try patch.pixelate(window, of: source, blockSide: side)
      for y in 0..<window.height {
        for x in 0..<window.width {
          let (left, top) = (x / side * side, y / side * side)
          let block = (top..<min(top + side, window.height)).flatMap { row in
            (left..<min(left + side, window.width)).map { source[row: window.y + row, column: window.x + $0] }
          }
          let mean = (0..<trial.shape.channels).map { channel in
            UInt8((Double(block.reduce(0) { $0 + Int($1[channel]) }) / Double(block.count) + 0.5).rounded(.down))
          }
          #expect(patch[row: y, column: x] == mean, "\(x), \(y) of \(window), blocks of \(side)")
        }
      }
    }
  }

  @Test func blackIsBlack() throws {
    var patch = Picture.noise(ImageShape(width: 5, height: 4, channels: 3))
    try patch.blacken(ImageShape(width: 3, height: 2, channels: 3))
    #expect(patch.bytes == [UInt8](repeating: 0, count: 18))
  }

  private func area(_ window: Rectangle, _ shape: ImageShape) -> PixelArea {
    let corner = Vertex(Double(window.x), Double(window.y))
    return PixelArea(covering: Box(corner, corner + Vertex(Double(window.width), Double(window.height))), in: shape)
  }

  /// The bytes of one image in the window, those of another elsewhere.
  private func combined(
    _ inner: borrowing PixelBuffer, in window: Rectangle, else outer: borrowing PixelBuffer
  ) -> [UInt8] {
    var bytes = outer.bytes
    let innerBytes = inner.bytes
    for y in window.y..<window.y + window.height {
      let start = y * outer.rowStride + window.x * outer.shape.channels
      let row = start..<start + window.width * outer.shape.channels
      bytes.replaceSubrange(row, with: innerBytes[row])
    }
    return bytes
  }
}
