import Datasets
import Foundation
import Imaging
import Scenes
import TestSupport

/// A temporary folder for one test, removed with it. Paths are relative to it, as for a program started there.
final class Workspace {
  let path: String
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    path = folder.path
  }

  /// A workspace with `images` images in its folder `in`.
  convenience init(images: Int, width: Int = 96, height: Int = 72) throws {
    try self.init()
    for index in 0..<images { try addImage("in/image\(index).jpg", seed: index, width: width, height: height) }
  }

  var tree: Tree { tree("") }

  func tree(_ relative: String) -> Tree { Tree(of: absolute(relative)) }

  func absolute(_ relative: String) -> String { relative.isEmpty ? path : "\(path)/\(relative)" }

  /// Draws an image; `format` is that of its content, whatever its name says.
  func addImage(
    _ relative: String, as format: ImageFormat = .jpeg, seed: Int = 0, width: Int = 96, height: Int = 72
  ) throws {
    let image = SceneGenerator(.scene, seed: UInt64(seed)).generate(width: width, height: height)
    try ImageFile.write(image, to: absolute(relative), as: format)
  }

  /// A black PNG: quick to make, however large.
  func addBlankImage(_ relative: String, width: Int, height: Int) throws {
    let image = Image(color: PixelBuffer(ImageShape(width: width, height: height, channels: 3)))
    try ImageFile.write(image, to: absolute(relative), as: .png)
  }

  /// A PNG whose left half is transparent.
  func addTransparentImage(_ relative: String, width: Int = 60, height: Int = 40) throws {
    var image = SceneGenerator(.scene, seed: 1).generate(width: width, height: height)
    var alpha = PixelBuffer(ImageShape(width: width, height: height, channels: 1))
    alpha.set((0..<width * height).map { $0 % width < width / 2 ? 0 : 255 })
    image.alpha = consume alpha
    try ImageFile.write(image, to: absolute(relative), as: .png)
  }

  /// A JPEG with a colour profile; readers check only that it is for RGB.
  func addProfiledImage(_ relative: String) throws {
    var image = SceneGenerator(.scene, seed: 2).generate(width: 50, height: 70)
    image.colorProfile = [UInt8](repeating: 7, count: 16) + [UInt8]("RGB ".utf8) + [UInt8](repeating: 9, count: 180)
    try ImageFile.write(image, to: absolute(relative), as: .jpeg)
  }

  func addFile(_ relative: String, _ text: String = "") throws {
    let file = URL(filePath: absolute(relative))
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }

  func addFolder(_ relative: String) throws {
    try FileManager.default.createDirectory(atPath: absolute(relative), withIntermediateDirectories: true)
  }

  /// A symbolic link to `target`, which need not exist.
  func addLink(_ relative: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(atPath: absolute(relative), withDestinationPath: target)
  }

  /// A hard link.
  func addSecondName(_ relative: String, of file: String) throws {
    try addFolder(relative.split(separator: "/").dropLast().joined(separator: "/"))
    try FileManager.default.linkItem(atPath: absolute(file), toPath: absolute(relative))
  }

  func setMode(_ relative: String, _ mode: Int) throws {
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: absolute(relative))
  }

  /// Truncates a file to half its size.
  func truncate(_ relative: String) throws {
    let bytes = contents(relative) ?? Data()
    try bytes.prefix(bytes.count / 2).write(to: URL(filePath: absolute(relative)))
  }

  /// A pipeline file of transforms without parameters.
  func addPipeline(_ relative: String, _ transforms: String...) throws {
    let nodes = transforms.map { "{\"__class_fullname__\": \"\($0)\", \"p\": 1.0}" }
    try addFile(relative, "[\(nodes.joined(separator: ", "))]")
  }

  func contents(_ relative: String) -> Data? { FileManager.default.contents(atPath: absolute(relative)) }
}
