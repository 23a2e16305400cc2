import Foundation
import Imaging
import TestSupport
import Testing

/// Image files, and what Pillow reads from them: by `experiments/codecs/formats.py`.
struct FormatFiles {
  struct Entry: Decodable, CustomTestStringConvertible {
    var name: String
    var width, height: Int
    /// By how much a level may differ.
    var tolerance: Int

    var testDescription: String { name }
  }

  let folder: TemporaryFolder
  private(set) var entries: [Entry] = []

  static let isMissing: Comment = "AUGMENT_PYTHON names no Python with Pillow and OpenCV"

  /// Variants of every format, by other writers; `nil` without Python.
  static let others: FormatFiles? = {
    guard var files = try? FormatFiles(), (try? files.run("write")) != nil else { return nil }
    return files
  }()

  /// An empty folder.
  init() throws { folder = try TemporaryFolder() }

  func bytes(_ name: String) -> [UInt8] { SharedData.bytes(name, in: folder.path) }

  /// Red, green, blue and alpha of every pixel, as Pillow reads them.
  func pixels(_ entry: Entry) -> [UInt8] { bytes("\(entry.name).rgba") }

  func write(_ bytes: [UInt8], _ name: String) throws { try Data(bytes).write(to: folder.url.appending(path: name)) }

  /// Has the script `write` files, or `read` those that are there.
  mutating func run(_ verb: String) throws {
    guard let python = ProcessInfo.processInfo.environment["AUGMENT_PYTHON"] else { throw CancellationError() }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: python)
    process.arguments = [PackageFolder.url.appending(path: "experiments/codecs/formats.py").path, verb, folder.path]
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw CancellationError() }
    entries = try JSONDecoder().decode([Entry].self, from: Data(bytes("index.json")))
  }
}

extension Decoded {
  /// Red, green, blue and alpha of every pixel.
  var rgba: [UInt8] {
    var rgba: [UInt8] = []
    for pixel in 0..<shape.width * shape.height {
      let first = pixel * shape.channels
      for channel in 0..<3 { rgba.append(color[first + channel % shape.channels]) }
      rgba.append(alpha?[pixel] ?? 255)
    }
    return rgba
  }
}
