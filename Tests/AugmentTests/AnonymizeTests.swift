import Datasets
import Foundation
import Imaging
import Strategies
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
      let source = try planes("in/\(name)", in: workspace), product = try planes("out/\(name)", in: workspace)
      #expect(product.color == (try blurred("in/\(name)", in: workspace)), "\(name)")
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

  @Test(arguments: ["--kernel 60", "--kernel 1", "--kernel 1003", "--sigma 0", "--sigma nan", "--copies 3"])
  func aBlurThatCannotBeIsRefused(options: String) throws {
    let workspace = try Workspace(images: 1)
    let outcome = try Program.run(
      ["anonymize", "in", "out"] + options.split(separator: " ").map(String.init), in: workspace)
    #expect(outcome.status == 64 && !workspace.tree.files.contains { $0.hasPrefix("out") })
  }

  private func planes(_ path: String, in workspace: Workspace) throws -> (color: [UInt8], alpha: [UInt8]) {
    let image = try ImageFile.read(workspace.absolute(path))
    switch image.alpha {
    case .some(let plane): return (image.color.bytes, plane.bytes)
    case .none: return (image.color.bytes, [])
    }
  }

  private func blurred(_ path: String, in workspace: Workspace) throws -> [UInt8] {
    let image = try ImageFile.read(workspace.absolute(path))
    var blurred = PixelBuffer()
    try blurred.blur(image.color, size: 21, sigma: 3.5)
    return blurred.bytes
  }
}
