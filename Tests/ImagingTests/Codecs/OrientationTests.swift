import Imaging
import Testing

/// 1 2 3 over 4 5 6, brought upright from each orientation.
private let upright: [(Orientation, width: Int, [UInt8])] = [
  (.upright, 3, [1, 2, 3, 4, 5, 6]), (.mirror, 3, [3, 2, 1, 6, 5, 4]), (.rotate180, 3, [6, 5, 4, 3, 2, 1]),
  (.flip, 3, [4, 5, 6, 1, 2, 3]), (.transpose, 2, [1, 4, 2, 5, 3, 6]), (.rotate90, 2, [4, 1, 5, 2, 6, 3]),
  (.transverse, 2, [6, 3, 5, 2, 4, 1]), (.rotate270, 2, [3, 6, 2, 5, 1, 4]),
]

@Test(arguments: upright)
func orientationBringsPixelsUpright(orientation: Orientation, width: Int, expected: [UInt8]) throws {
  for channels in [1, 3] {
    var source = PixelBuffer(ImageShape(width: 3, height: 2, channels: channels))
    source.set((1...6).flatMap { [UInt8](repeating: $0, count: channels) })
    var result = PixelBuffer()
    try orientation.apply(to: source, into: &result)
    #expect(result.shape == ImageShape(width: width, height: 6 / width, channels: channels))
    #expect(result.bytes == expected.flatMap { [UInt8](repeating: $0, count: channels) })
  }
}

@Test(arguments: upright)
func pngWithOrientationIsDecodedUpright(orientation: Orientation, width: Int, expected: [UInt8]) throws {
  let file = PNGFile(
    width: 3, height: 2, colorType: .greyAlpha, chunks: [("eXIf", exif(orientation: orientation.rawValue))],
    samples: (1...6).flatMap { [$0, $0 + 100] })
  let decoded = try Decoded(file.bytes)
  #expect(decoded.shape.width == width)
  #expect(decoded.color == expected)
  #expect(decoded.alpha == expected.map { $0 + 100 })
}

/// The quarters of an image from left to right and top to bottom, after each orientation.
@Test(arguments: zip(Orientation.allCases, ["ABCD", "BADC", "DCBA", "CDAB", "ACBD", "CADB", "DBCA", "BDAC"]))
func jpegWithOrientationIsDecodedUpright(orientation: Orientation, quarters: String) throws {
  let levels: [Character: Int] = ["A": 20, "B": 90, "C": 160, "D": 230]
  var stored = PixelBuffer(ImageShape(width: 64, height: 32, channels: 3))
  stored.set(
    (0..<64 * 32).flatMap { pixel in
      let quarter = (pixel / 64 < 16 ? 0 : 2) + (pixel % 64 < 32 ? 0 : 1)
      return [UInt8](repeating: UInt8(20 + 70 * quarter), count: 3)
    })
  let file = JPEGFile.inserting(
    0xE1, [UInt8]("Exif\0\0".utf8) + exif(orientation: orientation.rawValue),
    into: try encode(Image(color: stored), as: .jpeg))
  let decoded = try Decoded(file)
  let shape = decoded.shape
  #expect(shape.width == (orientation.swapsSides ? 32 : 64))
  for (index, quarter) in quarters.enumerated() {
    let row = shape.height * (index / 2 == 0 ? 1 : 3) / 4
    let column = shape.width * (index % 2 == 0 ? 1 : 3) / 4
    let level = Int(decoded.color[(row * shape.width + column) * 3])
    #expect(abs(level - levels[quarter, default: 0]) < 4)
  }
}

@Test func orientationIsReadInBothByteOrders() {
  #expect(ExifReader.orientation(in: exif(orientation: 6)) == .rotate90)
  let littleEndian: [UInt8] = [0x49, 0x49, 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, 8, 0, 0, 0]
  #expect(ExifReader.orientation(in: littleEndian) == .rotate270)
}

@Test func orientationAsLongNumberCounts() {
  let bytes: [UInt8] = [0x4D, 0x4D, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 4, 0, 0, 0, 1, 0, 0, 0, 3]
  #expect(ExifReader.orientation(in: bytes) == .rotate180)
}

@Test(arguments: [0, 9, 255])
func orientationOutOfRangeIsUpright(number: Int) {
  #expect(ExifReader.orientation(in: exif(orientation: number)) == .upright)
}

@Test func brokenExifIsUpright() {
  let whole = exif(orientation: 6)
  for count in 0..<20 { #expect(ExifReader.orientation(in: Array(whole[..<count])) == .upright) }
  var farDirectory = whole
  farDirectory.replaceSubrange(4..<8, with: [0xFF, 0xFF, 0xFF, 0xFF])
  #expect(ExifReader.orientation(in: farDirectory) == .upright)
}
