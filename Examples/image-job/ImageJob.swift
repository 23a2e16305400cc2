import Foundation
import Imaging
import Platform
import ProcPool
import Scenes

/// Blurs images in parallel: `image-job [FOLDER] [IMAGE…]`. It writes into FOLDER; without images it draws four first.
@main
enum ImageJob {
  static func main() throws {
    Startup.reexecIfThreadsStarted()
    let folder = CommandLine.arguments.dropFirst().first ?? "image-job-output"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    // OpenCV runs only in the workers: a process that forks must have one thread.
    let options = PoolOptions(workers: ProcessInfo.processInfo.activeProcessorCount)
    var images = Array(CommandLine.arguments.dropFirst(2))
    let scene = { (seed: UInt64) in SceneGenerator(.scene, seed: seed).generate(width: 480, height: 320) }
    if images.isEmpty { images = try Pool.map([1, 2, 3, 4], options) { try save(scene($0), "\(folder)/scene-\($0)") } }
    // Names travel between processes; pixels do not. An image that fails is one outcome, and the others continue.
    let body = { (path: String) in try blur(path, into: folder) }
    try Pool.with(options, initializer: { _ in ImagingRuntime.prepareProcess() }, body: body) { pool in
      let outcomes = try pool.imapUnordered(images)
      while let outcome = try outcomes.next() { print(images[outcome.index], outcome.result) }
    }
  }

  static func blur(_ path: String, into folder: String) throws -> String {
    var image = Image()
    var blurred = PixelBuffer()
    var decoder = ImageDecoder()
    _ = try decoder.decode([UInt8](Data(contentsOf: URL(filePath: path))), into: &image)
    try GaussianBlur().apply(GaussianBlur.Drawn(sigma: 4), to: image.color, into: &blurred)
    let name = URL(filePath: path).deletingPathExtension().lastPathComponent
    return try save(Image(color: blurred), "\(folder)/\(name)-blurred")
  }

  static func save(_ image: consuming Image, _ name: String) throws -> String {
    var encoder = ImageEncoder()
    try Data(encoder.encode(image, as: .png)).write(to: URL(filePath: name + ".png"), options: .atomic)
    return name + ".png"
  }
}
