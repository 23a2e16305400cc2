import Datasets
import Foundation
import Imaging
import Scenes
import TestSupport
import Testing

struct PrepareTests {
  private static func prepare(_ options: String..., in workspace: Workspace) throws {
    let outcome = try Program.run(["prepare", "in"] + options, in: workspace)
    #expect(outcome.status == 0, "\(outcome.errorText)")
  }

  private static func size(_ path: String, in workspace: Workspace) throws -> String {
    try ImageFile.read(workspace.absolute(path)).color.shape.size.description
  }

  @Test(arguments: [
    ("stretch", "100x40"), ("contain", "53x40"), ("cover", "100x40"),
  ]) func everyFitHasItsSize(fit: String, expected: String) throws {
    let workspace = try Workspace()
    try workspace.addImage("in/scene.jpg", width: 320, height: 240)
    try workspace.addImage("in/cats/drawing.png", as: .png, width: 32, height: 24)
    try Self.prepare("out", "--size", "100x40", "--fit", fit, in: workspace)
    #expect(workspace.tree("out").files == ["scene.jpg", "cats/drawing.png"])
    #expect(try Self.size("out/scene.jpg", in: workspace) == expected)
    #expect(try Self.size("out/cats/drawing.png", in: workspace) == expected)
  }

  @Test(arguments: [
    (3000, 2, "64x1"), (2, 3000, "1x48"), (640, 480, "64x48"), (641, 480, "64x48"), (1, 1, "48x48"), (7, 9, "37x48"),
  ]) func extremeProportionsKeepAPixel(width: Int, height: Int, expected: String) throws {
    let workspace = try Workspace()
    try workspace.addImage("in/image.jpg", width: width, height: height)
    try Self.prepare("out", "--size", "64x48", "--fit", "contain", in: workspace)
    #expect(try Self.size("out/image.jpg", in: workspace) == expected)
    try Self.prepare("cover", "--size", "64x48", "--fit", "cover", in: workspace)
    #expect(try Self.size("cover/image.jpg", in: workspace) == "64x48")
  }

  @Test(arguments: [[], ["--exact"]]) func proportionsAreThoseOfTheUprightImage(options: [String]) throws {
    let workspace = try Workspace()
    try workspace.addImage("turned.jpg", width: 400, height: 200)
    let file = [UInt8](try #require(workspace.contents("turned.jpg")))
    try workspace.addFolder("in")
    try Data(Self.turned(file)).write(to: URL(filePath: workspace.absolute("in/turned.jpg")))
    let outcome = try Program.run(
      ["prepare", "in", "out", "--size", "50x50", "--fit", "contain"] + options, in: workspace)
    #expect(outcome.status == 0, "\(outcome.errorText)")
    #expect(try Self.size("out/turned.jpg", in: workspace) == "25x50")
  }

  /// A JPEG with an EXIF segment that asks for a quarter turn.
  private static func turned(_ file: [UInt8]) -> [UInt8] {
    let tag: [UInt8] = [0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0]
    let content = [UInt8]("Exif\0\0MM".utf8) + [0, 42, 0, 0, 0, 8] + tag
    return Array(file[..<2] + [0xFF, 0xE1, 0, UInt8(content.count + 2)] + content + file[2...])
  }

  @Test(arguments: ["contain", "cover", "stretch"]) func sizesDoNotDependOnTheDecodersScale(fit: String) throws {
    let workspace = try Workspace()
    var random = SeededGenerator(seed: 5)
    for index in 0..<200 {
      let (width, height) = (Int.random(in: 1...900, using: &random), Int.random(in: 1...300, using: &random))
      var flat = PixelBuffer(ImageShape(width: width, height: height, channels: 1))
      flat.set(repeatElement(100, count: width * height))
      try ImageFile.write(Image(color: flat), to: workspace.absolute("in/\(index).jpg"), as: .jpeg)
    }
    try Self.prepare("out", "--size", "31x29", "--fit", fit, in: workspace)
    try Self.prepare("exact", "--size", "31x29", "--fit", fit, "--exact", in: workspace)
    for index in 0..<200 {
      let size = try Self.size("out/\(index).jpg", in: workspace)
      #expect(try size == Self.size("exact/\(index).jpg", in: workspace), "\(index)")
    }
  }

  @Test(arguments: ["contain", "cover", "stretch"]) func reducedDecodingIsHardToSee(fit: String) throws {
    let workspace = try Workspace()
    try workspace.addImage("in/scene.jpg", seed: 7, width: 803, height: 601)
    try Self.prepare("out", "--fit", fit, "--format", "png", in: workspace)
    try Self.prepare("exact", "--fit", fit, "--format", "png", "--exact", in: workspace)
    let reduced = try ImageFile.read(workspace.absolute("out/scene.png")).color.bytes
    let exact = try ImageFile.read(workspace.absolute("exact/scene.png")).color.bytes
    let squares = zip(reduced, exact).reduce(0.0) { $0 + pow(Double($1.0) - Double($1.1), 2) }
    #expect(reduced != exact)
    #expect(10 * log10(255 * 255 * Double(exact.count) / squares) > 36)
  }

  @Test func transparencyIsResampledAndLightAsked() throws {
    let workspace = try Workspace()
    try workspace.addTransparentImage("in/transparent.png")
    for options in [[], ["--linear"]] {
      let output = "out\(options.count)"
      let outcome = try Program.run(["prepare", "in", output, "--size", "20x10"] + options, in: workspace)
      #expect(outcome.status == 0, "\(outcome.errorText)")
      let source = try ImageFile.read(workspace.absolute("in/transparent.png"))
      let product = try ImageFile.read(workspace.absolute("\(output)/transparent.png"))
      var expected = Image()
      var how = Resample()
      how.light = options.isEmpty ? .encoded : .linear
      try expected.resample(source, width: 20, height: 10, how)
      #expect(product.color.bytes == expected.color.bytes)
      #expect(Self.alpha(of: product) == Self.alpha(of: expected) && Self.alpha(of: product).contains(0))
    }
  }

  private static func alpha(of image: borrowing Image) -> [UInt8] {
    switch image.alpha {
    case .some(let plane): plane.bytes
    case .none: []
    }
  }

  @Test(arguments: [nil, "logo.png"]) func theWatermarkLiesWhereItIsAskedFor(file: String?) throws {
    let workspace = try Workspace()
    try workspace.addImage("in/scene.png", as: .png, seed: 3, width: 400, height: 400)
    try workspace.addImage("logo.png", as: .png, seed: 4, width: 40, height: 20)
    try Self.prepare("plain", "--size", "200x200", in: workspace)
    try Self.prepare(
      "marked", "--size", "200x200", "--watermark", file ?? "mark", "--gravity", "north-west", "--opacity", "1",
      in: workspace)
    let plain = try ImageFile.read(workspace.absolute("plain/scene.png"))
    let marked = try ImageFile.read(workspace.absolute("marked/scene.png"))
    let places = (0..<200 * 200).filter {
      plain.color[row: $0 / 200, column: $0 % 200] != marked.color[row: $0 / 200, column: $0 % 200]
    }
    #expect(places.count > 50)
    #expect(places.allSatisfy { $0 / 200 < 100 && $0 % 200 < 100 })
  }

  @Test(arguments: [
    "--size 0x10", "--size 65000x65000", "--fit fill", "--filter cubic", "--opacity 0.5", "--font Sans",
    "--gravity north", "--watermark a --opacity 1.5", "--watermark a --opacity nan", "--watermark a --gravity up",
    "--copies 3",
  ]) func whatCannotBeIsRefused(options: String) throws {
    let workspace = try Workspace(images: 1)
    let outcome = try Program.run(
      ["prepare", "in", "out"] + options.split(separator: " ").map(String.init), in: workspace)
    #expect(outcome.status == 64 && !workspace.tree.files.contains { $0.hasPrefix("out") })
  }

  @Test(arguments: [
    ("logo.avif", 64, "AVIF images cannot be drawn"), ("page.png", 2, "page.png: unsupported: HTML page"),
    ("nowhere/Logo.JPG", 2, "nowhere/Logo.JPG: cannot open: No such file or directory"),
  ]) func aPictureThatCannotBeReadIsNoText(name: String, status: Int32, text: String) throws {
    let workspace = try Workspace(images: 1)
    try workspace.addFile("logo.avif", "\0\0\0 ftypavif")
    try workspace.addFile("page.png", "<!DOCTYPE html><html></html>")
    let outcome = try Program.run(["prepare", "in", "out", "--watermark", name], in: workspace)
    #expect(outcome.status == status && outcome.errorText.contains(text), "\(outcome.errorText)")
    #expect(!workspace.tree.files.contains { $0.hasPrefix("out") })
  }
}
