import Foundation
import Testing

/// Copies as another reader sees them, of images by another writer.
@Suite(.enabled(if: Pillow.isThere, "AUGMENT_PYTHON names no Python with Pillow"))
struct PillowTests {
  private static func copies(_ options: String...) throws -> [String: Pillow.Contents] {
    let workspace = try Workspace()
    try workspace.addFolder("in")
    _ = try Pillow.run("write", workspace.absolute("in"))
    try workspace.addPipeline("same.json", "NoOp")
    let outcome = try Program.run(
      ["augment", "in", "out", "--copies", "1", "--pipeline", "same.json", "--name", "{stem}"] + options,
      in: workspace)
    #expect(outcome.status == 0, "\(outcome.errorText)")
    return try JSONDecoder().decode(
      [String: Pillow.Contents].self, from: Pillow.run("show", workspace.absolute("out")))
  }

  @Test func whatColoursMeanIsKept() throws {
    let copies = try Self.copies()
    let photo = try #require(copies["photo.jpg"])
    let drawing = try #require(copies["drawing.png"])
    for copy in [photo, drawing] {
      #expect(copy.size == [48, 64] && copy.orientation == nil)
      #expect(copy.colorSpace == 0xFFFF && copy.maker == nil && !copy.hasMakersNote && !copy.hasXMP)
    }
    #expect(photo.sampling == 1)  // 4:2:2 in Pillow's numbering
    #expect(drawing.gamma == 1)
  }

  @Test func allIsKeptButOrientationAndMakersNote() throws {
    let copies = try Self.copies("--metadata", "all")
    let photo = try #require(copies["photo.jpg"])
    for copy in [photo, try #require(copies["drawing.png"])] {
      #expect(copy.size == [48, 64] && copy.orientation == nil && !copy.hasMakersNote)
      #expect(copy.colorSpace == 0xFFFF && copy.maker == "Maker" && copy.dotsPerInch == 300)
    }
    #expect(photo.hasXMP)
  }

  @Test func inksWithoutAdobesMarkerAreReadAlike() throws {
    let workspace = try Workspace()
    _ = try Pillow.run("write", workspace.path)
    let sources = try JSONDecoder().decode(
      [String: Pillow.Contents].self, from: Pillow.run("show", workspace.path))
    let copies = try Self.copies()
    let source = try #require(sources["inks.jpg"])
    let copy = try #require(copies["inks.jpg"])
    #expect(zip(source.pixel, copy.pixel).allSatisfy { abs($0 - $1) <= 3 }, "\(source.pixel) and \(copy.pixel)")
  }
}

/// `experiments/codecs/pillow.py`, run by the Python that AUGMENT_PYTHON names.
private enum Pillow {
  struct Contents: Decodable {
    var size, pixel: [Int]
    var orientation, colorSpace, sampling: Int?
    var maker: String?
    var hasMakersNote, hasXMP: Bool
    var gamma: Double?
    var dotsPerInch: Int
  }

  private static let python = ProcessInfo.processInfo.environment["AUGMENT_PYTHON"]

  static let isThere = python != nil && (try? launch(["-c", "import PIL"]).status) == 0

  /// - Returns: its standard output.
  static func run(_ arguments: String...) throws -> Data {
    let package = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized
    let script = package.appending(path: "experiments/codecs/pillow.py").path(percentEncoded: false)
    let outcome = try launch([script] + arguments)
    #expect(outcome.status == 0)
    return outcome.output
  }

  private static func launch(_ arguments: [String]) throws -> (status: Int32, output: Data) {
    let (process, output) = (Process(), Pipe())
    process.executableURL = URL(filePath: try #require(python))
    process.arguments = arguments
    (process.standardOutput, process.standardError) = (output, FileHandle.nullDevice)
    try process.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, data)
  }
}
