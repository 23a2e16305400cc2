import Foundation
import Imaging
import Testing

struct AnonymizeTests {
  @Test func theWholeImageIsBlurredAndItsTransparencyStays() throws {
    let workspace = try Workspace()
    try workspace.addImage("in/scene.png", as: .png, seed: 3, width: 90, height: 70)
    try workspace.addTransparentImage("in/transparent.png")
    let outcome = try Program.run(
      ["anonymize", "in", "out", "--kernel", "21", "--sigma", "3.5"], in: workspace)
    #expect(outcome.status == 0, "\(outcome.errorText)")
    for name in ["scene.png", "transparent.png"] {
      let source = try Pixels("in/\(name)", in: workspace), product = try Pixels("out/\(name)", in: workspace)
      #expect(try product.color == source.blurred(size: 21, sigma: 3.5), "\(name)")
      #expect(product.color != source.color && product.alpha == source.alpha, "\(name)")
    }
  }

  /// Compares with OpenCV's own Gaussian blur of 8-bit images, reflected beyond the edge.
  @Test(.enabled(if: Peer.python != nil, "no Python with OpenCV"))
  func theBlurIsOpenCVsWithinOneLevel() throws {
    let workspace = try Workspace()
    try workspace.addImage("in/scene.png", as: .png, seed: 4, width: 333, height: 210)
    let outcome = try Program.run(["anonymize", "in", "out"], in: workspace)
    #expect(outcome.status == 0, "\(outcome.errorText)")
    let difference = try Peer.run(
      """
      import cv2, numpy as np
      source, product = cv2.imread("in/scene.png"), cv2.imread("out/scene.png")
      blurred = cv2.GaussianBlur(source, (61, 61), 10)
      print(int(np.abs(blurred.astype(int) - product.astype(int)).max()))
      """, in: workspace.path)
    #expect(try #require(Int(difference)) <= 1)
  }

  @Test func theWholeImageIsPixelatedOrBlack() throws {
    let workspace = try Workspace()
    try workspace.addTransparentImage("in/a.png", width: 90, height: 70)
    let source = try Pixels("in/a.png", in: workspace)
    for method in ["pixelate", "solid"] {
      let outcome = try Program.run(["anonymize", "in", method, "--method", method], in: workspace)
      #expect(outcome.status == 0, "\(outcome.errorText)")
      #expect(try Pixels("\(method)/a.png", in: workspace).alpha == source.alpha)
    }
    let mosaic = try Pixels("pixelate/a.png", in: workspace)
    // An eighth of 70 pixels is a block of 9.
    let corner = mosaic.color[mosaic.range(0, 0)]
    #expect(corner.elementsEqual(mosaic.color[mosaic.range(8, 8)]))
    #expect(Set(mosaic.color).count > 2 && mosaic.color != source.color)
    #expect(try Pixels("solid/a.png", in: workspace).color.allSatisfy { $0 == 0 })
  }

  /// 0.1 of the shorter side of 50 pixels, and a kernel of six times that.
  @Test func aBlurMayGrowWithTheImage() throws {
    let workspace = try Workspace()
    try workspace.addImage("in/a.png", as: .png, width: 80, height: 50)
    for (folder, options) in [("grown", ["--sigma", "0.1x"]), ("fixed", ["--sigma", "5", "--kernel", "31"])] {
      let outcome = try Program.run(["anonymize", "in", folder] + options, in: workspace)
      #expect(outcome.status == 0, "\(outcome.errorText)")
    }
    #expect(workspace.tree("grown") == workspace.tree("fixed"))
  }

  @Test(arguments: [
    "--kernel 60", "--kernel 1", "--kernel 1003", "--sigma 0", "--sigma nan", "--sigma -1", "--sigma inf",
    "--sigma 1001", "--sigma 2x", "--sigma 0x", "--sigma x", "--sigma nanx", "--copies 3", "--method smudge",
    "--method solid --kernel 3", "--method pixelate --sigma 3", "--classes face", "--expand 2", "--shape ellipse",
    "--regions labels --expand 0.5", "--regions labels --expand nan", "--regions labels --expand 11",
    "--regions labels --shape circle", "--regions labels --classes ,", "--batch 0",
  ])
  func whatCannotBeIsRefused(options: String) throws {
    let workspace = try Workspace(images: 1)
    let outcome = try Program.run(
      ["anonymize", "in", "out"] + options.split(separator: " ").map(String.init), in: workspace)
    #expect(outcome.status == 64 && !workspace.tree.files.contains { $0.hasPrefix("out") })
  }
}
