import Datasets
import Foundation
import Imaging
import TestSupport
import Testing

/// Mistakes that programs make with masks: moved otherwise than their image, shown as colours, mixed at the edges.
struct MaskTrapTests {
  private static let (width, height) = (90, 60)

  /// An image that is red where its mask has an object: a corner shape, which no mirror or rotation maps to itself.
  private static func isObject(_ x: Int, _ y: Int) -> Bool {
    (12..<70).contains(x) && (8..<50).contains(y) && !(x >= 30 && y >= 24)
  }

  private static func workspace(_ layout: MaskLayout, value: UInt16) throws -> Workspace {
    let workspace = try Workspace()
    var image = PixelBuffer(ImageShape(width: width, height: height, channels: 3))
    let objects = (0..<width * height).map { isObject($0 % width, $0 / width) }
    image.set(objects.flatMap { $0 ? [255, 0, 0] : [0, 0, 255] as [UInt8] })
    try ImageFile.write(Image(color: image), to: workspace.absolute("in/images/a.png"), as: .png)
    let mask = try PNGMask(width: width, height: height, layout, objects.map { $0 ? value : 0 })
    try workspace.addFolder("in/masks")
    try Data(mask.bytes).write(to: URL(filePath: workspace.absolute("in/masks/a.png")))
    try workspace.addFile("in/labels/a.txt", "0 0.5 0.5 0.5 0.5\n")
    try workspace.addFile("in/data.yaml", "names: [thing]\n")
    return workspace
  }

  private static let palette = MaskPalette(colors: [0, 0, 0, 128, 0, 0, 0, 128, 0, 224, 224, 192])

  /// The masks and images that a run has written, in pairs.
  private static func pairs(_ folder: String, in workspace: Workspace) throws -> [(
    mask: MaskImage.Values, image: Pixels
  )] {
    let names = workspace.tree(folder).files.filter { $0.hasSuffix(".png") }
    return try names.filter { $0.hasPrefix("masks/") }.sorted().map { name in
      let image = "images/" + name.dropFirst("masks/".count)
      try #require(names.contains(image), "\(name) has no image")
      let bytes = [UInt8](try #require(workspace.contents("\(folder)/\(name)")))
      return (try MaskImage.Values(bytes), try Pixels("\(folder)/\(image)", in: workspace))
    }
  }

  private static let transforms = [
    "{\"__class_fullname__\": \"HorizontalFlip\", \"p\": 1}", "{\"__class_fullname__\": \"VerticalFlip\", \"p\": 1}",
    "{\"__class_fullname__\": \"RandomRotate90\", \"p\": 1}", "{\"__class_fullname__\": \"Perspective\", \"p\": 1}",
    "{\"__class_fullname__\": \"Affine\", \"rotate\": [-40, 40], \"scale\": [0.7, 1.3], \"p\": 1}",
    "{\"__class_fullname__\": \"GridDistortion\", \"p\": 1}",
    "{\"__class_fullname__\": \"ElasticTransform\", \"alpha\": 200, \"sigma\": 8, \"p\": 1}",
    "{\"__class_fullname__\": \"CenterCrop\", \"height\": 40, \"width\": 110, \"pad_if_needed\": true, \"p\": 1}",
  ]

  @Test(arguments: transforms) func aMaskMovesWithItsImage(transform: String) throws {
    let workspace = try Self.workspace(MaskLayout(.palette(Self.palette)), value: 2)
    try workspace.addFile("move.json", "[\(transform)]")
    try workspace.run("augment", "in", "out", "--pipeline", "move.json", "--copies", "6")
    let pairs = try Self.pairs("out", in: workspace)
    #expect(pairs.count == 6)
    for (mask, image) in pairs {
      try #require(mask.size == image.shape.size)
      // Between the colours the image has mixed ones; there both answers are right.
      let wrong = mask.values.indices.count { index in
        let (red, blue) = (image.color[3 * index], image.color[3 * index + 2])
        return mask.values[index] == 2 ? red < 64 : red > 191 && blue < 64
      }
      #expect(wrong == 0 && mask.values.contains(2), "\(transform)")
    }
  }

  /// Only values of the source and the fill, and how they are stored, come out.
  @Test(arguments: [
    MaskLayout(.palette(palette), bitDepth: 2), MaskLayout(.palette(palette)), MaskLayout(.grey),
    MaskLayout(.grey, bitDepth: 16),
  ])
  func valuesAndTheirLayoutAreKept(layout: MaskLayout) throws {
    let value: UInt16 = layout.bitDepth == 16 ? 40_001 : layout.palette == nil ? 200 : 3
    let workspace = try Self.workspace(layout, value: value)
    try workspace.addFile("move.json", "[\(Self.transforms[3]), \(Self.transforms[6])]")
    try workspace.run("augment", "in", "out", "--pipeline", "move.json", "--copies", "3")
    for (mask, _) in try Self.pairs("out", in: workspace) {
      #expect(mask.layout == layout)
      #expect(Set(mask.values) == [0, Int(value)])
    }
  }

  @Test func masksAreConvertedWithTheirImages() throws {
    let workspace = try Self.workspace(MaskLayout(.palette(Self.palette)), value: 1)
    try workspace.run("convert", "in", "out", "--label-output", "coco")
    let pairs = try Self.pairs("out", in: workspace)
    let before = try MaskImage.Values([UInt8](try #require(workspace.contents("in/masks/a.png"))))
    #expect(pairs.count == 1 && pairs[0].mask.values == before.values && pairs[0].mask.layout == before.layout)
  }
}

/// A mask as a PNG file.
private struct PNGMask {
  let bytes: [UInt8]

  /// - Parameter values: row by row, without opacities.
  init(width: Int, height: Int, _ layout: MaskLayout, _ values: [UInt16]) throws {
    var content: [UInt8] = []
    for row in 0..<height {
      content.append(0)  // no filter
      content += Self.packed(values[row * width..<(row + 1) * width], layout.bitDepth)
    }
    let kind: UInt8 = layout.palette == nil ? 0 : 3
    let header = Self.word(width) + Self.word(height) + [UInt8(layout.bitDepth), kind, 0, 0, 0]
    let palette = layout.palette.map { Self.chunk("PLTE", $0.colors) } ?? []
    bytes =
      [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + Self.chunk("IHDR", header) + palette
      + Self.chunk("IDAT", Self.stored(content)) + Self.chunk("IEND", [])
  }

  private static func packed(_ row: ArraySlice<UInt16>, _ bitDepth: Int) -> [UInt8] {
    if bitDepth == 16 { return row.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] } }
    let perByte = 8 / bitDepth
    return stride(from: row.startIndex, to: row.endIndex, by: perByte).map { first in
      (0..<perByte).reduce(0) { byte, place in
        let value = first + place < row.endIndex ? UInt8(row[first + place]) : 0
        return byte << bitDepth | value
      }
    }
  }

  /// A zlib stream of blocks that are not compressed.
  private static func stored(_ content: [UInt8]) -> [UInt8] {
    var (stream, sums) = ([UInt8]([0x78, 0x01]), (UInt32(1), UInt32(0)))
    for start in stride(from: 0, to: content.count, by: 65_535) {
      let block = content[start..<min(start + 65_535, content.count)]
      let size = UInt16(block.count)
      stream.append(start + block.count == content.count ? 1 : 0)
      stream += [UInt8(size & 255), UInt8(size >> 8), UInt8(~size & 255), UInt8(~size >> 8)] + block
    }
    for byte in content { sums = ((sums.0 + UInt32(byte)) % 65_521, (sums.1 + sums.0 + UInt32(byte)) % 65_521) }
    return stream + word(Int(sums.1 << 16 | sums.0))
  }

  private static func chunk(_ type: String, _ content: [UInt8]) -> [UInt8] {
    let named = [UInt8](type.utf8) + content
    var check: UInt32 = 0xFFFF_FFFF
    for byte in named {
      check ^= UInt32(byte)
      for _ in 0..<8 { check = check & 1 == 1 ? check >> 1 ^ 0xEDB8_8320 : check >> 1 }
    }
    return word(content.count) + named + word(Int(~check))
  }

  private static func word(_ number: Int) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) }
  }
}

extension MaskImage {
  /// What a mask file holds, copyable.
  struct Values {
    let size: ImageSize
    let layout: MaskLayout
    /// Row by row.
    let values: [Int]

    init(_ bytes: [UInt8]) throws {
      var decoder = MaskDecoder()
      var mask = MaskImage()
      _ = try decoder.decode(bytes, into: &mask)
      (size, layout) = (mask.size, mask.layout)
      var values: [Int] = []
      for row in 0..<size.height {
        for column in 0..<size.width { values.append(mask[row: row, column: column][0]) }
      }
      self.values = values
    }
  }
}
