import Datasets
import Foundation
import Imaging
import Strategies
import TestSupport
import Testing

/// Runs whose transforms take other images: `--reference`.
struct ReferenceRunTests {
  private static let names = ["Mosaic", "MixUp", "FDA", "HistogramMatching", "OverlayElements", "TemplateTransform"]

  private static func workspace() throws -> Workspace {
    let workspace = try Workspace()
    for (index, size) in [(60, 40), (33, 47), (80, 80), (20, 90)].enumerated() {
      try workspace.addImage("in/image\(index).png", as: .png, seed: index, width: size.0, height: size.1)
    }
    for index in 0..<3 { try workspace.addImage("others/sub/o\(index).jpg", seed: index + 9, width: 50, height: 30) }
    let nodes = names.map { "{\"__class_fullname__\": \"\($0)\", \"p\": 0.6}" }
    try workspace.addFile("mix.json", "[\(nodes.joined(separator: ", "))]")
    return workspace
  }

  @Test func copiesAreTheSameForAnyStrategyAndRanks() throws {
    let workspace = try Self.workspace()
    let options = ["--pipeline", "mix.json", "--reference", "others", "--copies", "3"]
    let reference = try Program.run(["augment", "in", "reference"] + options, in: workspace)
    #expect(reference.status == 0, "\(reference.errorText)")
    for strategy in StrategyNames.parallel {
      let outcome = try Program.run(
        ["augment", "in", strategy, "--ranks", "3", "--strategy", strategy] + options, in: workspace)
      #expect(outcome.status == 0, "\(outcome.errorText)")
      #expect(workspace.tree(strategy) == workspace.tree("reference"), "\(strategy)")
    }
    let others = try Program.run(
      ["augment", "in", "self", "--pipeline", "mix.json", "--reference", "in", "--copies", "3"], in: workspace)
    #expect(others.status == 0 && workspace.tree("self") != workspace.tree("reference"))
  }

  @Test func aRunWithoutTheImagesIsRefusedBeforeItBegins() throws {
    let workspace = try Self.workspace()
    try workspace.addPipeline("flip.json", "VerticalFlip")
    try workspace.addFolder("empty")
    for (options, expected) in [
      (
        ["--pipeline", "mix.json"],
        "Mosaic takes other images than the one it changes; name their folder by --reference"
      ),
      (["--pipeline", "mix.json", "--reference", "empty"], "there are no images that can be read"),
      (["--pipeline", "mix.json", "--reference", "nowhere"], "nowhere"),
      (["--pipeline", "flip.json", "--reference", "others"], "no transform of the pipeline takes images of the run"),
    ] {
      let outcome = try Program.run(["augment", "in", "out"] + options, in: workspace)
      #expect(outcome.status == 64 && outcome.errorText.contains(expected), "\(options): \(outcome.errorText)")
      #expect(workspace.contents("out") == nil && workspace.tree("out").files.isEmpty)
    }
  }

  @Test func aPipelineMayNameItsImages() throws {
    let workspace = try Self.workspace()
    try workspace.addFile(
      "own.json", "[{\"__class_fullname__\": \"FDA\", \"reference_images\": [\"others\", \"in/image0.png\"], \"p\": 1}]"
    )
    try Program.augment("in", "out", "--pipeline", "own.json", "--copies", "1", in: workspace)
    #expect(workspace.tree("out").files.count == 4)
  }

  // MARK: Labels

  /// Four images of one colour each with a box of another, so that pixels tell where a box must be.
  private static func boxes() throws -> Workspace {
    let workspace = try Workspace()
    for index in 0..<4 {
      let shape = ImageShape(width: 60 + 10 * index, height: 80 - 10 * index, channels: 3)
      let (left, top, right, bottom) = (10 + index, 12, 40 + index, 36)
      var bytes: [UInt8] = []
      for y in 0..<shape.height {
        for x in 0..<shape.width {
          let isInside = x >= left && x < right && y >= top && y < bottom
          bytes += isInside ? [UInt8(60 * index + 60), 255, 0] : [UInt8(60 * index + 60), 0, 0]
        }
      }
      var color = PixelBuffer(shape)
      color.set(bytes)
      let image = Image(color: color)
      try ImageFile.write(image, to: workspace.absolute("in/images/i\(index).png"), as: .png)
      let center = (Double(left + right) / 2 / Double(shape.width), Double(top + bottom) / 2 / Double(shape.height))
      let size = (Double(right - left) / Double(shape.width), Double(bottom - top) / Double(shape.height))
      try workspace.addFile("in/labels/i\(index).txt", "0 \(center.0) \(center.1) \(size.0) \(size.1)\n")
    }
    try workspace.addFile("in/data.yaml", "names: [cat, dog]\n")
    try workspace.addFile(
      "mosaic.json",
      """
      [{"__class_fullname__": "Mosaic", "target_size": [100, 120], "cell_shape": [80, 90], "interpolation": 0, "p": 1},
       {"__class_fullname__": "HorizontalFlip", "p": 0.5}, {"__class_fullname__": "RandomRotate90", "p": 0.5}]
      """)
    return workspace
  }

  @Test func theBoxesOfAMosaicLieWhereItsPixelsShowThem() throws {
    let workspace = try Self.boxes()
    let options = ["--pipeline", "mosaic.json", "--copies", "6"]
    let outcome = try Program.run(["augment", "in", "out", "--reference", "in/images"] + options, in: workspace)
    try #require(outcome.status == 0, "\(outcome.errorText)")
    var counts: Set<Int> = []
    for (path, objects) in try workspace.objects("out") {
      let image = try ImageFile.read(workspace.absolute("out/\(path)"))
      var marked = 0
      for y in 0..<image.color.shape.height {
        for x in 0..<image.color.shape.width {
          let isGreen = image.color[row: y, column: x][1] == 255
          let center = Vertex(Double(x) + 0.5, Double(y) + 0.5)
          // The nearest pixel of a scaled image may lie one beyond its box.
          let isIn = { (margin: Double) in
            objects.contains { object in
              let (low, high) = (object.box.upperLeft - margin, object.box.lowerRight + margin)
              return center.x > low.x && center.y > low.y && center.x < high.x && center.y < high.y
            }
          }
          if isGreen { marked += 1 }
          #expect(isGreen ? isIn(1.5) : !isIn(-1.5), "\(path) at \(x), \(y)")
        }
      }
      #expect(objects.isEmpty == (marked == 0))
      counts.insert(objects.count)
    }
    #expect(counts.contains { $0 > 1 }, "others come in")
  }

  @Test func objectsOnImagesOfOtherFoldersAreSaidToBeUnlabelled() throws {
    let workspace = try Self.boxes()
    try workspace.addImage("others/a.png", as: .png, seed: 4)
    let outcome = try Program.run(
      ["augment", "in", "out", "--pipeline", "mosaic.json", "--copies", "2", "--reference", "others"], in: workspace)
    #expect(outcome.status == 0 && outcome.errorText.contains("are not labelled"), "\(outcome.errorText)")
  }
}
