import Foundation
import Imaging
import TestSupport
import Testing

/// Marks from files: all their pixels are known.
struct WatermarkTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A mark of one colour, in a file.
  private func mark(
    width: Int = 20, height: Int = 10, color: [UInt8] = [200, 100, 40], alpha: UInt8? = nil
  ) throws -> Watermark {
    var pixels = PixelBuffer(ImageShape(width: width, height: height, channels: color.count))
    pixels.set(Array(repeating: color, count: width * height).joined().map { $0 })
    var image = Image(color: pixels)
    if let alpha {
      var plane = PixelBuffer(ImageShape(width: width, height: height, channels: 1))
      plane.set(repeatElement(alpha, count: width * height))
      image.alpha = consume plane
    }
    let path = folder.path + "/mark.png"
    try Data(try encode(image, as: .png)).write(to: URL(filePath: path))
    var watermark = Watermark(.image(path: path))
    watermark.opacity = 1
    return watermark
  }

  private func painted(
    _ watermark: Watermark, _ width: Int, _ height: Int, on ground: [UInt8] = [50, 50, 50]
  ) throws -> Painted {
    try Painted(try watermark.painter(), width, height, on: ground)
  }

  @Test(arguments: Watermark.Gravity.allCases) func gravityPlacesTheMark(gravity: Watermark.Gravity) throws {
    var watermark = try mark()
    watermark.gravity = gravity
    let picture = try painted(watermark, 100, 60)
    // The mark is a fifth of 60 rows high and keeps its proportions; the margin is 3 % of 60, rounded down.
    let columns: [Watermark.Gravity: Int] = [
      .northWest: 1, .west: 1, .southWest: 1, .north: 38, .center: 38, .south: 38, .northEast: 75, .east: 75,
      .southEast: 75,
    ]
    let rows: [Watermark.Gravity: Int] = [
      .northWest: 1, .north: 1, .northEast: 1, .west: 24, .center: 24, .east: 24, .southWest: 47, .south: 47,
      .southEast: 47,
    ]
    let (x, y) = (try #require(columns[gravity]), try #require(rows[gravity]))
    #expect(picture.changed == Painted.Box(x: x..<x + 24, y: y..<y + 12))
    #expect(picture[x, y] == [200, 100, 40] && picture[x + 23, y + 11] == [200, 100, 40])
  }

  @Test func opacityOfNothingChangesNothing() throws {
    var watermark = try mark()
    watermark.opacity = 0
    #expect(try painted(watermark, 100, 60).changed == nil)
  }

  @Test func halfOpacityMixesInWholeNumbers() throws {
    var watermark = try mark(color: [200, 0, 255])
    watermark.opacity = 0.5
    watermark.gravity = .center
    // 128 of 255 of the mark and 127 of 255 of the ground, each rounded.
    #expect(try painted(watermark, 100, 60, on: [50, 255, 0])[50, 30] == [100 + 25, 127, 128])
  }

  @Test func transparencyOfTheFileCounts() throws {
    var watermark = try mark(color: [255, 0, 255], alpha: 51)
    watermark.gravity = .center
    #expect(try painted(watermark, 100, 60, on: [100, 100, 0])[50, 30] == [51 + 80, 80, 51])
  }

  @Test func transparentMarkChangesNothing() throws {
    #expect(try painted(try mark(alpha: 0), 100, 60).changed == nil)
  }

  @Test func greyImagesGetTheLuma() throws {
    var watermark = try mark(color: [200, 100, 40])
    watermark.gravity = .center
    let luma = (200 * 299 + 100 * 587 + 40 * 114 + 500) / 1000
    #expect(try painted(watermark, 100, 60, on: [7])[50, 30] == [UInt8(luma)])
  }

  @Test func greyMarkIsGreyOnColours() throws {
    var watermark = try mark(color: [90])
    watermark.gravity = .center
    #expect(try painted(watermark, 100, 60)[50, 30] == [90, 90, 90])
  }

  @Test func scaleIsAShareOfTheShorterSide() throws {
    var watermark = try mark()
    watermark.scale = 0.5
    let changed = try #require(try painted(watermark, 200, 60).changed)
    #expect(changed.y.count == 30 && changed.x.count == 60)
  }

  @Test func wideMarkFitsIntoTheImage() throws {
    var watermark = try mark(width: 400, height: 2)
    watermark.scale = 1
    let changed = try #require(try painted(watermark, 100, 100).changed)
    #expect(changed.x == 3..<97 && changed.y.count == 1)
  }

  @Test(arguments: Watermark.Gravity.allCases, [(1, 1), (1, 40), (40, 1), (2, 3), (33, 34)])
  func tiniestImagesGetAMark(gravity: Watermark.Gravity, size: (width: Int, height: Int)) throws {
    var watermark = try mark(width: 7, height: 9)
    watermark.gravity = gravity
    for ground in [[UInt8(9)], [9, 9, 9]] {
      #expect(try painted(watermark, size.width, size.height, on: ground).changed != nil)
    }
  }

  @Test(arguments: [(1, 1), (3, 5), (90, 45), (257, 255)])
  func scalingKeepsOneColour(size: (width: Int, height: Int)) throws {
    var watermark = try mark(width: size.width, height: size.height, color: [255, 1, 77], alpha: 255)
    watermark.gravity = .center
    watermark.scale = 1
    for side in [1, 2, 31, 100, 400] {
      #expect(try painted(watermark, side, side)[(side - 1) / 2, (side - 1) / 2] == [255, 1, 77])
    }
  }

  @Test func brokenFilesAreNamed() throws {
    let path = folder.path + "/mark.png"
    let picture = try Data(encode(smoothImage(width: 9, height: 9, channels: 3), as: .png))
    for content in [nil, Data(), Data("no picture".utf8), picture.dropLast(20)] {
      try? FileManager.default.removeItem(atPath: path)
      if let content { try content.write(to: URL(filePath: path)) }
      let error = #expect(throws: WatermarkError.self) { _ = try Watermark(.image(path: path)).painter() }
      #expect(error.map { "\($0)".hasPrefix(path + ": ") && !$0.isShortage } == true)
    }
  }

  @Test func watermarkSurvivesEncoding() throws {
    var watermark = Watermark(.text("© ä", font: "Serif"))
    (watermark.gravity, watermark.opacity, watermark.scale) = (.northEast, 0.25, 0.1)
    let other = Watermark(.image(path: "a/b.png"))
    for value in [watermark, other] {
      #expect(try JSONDecoder().decode(Watermark.self, from: JSONEncoder().encode(value)) == value)
    }
  }
}

/// Marks of text: their pixels depend on the fonts.
@Suite(.enabled(if: DrawnText.isPossible, textIsMissing))
struct TextWatermarkTests {
  private static let text = Watermark(.text("© Ägypten", font: nil))

  @Test(arguments: [[UInt8(0)], [255], [128], [0, 0, 0], [255, 255, 255], [255, 0, 0]])
  func textIsLegibleOnAnyGround(ground: [UInt8]) throws {
    let picture = try Painted(try Self.text.painter(), 128, 128, on: ground)
    #expect(picture.contrast >= 60)
  }

  @Test func longTextStaysInsideTheMargins() throws {
    var watermark = Watermark(.text(String(repeating: "long text ", count: 20), font: nil))
    watermark.scale = 0.5
    let changed = try #require(try Painted(try watermark.painter(), 600, 200, on: [90, 90, 90]).changed)
    #expect(changed.x.lowerBound >= 6 && changed.x.upperBound <= 594 && changed.x.count > 550)
  }

  @Test(arguments: [(1, 1), (1, 300), (300, 1), (8, 8)])
  func tiniestImagesAreNoError(size: (width: Int, height: Int)) throws {
    for gravity in Watermark.Gravity.allCases {
      var watermark = Self.text
      watermark.gravity = gravity
      for ground in [[UInt8(9)], [9, 9, 9]] {
        _ = try Painted(try watermark.painter(), size.width, size.height, on: ground)
      }
    }
  }

  /// More sizes than a painter keeps, in two orders, with and without preparation.
  @Test func earlierImagesDoNotMatter() throws {
    let sides = [40, 1300, 700] + Array(100..<130)
    let (painter, other) = (try Self.text.painter(), try Self.text.painter())
    let first = try sides.map { try Painted(painter, $0, $0, on: [90]) }
    let second = try sides.reversed().map { side in
      try other.prepare(width: side, height: side)
      return try Painted(other, side, side, on: [90])
    }
    #expect(first == second.reversed())
  }

  @Test func undrawableTextIsASentence() {
    let watermark = Watermark(.text("a\u{10FFFD}", font: nil))
    #expect(throws: WatermarkError.text(.undrawable(["\u{10FFFD}"]))) { _ = try watermark.painter() }
    #expect("\(WatermarkError.text(.empty))" == "watermark: the text is empty")
  }
}
