import Datasets
import Foundation
import Imaging
import Jobs
import Scenes
import Strategies
import TestSupport
import Testing

/// What `quantize` writes, and who may write it.
struct QuantizeTests {
  /// Colour, grey, transparency, a single pixel, JPEG.
  private func variedWorkspace() throws -> Workspace {
    let workspace = try Workspace(images: 2)
    try workspace.addImage("in/scene.png", as: .png, seed: 3, width: 90, height: 70)
    try workspace.addImage("in/pixel.png", as: .png, width: 1, height: 1)
    try workspace.addTransparentImage("in/transparent.png")
    var grey = PixelBuffer(ImageShape(width: 64, height: 16, channels: 1))
    grey.set((0..<64 * 16).map { UInt8(truncatingIfNeeded: $0 * 7) })
    try ImageFile.write(Image(color: grey), to: workspace.absolute("in/grey.png"), as: .png)
    return workspace
  }

  private static let pngNames = ["scene", "pixel", "transparent", "grey", "image0", "image1"]

  /// The distinct colours of an image, as R, G, B.
  private func colors(_ path: String, in workspace: Workspace) throws -> Set<[UInt8]> {
    let image = try ImageFile.read(workspace.absolute(path))
    let (bytes, channels) = (image.color.bytes, image.color.shape.channels)
    return Set(
      stride(from: 0, to: bytes.count, by: channels).map { first in
        (0..<3).map { bytes[first + min($0, channels - 1)] }
      })
  }

  @Test(arguments: [
    "--colors 1", "--colors 2 --init kmeans++", "--colors 16", "--colors 16 --dither floyd-steinberg",
    "--colors 256 --empty reseed",
  ])
  func aCopyHasNoMoreColoursThanAskedForAndItsTransparencyStays(options: String) throws {
    let workspace = try variedWorkspace()
    let options = options.split(separator: " ").map(String.init)
    let outcome = try Program.run(["quantize", "in", "out", "--format", "png"] + options, in: workspace)
    #expect(outcome.status == 0, "\(outcome.errorText)")
    let most = try #require(Int(options[1]))
    for name in Self.pngNames {
      let count = try colors("out/\(name).png", in: workspace).count
      #expect(count >= 1 && count <= most, "\(name): \(count)")
    }
    #expect(try alpha("out/transparent.png", in: workspace) == alpha("in/transparent.png", in: workspace))
    #expect(try ImageFile.read(workspace.absolute("out/grey.png")).color.shape.channels == 1)
  }

  private func alpha(_ path: String, in workspace: Workspace) throws -> [UInt8] {
    let image = try ImageFile.read(workspace.absolute(path))
    switch image.alpha {
    case .some(let plane): return plane.bytes
    case .none: return []
    }
  }

  @Test func anImageOfFewColoursKeepsThemIfMoreAreAskedFor() throws {
    let workspace = try Workspace()
    var flag = PixelBuffer(ImageShape(width: 30, height: 20, channels: 3))
    flag.set((0..<600).flatMap { place -> [UInt8] in [UInt8(place % 3 * 100), UInt8(place % 2 * 200), 7] })
    try ImageFile.write(Image(color: flag), to: workspace.absolute("in/flag.png"), as: .png)
    let outcome = try Program.run(
      ["quantize", "in", "out", "--colors", "16", "--init", "kmeans++", "--palette-output"], in: workspace)
    #expect(outcome.status == 0, "\(outcome.errorText)")
    let pixels = try ImageFile.read(workspace.absolute("out/flag.png")).color.bytes
    #expect(try pixels == ImageFile.read(workspace.absolute("in/flag.png")).color.bytes)
  }

  // MARK: Palettes

  @Test func paletteOutputWritesPalettesOfTheSameColours() throws {
    let workspace = try variedWorkspace()
    for (folder, options) in [("plain", ["--format", "png"]), ("palette", ["--palette-output"])] {
      let outcome = try Program.run(["quantize", "in", folder] + options, in: workspace)
      #expect(outcome.status == 0, "\(outcome.errorText)")
    }
    #expect(workspace.tree("palette").files == Set(Self.pngNames.map { "\($0).png" }))
    for name in Self.pngNames {
      let (plain, palette) = ("plain/\(name).png", "palette/\(name).png")
      #expect(try colors(plain, in: workspace) == colors(palette, in: workspace), "\(name)")
      // The colour type in IHDR: 3 is a palette, and 0 is grey, which needs none.
      #expect(workspace.contents(palette).map { $0[25] } == (name == "grey" ? 0 : 3), "\(name)")
    }
    #expect(try alpha("palette/transparent.png", in: workspace) == alpha("in/transparent.png", in: workspace))
  }

  @Test func aPaletteInAJPEGFileIsRefused() throws {
    let workspace = try Workspace(images: 1)
    let outcome = try Program.run(["quantize", "in", "out", "--palette-output", "--format", "jpg"], in: workspace)
    #expect(outcome.status == 64)
    #expect(outcome.errorText == "augment-cli: --palette-output: only a PNG file can have a palette\n")
    #expect(workspace.tree("out").entries.isEmpty)
  }

  // MARK: The same bytes

  private static let variants = [
    [], ["--init", "kmeans++", "--empty", "reseed", "--dither", "floyd-steinberg", "--palette-output"],
  ]

  @Test(arguments: variants)
  func everyStrategyAndAnyNumberOfRanksOrThreadsGivesTheSameBytes(options: [String]) throws {
    let workspace = try variedWorkspace()
    let reference = try Program.run(
      ["quantize", "in", "reference", "--strategy", Sequential.name] + options, in: workspace)
    #expect(reference.status == 0, "\(reference.errorText)")
    var ways = (1...5).map { ["--threads", "\($0)"] }
    for strategy in StrategyCatalog.strategies(for: Quantize.self) {
      for ranks in 1...5 where strategy.refusal(of: RunDescription.How(strategy: strategy, ranks: ranks)) == nil {
        ways.append(["--strategy", strategy.name, "--ranks", "\(ranks)"])
      }
    }
    for (number, way) in ways.enumerated() {
      let outcome = try Program.run(["quantize", "in", "out\(number)"] + way + options, in: workspace)
      #expect(outcome.status == 0, "\(way): \(outcome.errorText)")
      #expect(workspace.tree("out\(number)") == workspace.tree("reference"), "\(way)")
    }
  }

  @Test(arguments: ImagingRuntime.InstructionSet.allCases.filter { $0 != .best }, variants)
  func everyInstructionSetGivesTheSameBytes(limit: ImagingRuntime.InstructionSet, options: [String]) throws {
    guard limit.isBelowBest else {
      try Test.cancel("\(limit) is not below the best of this machine, \(ImagingRuntime.InstructionSet.ofMachine)")
    }
    let workspace = try variedWorkspace()
    let options = options + ["--format", "png", "--threads", "2"]
    let best = try Program.run(["quantize", "in", "best"] + options, in: workspace)
    let limited = try Program.run(
      ["quantize", "in", "limited"] + options, in: workspace, prefix: ["env", "AUGMENT_INSTRUCTIONS=\(limit.rawValue)"])
    #expect(best.status == 0 && limited.status == 0, "\(limited.errorText)")
    #expect(workspace.tree("limited") == workspace.tree("best"))
  }

  @Test func theSeedAndThePathDecideWhichColoursComeFirst() throws {
    let workspace = try Workspace()
    for name in ["a", "b"] { try workspace.addImage("in/\(name).png", as: .png, seed: 3) }
    for seed in ["0", "1"] {
      let outcome = try Program.run(
        ["quantize", "in", seed, "--seed", seed, "--iterations", "1", "--json"], in: workspace)
      #expect(outcome.status == 0)
      #expect(try Summary(outcome).seed == UInt64(seed))
    }
    let contents = ["0/a.png", "0/b.png", "1/a.png", "1/b.png"].map { workspace.contents($0) }
    #expect(Set(contents).count == 4)
  }

  // MARK: Refusals

  @Test(arguments: [
    "--colors 0", "--colors 257", "--iterations 0", "--tolerance -1", "--tolerance nan", "--init first",
    "--empty white", "--dither ordered", "--seed -1", "--threads 0", "--threads 1025", "--threads 2 --ranks 2",
    "--threads 2 --strategy split-threads", "--copies 3",
  ])
  func wrongUsageIsRefused(options: String) throws {
    let workspace = try Workspace(images: 1)
    let outcome = try Program.run(
      ["quantize", "in", "out"] + options.split(separator: " ").map(String.init), in: workspace)
    #expect(outcome.status == 64 && workspace.tree("out").entries.isEmpty)
  }

  @Test func aBadImageFailsByNameAndNoOther() throws {
    let workspace = try variedWorkspace()
    try workspace.truncate("in/scene.png")
    for way in [["--threads", "2"], ["--strategy", SplitRanks.name, "--ranks", "2"]] {
      let outcome = try Program.run(["quantize", "in", way[1], "--json"] + way, in: workspace)
      #expect(outcome.status == 1)
      let summary = try Summary(outcome)
      #expect(summary.failures.map(\.path) == ["scene.png"] && summary.copies == 5 && summary.ranks == 2)
    }
  }
}
