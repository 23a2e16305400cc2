import Foundation
import Imaging
import Scenes
import Testing

/// Colour and metadata under the flags of `augment`, on every path that an image may take.
struct EncodingTests {
  /// A 4:4:4 JPEG with EXIF (colour space "uncalibrated" and a name), XMP and a density; a PNG with a gamma.
  private static func workspace() throws -> Workspace {
    let workspace = try Workspace()
    var metadata = ImageMetadata()
    metadata.exif = [
      0x4D, 0x4D, 0, 42, 0, 0, 0, 8, 0, 2, 0x01, 0x0F, 0, 2, 0, 0, 0, 3, 0x4D, 0x65, 0, 0, 0x87, 0x69, 0, 4, 0, 0, 0, 1,
      0, 0, 0, 38, 0, 0, 0, 0, 0, 1, 0xA0, 0x01, 0, 3, 0, 0, 0, 1, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0,
    ]
    metadata.xmp = [UInt8]("<x:xmpmeta/>".utf8)
    metadata.density = PixelDensity(.inch, 300, 300)
    metadata.subsampling = .yuv444
    try workspace.addImage("in/photo.jpg", as: .jpeg, metadata)
    metadata = ImageMetadata()
    metadata.colorChunks = [PNGChunk("gAMA", [0, 1, 0x86, 0xA0])]
    try workspace.addImage("in/drawing.png", as: .png, metadata)
    return workspace
  }

  private static func metadata(_ path: String, _ workspace: Workspace) throws -> ImageMetadata {
    let bytes = [UInt8](try #require(workspace.contents(path)))
    var decoder = ImageDecoder()
    var image = Image()
    decoder.metadata = .all
    _ = try decoder.decode(bytes, into: &image)
    return image.metadata
  }

  @Test(arguments: StrategyNames.all) func metadataAndSubsamplingTakeEveryWay(strategy: String) throws {
    let workspace = try Self.workspace()
    let options = ["--copies", "3", "--ranks", "3", "--strategy", strategy, "--name", "{stem}{copy}"]
    for choice in MetadataChoice.allCases {
      let outcome = try Program.run(
        ["augment", "in", "\(choice)", "--metadata", "\(choice)"] + options, in: workspace)
      #expect(outcome.status == 0, "\(outcome.errorText)")
      for path in workspace.tree("\(choice)").files.map({ "\(choice)/\($0)" }) where !path.contains(".augment/") {
        let source = try Self.metadata(path.hasSuffix("png") ? "in/drawing.png" : "in/photo.jpg", workspace)
        #expect(try Self.metadata(path, workspace) == source.kept(by: choice), "\(path)")
      }
    }
  }

  @Test func subsamplingIsTheOneAskedFor() throws {
    let workspace = try Self.workspace()
    for (name, subsampling) in [("444", Subsampling.yuv444), ("422", .yuv422), ("420", .yuv420), ("keep", .yuv444)] {
      try Program.augment(
        "in/photo.jpg", name, "--copies", "1", "--subsampling", name, "--name", "{stem}", in: workspace)
      #expect(try Self.metadata("\(name)/photo.jpg", workspace).subsampling == subsampling)
    }
    let outcome = try Program.run(["augment", "in", "none", "--subsampling", "411"], in: workspace)
    #expect(outcome.status == 64)
  }

  @Test func filesTurnedWithoutLossKeepTheSame() throws {
    let workspace = try Workspace()
    var metadata = ImageMetadata()
    metadata.xmp = [UInt8]("<x:xmpmeta/>".utf8)
    try workspace.addImage("in/photo.jpg", as: .jpeg, metadata, width: 64, height: 48)
    try workspace.addPipeline("flip.json", "HorizontalFlip")
    let options = ["--lossless", "--pipeline", "flip.json", "--copies", "1", "--name", "{stem}"]
    for choice in MetadataChoice.allCases {
      let outcome = try Program.run(
        ["augment", "in", "\(choice)", "--metadata", "\(choice)"] + options, in: workspace)
      #expect(outcome.status == 0, "\(outcome.errorText)")
      #expect(try Self.metadata("\(choice)/photo.jpg", workspace).xmp == (choice == .all ? metadata.xmp : []))
    }
  }

  @Test(arguments: StrategyNames.all) func fileOfSeveralFramesIsNamedOnce(strategy: String) throws {
    let workspace = try Workspace(images: 1)
    var metadata = ImageMetadata()
    metadata.colorChunks = [PNGChunk("acTL", [0, 0, 0, 5, 0, 0, 0, 0])]
    try workspace.addImage("in/moving.png", as: .png, metadata)
    let outcome = try Program.augment(
      "in", "out", "--copies", "7", "--ranks", "3", "--strategy", strategy, in: workspace)
    let lines = outcome.errorLines.filter { $0.contains("moving.png: has 5 frames: only the first is used") }
    #expect(lines.count == 1, "\(outcome.errorText)")
  }
}

extension Workspace {
  fileprivate func addImage(
    _ relative: String, as format: ImageFormat, _ metadata: ImageMetadata, width: Int = 96, height: Int = 72
  ) throws {
    var image = SceneGenerator(.scene, seed: 1).generate(width: width, height: height)
    image.metadata = metadata
    var encoder = ImageEncoder()
    var options = EncodingOptions()
    options.metadata = .all
    try addFolder("in")
    try Data(encoder.encode(image, as: format, options)).write(to: URL(filePath: absolute(relative)))
  }
}
