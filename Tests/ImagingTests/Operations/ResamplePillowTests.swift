import Foundation
import Imaging
import TestSupport
import Testing

private let python = ProcessInfo.processInfo.environment["AUGMENT_PYTHON"]

/// Compares resampling with Pillow's `resize`, of the width first and then of the height: Pillow itself chooses the
/// order by the factors since version 13, and cuts off what overshoots in between.
@Suite(.enabled(if: python != nil, "AUGMENT_PYTHON names no Python with Pillow"))
struct ResamplePillowTests {
  private struct Case {
    var source: ImageShape
    var size: ImageSize
    var filter: ResampleFilter
    var part: ImagePart?

    /// Its line for the script.
    var fields: String {
      let part = part ?? ImagePart(x: 0, y: 0, width: Double(source.width), height: Double(source.height))
      let numbers = [source.width, source.height, source.channels, size.width, size.height]
      let box = [part.x, part.y, part.x + part.width, part.y + part.height]
      return (numbers.map(String.init) + box.map { "\($0)" } + [filter.rawValue]).joined(separator: " ")
    }
  }

  private static let script = """
    import sys
    from pathlib import Path
    from PIL import Image
    filters = {"lanczos": Image.LANCZOS, "area": Image.BOX, "linear": Image.BILINEAR}
    folder = Path(sys.argv[1])
    for index, line in enumerate((folder / "cases").read_text().splitlines()):
        *numbers, filter = line.split()
        width, height, channels, new_width, new_height = map(int, numbers[:5])
        left, top, right, bottom = map(float, numbers[5:])
        pixels = (folder / f"{index}.in").read_bytes()
        image = Image.frombytes("RGB" if channels == 3 else "L", (width, height), pixels)
        image = image.resize((new_width, height), filters[filter], box=(left, 0, right, height))
        image = image.resize((new_width, new_height), filters[filter], box=(0, top, new_width, bottom))
        (folder / f"{index}.out").write_bytes(image.tobytes())
    """

  @Test func smoothImagesAreWithinOneLevel() throws {
    let total = try Self.compare { smoothPixels(width: $0.width, height: $0.height, channels: $0.channels) }
    #expect(total.largest <= 1 && total.share < 0.02, "\(total)")
  }

  /// Rounding in the first pass may add up in the second where lanczos enlarges noise.
  @Test func noiseIsWithinTwoLevels() throws {
    let total = try Self.compare { Picture.noise($0) }
    #expect(total.largest <= 2 && total.share < 0.02, "\(total)")
  }

  private static func compare(_ picture: (ImageShape) -> PixelBuffer) throws -> Difference {
    let folder = try TemporaryFolder()
    let cases = makeCases()
    for (index, one) in cases.enumerated() {
      try Data(picture(one.source).bytes).write(to: folder.url.appending(path: "\(index).in"))
    }
    let lines = cases.map { $0.fields + "\n" }.joined()
    try Data(lines.utf8).write(to: folder.url.appending(path: "cases"))
    try runPython(in: folder)
    var total = Difference()
    for (index, one) in cases.enumerated() {
      var how = Resample()
      var result = PixelBuffer()
      (how.filter, how.part) = (one.filter, one.part)
      try result.resample(picture(one.source), width: one.size.width, height: one.size.height, how)
      let theirs = [UInt8](try Data(contentsOf: folder.url.appending(path: "\(index).out")))
      total.add(Difference(result.bytes, theirs))
    }
    return total
  }

  private static func makeCases() -> [Case] {
    var random = SeededGenerator(seed: 3)
    let lengths = [1...12, 1...60, 60...400]
    func length() -> Int { Int.random(in: lengths[Int.random(in: 0..<3, using: &random)], using: &random) }
    return (0..<300).map { index in
      let shape = ImageShape(width: length(), height: length(), channels: index.isMultiple(of: 2) ? 3 : 1)
      let size = ImageSize(width: length(), height: length())
      var one = Case(source: shape, size: size, filter: ResampleFilter.allCases[index % 3])
      if index.isMultiple(of: 5) {
        let (width, height) = (Double(shape.width), Double(shape.height))
        // Pillow's box has 32-bit numbers, which must hold these exactly.
        one.part = ImagePart(x: width / 8, y: height / 4, width: width * 0.75, height: height * 0.625)
      }
      return one
    }
  }

  private static func runPython(in folder: TemporaryFolder) throws {
    let process = Process()
    process.executableURL = URL(filePath: try #require(python))
    process.arguments = ["-c", script, folder.path]
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "no Pillow")
  }
}
