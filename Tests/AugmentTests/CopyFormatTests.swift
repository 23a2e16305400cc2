import Datasets
import Foundation
import Imaging
import Testing

/// The formats of copies, and how many bits their samples have.
struct CopyFormatTests {
  /// An image in each format, and a PNG and a TIFF with 16 bits to a sample in `deep`.
  private static func workspace() throws -> Workspace {
    let workspace = try Workspace()
    for format in ImageFormat.written {
      try workspace.addImage("in/\(format).\(format.fileExtensions[0])", as: format, seed: 3, width: 30, height: 20)
    }
    let pixels = [UInt8]((0..<3 * 12).map { UInt8($0 * 7) })
    try workspace.addBytes("in/map.ppm", [UInt8]("P6 4 3 255\n".utf8) + pixels)
    let header: [UInt8] = [40, 0, 0, 0, 4, 0, 0, 0, 3, 0, 0, 0, 1, 0, 24, 0]
    let head = [UInt8]("BM".utf8) + [90, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0] + header
    try workspace.addBytes("in/bitmap.bmp", head + [UInt8](repeating: 0, count: 24) + pixels)
    // Two pixels of a palette of two colours: codes of three bits, 4 (clear), 0, 1, 5 (end).
    let gif = [UInt8]("GIF89a".utf8) + [2, 0, 1, 0, 0x80, 0, 0, 9, 8, 7, 200, 100, 50]
    try workspace.addBytes("in/frame.gif", gif + [0x2C, 0, 0, 0, 0, 2, 0, 1, 0, 0, 2, 2, 0x44, 0x0A, 0, 0x3B])
    return workspace
  }

  private static func addDeep(to workspace: Workspace, width: Int = 24, height: Int = 18) throws {
    let samples = (0..<width * height).map { ($0 * 40503 + 11) % 65536 }
    let map = [UInt8]("P5 \(width) \(height) 65535\n".utf8) + samples.flatMap { BigEndian.bytes(of: $0, count: 2) }
    try workspace.addBytes("deep/map.pgm", map)
    try workspace.addBytes("deep/photo.png", Self.png(samples, width: width, height: height))
    var encoder = ImageEncoder()
    let tiff = try encoder.encode(Self.deepImage(workspace, "deep/photo.png"), as: .tiff, EncodingOptions())
    try workspace.addBytes("deep/scan.tif", tiff)
  }

  /// A grey PNG of 16 bits a sample, stored without compression.
  private static func png(_ samples: [Int], width: Int, height: Int) -> [UInt8] {
    var rows: [UInt8] = []
    for row in 0..<height {
      rows.append(0)
      for sample in samples[row * width..<(row + 1) * width] { rows += BigEndian.bytes(of: sample, count: 2) }
    }
    var (a, b) = (1, 0)
    for byte in rows {
      a = (a + Int(byte)) % 65521
      b = (b + a) % 65521
    }
    let length = [UInt8](BigEndian.bytes(of: rows.count, count: 2).reversed())
    var data: [UInt8] = [0x78, 0x01, 0x01] + length + length.map { ~$0 }
    data += rows
    data += BigEndian.bytes(of: b << 16 | a, count: 4)
    var header = BigEndian.bytes(of: width, count: 4) + BigEndian.bytes(of: height, count: 4)
    header += [16, 0, 0, 0, 0]
    let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    return signature + chunk("IHDR", header) + chunk("IDAT", data) + chunk("IEND", [])
  }

  private static func chunk(_ type: String, _ content: [UInt8]) -> [UInt8] {
    let body = [UInt8](type.utf8) + content
    var rest = UInt32.max
    for byte in body {
      rest ^= UInt32(byte)
      for _ in 0..<8 { rest = rest >> 1 ^ (rest & 1 == 1 ? 0xEDB8_8320 : 0) }
    }
    return BigEndian.bytes(of: content.count, count: 4) + body + BigEndian.bytes(of: Int(~rest), count: 4)
  }

  private static func deepImage(_ workspace: Workspace, _ path: String) throws -> DeepImage {
    var decoder = DeepDecoder()
    var image = DeepImage()
    try decoder.decode([UInt8](#require(workspace.contents(path))), into: &image)
    return image
  }

  private static func format(_ path: String, _ workspace: Workspace) throws -> ImageFormat? {
    FileKind([UInt8](try #require(workspace.contents(path)).prefix(FileKind.headCount))).format
  }

  @Test func copiesHaveTheFormatOfTheirSourceOrAreOfPNG() throws {
    let workspace = try Self.workspace()
    try Program.augment("in", "out", "--copies", "1", "--name", "{stem}", in: workspace)
    let expected: [String: ImageFormat] = [
      "jpeg.jpg": .jpeg, "png.png": .png, "webp.webp": .webp, "tiff.tif": .tiff, "map.png": .png, "bitmap.png": .png,
      "frame.png": .png,
    ]
    #expect(Set(workspace.tree("out").files.filter { !$0.hasPrefix(".augment") }) == Set(expected.keys))
    for (name, format) in expected { #expect(try Self.format("out/\(name)", workspace) == format, "\(name)") }
  }

  @Test(arguments: ["webp", "webp-lossless", "tiff", "png", "jpg"])
  func copiesHaveTheFormatAskedFor(format: String) throws {
    let workspace = try Self.workspace()
    try workspace.addPipeline("same.json", "NoOp")
    try Program.augment(
      "in", "out", "--copies", "1", "--format", format, "--pipeline", "same.json", "--name", "{stem}", in: workspace)
    let ending = ["webp-lossless": "webp", "tiff": "tif"][format] ?? format
    let source = try ImageFile.read(workspace.absolute("in/png.png"))
    let copy = try ImageFile.read(workspace.absolute("out/png.\(ending)"))
    #expect((copy.color.bytes == source.color.bytes) == !["webp", "jpg"].contains(format))
    #expect(workspace.tree("out").files.count { $0.hasSuffix(".\(ending)") } == 7)
  }

  @Test func namesThatOnlyTheFormatToldApartAreRefused() throws {
    let workspace = try Self.workspace()
    try workspace.addImage("in/map.png", as: .png)
    let outcome = try Program.run(["augment", "in", "out", "--copies", "1", "--name", "{stem}"], in: workspace)
    #expect(outcome.status == 2)
    #expect(
      outcome.errorText.contains("map.png and map.ppm would both be written as map.png: rename one of the images"))
  }

  @Test func originalsAndConvertedSetsAreTheFilesThemselves() throws {
    let workspace = try Self.workspace()
    try Program.augment("in", "out", "--copies", "1", "--keep-original", in: workspace)
    for name in ["bitmap.bmp", "frame.gif", "map.ppm", "tiff.tif", "webp.webp"] {
      #expect(workspace.contents("out/\(name)") == workspace.contents("in/\(name)"), "\(name)")
    }
  }

  @Test(arguments: StrategyNames.all) func sixteenBitsAreKeptWherePixelsOnlyMove(strategy: String) throws {
    let workspace = try Workspace()
    try Self.addDeep(to: workspace)
    try workspace.addPipeline("turn.json", "HorizontalFlip", "Transpose")
    let outcome = try Program.run(
      [
        "augment", "deep", "out", "--pipeline", "turn.json", "--copies", "2", "--ranks", "3", "--strategy", strategy,
        "--name", "{stem}{copy}",
      ], in: workspace)
    #expect(outcome.status == 0, "\(outcome.errorText)")
    let source = try Self.deepImage(workspace, "deep/photo.png")
    for name in ["photo0.png", "photo1.png", "map0.png", "scan0.tif", "scan1.tif"] {
      let copy = try Self.deepImage(workspace, "out/\(name)")
      #expect(copy.size.width == 18 && copy.size.height == 24)
      for row in 0..<24 {
        for column in 0..<18 { #expect(copy[row: row, column: column] == source[row: column, column: 23 - row]) }
      }
    }
  }

  @Test func sixteenBitsAreRefusedElsewhereWithTheWayOut() throws {
    let workspace = try Workspace()
    try Self.addDeep(to: workspace)
    try workspace.addPipeline("gamma.json", "RandomGamma")
    let refused = try Program.run(
      ["augment", "deep", "out", "--copies", "1", "--pipeline", "gamma.json", "--quiet"], in: workspace)
    #expect(refused.status == 1 && refused.errorLines.count == 3)
    #expect(refused.errorLines.allSatisfy { $0.hasSuffix("; --depth 8 reduces them to 8") })
    try Program.augment("deep", "eight", "--copies", "1", "--depth", "8", "--name", "{stem}", in: workspace)
    #expect(
      workspace.tree("eight").files.filter { !$0.hasPrefix(".augment") }.sorted() == [
        "map.png", "photo.png", "scan.tif",
      ])
    let copy = try ImageFile.read(workspace.absolute("eight/photo.png"))
    #expect(!copy.metadata.isDeep)
  }

  @Test func formatsOfEightBitsNeedNoWord() throws {
    let workspace = try Workspace()
    try Self.addDeep(to: workspace)
    try Program.augment("deep", "out", "--copies", "1", "--format", "jpg", in: workspace)
    #expect(workspace.tree("out").files.count { $0.hasSuffix(".jpg") } == 3)
  }
}

extension Workspace {
  fileprivate func addBytes(_ relative: String, _ bytes: [UInt8]) throws {
    try addFile(relative)
    try Data(bytes).write(to: URL(filePath: absolute(relative)))
  }
}
