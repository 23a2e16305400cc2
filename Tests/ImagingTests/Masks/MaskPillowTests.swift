import Foundation
import Imaging
import TestSupport
import Testing

/// Written masks as another reader sees them.
@Suite(.enabled(if: MaskPillow.isThere, "AUGMENT_PYTHON names no Python with Pillow and NumPy"))
struct MaskPillowTests {
  /// Pillow reads 16 bits of grey only, and of the other kinds the high bytes.
  private static let kinds = MaskKind.all.filter { $0.bitDepth < 16 || $0.colorType == .grey }

  @Test func pillowReadsTheSameValuesAndPalettes() throws {
    let folder = try TemporaryFolder()
    for (number, kind) in Self.kinds.enumerated() {
      let mask = try Masks.decoded(kind.file(width: 23, height: 11).bytes)
      try Data(Masks.encoded(mask)).write(to: folder.url.appending(path: "\(number).png"))
    }
    let contents = try MaskPillow.read(folder.url)
    #expect(contents.count == Self.kinds.count)
    for (number, kind) in Self.kinds.enumerated() {
      let content = try #require(contents["\(number).png"])
      #expect(content.size == [23, 11] && content.mode == kind.pillowMode, "\(kind)")
      #expect(content.values == kind.pillowValues(width: 23, height: 11), "\(kind)")
      #expect(content.palette == kind.layout.palette.map { $0.colors.map { Int($0) } }, "\(kind)")
      #expect(content.isTransparent == kind.isTransparent, "\(kind)")
    }
  }
}

extension MaskKind {
  fileprivate var pillowMode: String {
    switch colorType {
    case .grey: bitDepth == 1 ? "1" : bitDepth == 16 ? "I;16" : "L"
    case .rgb: "RGB"
    case .palette: "P"
    case .greyAlpha: "LA"
    case .rgba: "RGBA"
    }
  }

  /// Pillow scales grey of few bits to bytes; black and white are 0 and 1.
  fileprivate func pillowValues(width: Int, height: Int) -> [Int] {
    let scale = colorType == .grey && (2...4).contains(bitDepth) ? 255 / (1 << bitDepth - 1) : 1
    return values(width: width, height: height).map { $0 * scale }
  }
}

/// Pillow, in the Python that AUGMENT_PYTHON names.
private enum MaskPillow {
  struct Content: Decodable {
    var mode: String
    var size, values: [Int]
    var palette: [Int]?
    var isTransparent: Bool
  }

  private static let python = ProcessInfo.processInfo.environment["AUGMENT_PYTHON"]
  private static let script = """
    import glob, json, os, sys
    import numpy, PIL.Image
    contents = {}
    for path in glob.glob(sys.argv[1] + "/*.png"):
        image = PIL.Image.open(path)
        contents[os.path.basename(path)] = {
            "mode": image.mode, "size": list(image.size),
            "values": numpy.array(image).astype(int).ravel().tolist(),
            "palette": image.getpalette("RGB"), "isTransparent": "transparency" in image.info}
    json.dump(contents, sys.stdout)
    """

  static let isThere = python != nil && (try? launch(["-c", "import numpy, PIL"]).status) == 0

  static func read(_ folder: URL) throws -> [String: Content] {
    let outcome = try launch(["-c", script, folder.path(percentEncoded: false)])
    try #require(outcome.status == 0)
    return try JSONDecoder().decode([String: Content].self, from: outcome.output)
  }

  private static func launch(_ arguments: [String]) throws -> (status: Int32, output: Data) {
    let (process, output) = (Process(), Pipe())
    process.executableURL = URL(filePath: try #require(python))
    process.arguments = arguments
    (process.standardOutput, process.standardError) = (output, FileHandle.nullDevice)
    try process.run()
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, bytes)
  }
}
