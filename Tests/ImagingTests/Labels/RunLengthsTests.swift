import Imaging
import TestSupport
import Testing

/// Masks as runs, pixels, rows and borders.
struct RunLengthsTests {
  private static let sizes = [(1, 1), (1, 9), (9, 1), (7, 5), (16, 16), (33, 20)]

  /// Pixels that are mostly alike, mostly different, and all the same.
  private func randomPixels(_ width: Int, _ height: Int, using random: inout SeededGenerator) -> [UInt8] {
    let share = [0.0, 0.1, 0.5, 0.9, 1.0].randomElement(using: &random) ?? 0.5
    return (0..<width * height).map { _ in Double.random(in: 0..<1, using: &random) < share ? 255 : 0 }
  }

  /// Each pixel on its own, as COCO counts them.
  private func counts(_ pixels: [UInt8], _ width: Int, _ height: Int) -> [Int] {
    var (counts, isInside) = ([0], false)
    for x in 0..<width {
      for y in 0..<height {
        if (pixels[y * width + x] != 0) != isInside {
          counts.append(0)
          isInside.toggle()
        }
        counts[counts.count - 1] += 1
      }
    }
    return counts
  }

  private func eachMask(_ body: (RunLengths, [UInt8]) throws -> Void) throws {
    var random = SeededGenerator(seed: 6)
    for (width, height) in Self.sizes {
      for _ in 0..<40 {
        let pixels = randomPixels(width, height, using: &random)
        let plane = Picture.of(ImageShape(width: width, height: height, channels: 1), pixels)
        try body(RunLengths(plane), pixels)
      }
    }
  }

  @Test func runsAreThoseOfThePixels() throws {
    try eachMask { mask, pixels in
      #expect(mask.counts == counts(pixels, mask.width, mask.height))
      #expect(RunLengths(width: mask.width, height: mask.height, counts: mask.counts) == mask)
      var painted = PixelBuffer()
      try mask.paint(into: &painted)
      #expect(painted.bytes == pixels)
      #expect(mask.area == pixels.count { $0 != 0 })
    }
  }

  @Test func rowsAndBackAreTheSame() throws {
    try eachMask { mask, pixels in
      let area = mask.pixelArea
      #expect(RunLengths(area, width: mask.width, height: mask.height) == mask)
      var rows = [UInt8](repeating: 0, count: pixels.count)
      for run in area.runs {
        for x in run.columns { rows[run.row * mask.width + x] = 255 }
      }
      #expect(rows == pixels && area.pixelCount == mask.area)
      let bounds = area.bounds
      let box = mask.bounds ?? Box(.zero, .zero)
      #expect(box.size == Vertex(Double(bounds.width), Double(bounds.height)))
      #expect(mask.area == 0 || box.upperLeft == Vertex(Double(bounds.x), Double(bounds.y)))
    }
  }

  @Test func bordersEncloseThePixelsAndNoMore() throws {
    try eachMask { mask, _ in
      let shape = ImageShape(width: mask.width, height: mask.height, channels: 1)
      #expect(RunLengths(inside: mask.polygons, in: shape) == mask)
      let enclosed = try mask.polygons.enclosedArea()
      #expect(enclosed == Double(mask.area))
      for line in mask.polygons {
        #expect(line.count >= 4 && line.count.isMultiple(of: 2))
        for (first, second) in zip(line, line.dropFirst() + line.prefix(1)) {
          #expect((first.x == second.x) != (first.y == second.y), "borders turn at each corner")
        }
      }
    }
  }

  @Test func bordersOfHolesRunTheOtherWay() throws {
    let pixels: [UInt8] = [
      1, 1, 1, 0,
      1, 0, 1, 0,
      1, 1, 1, 1,
    ]
    let mask = try RunLengths(Picture.of(ImageShape(width: 4, height: 3, channels: 1), pixels))
    func twiceArea(_ line: [Vertex]) -> Double {
      zip(line, line.dropFirst() + line.prefix(1)).reduce(0) { $0 + $1.0.x * $1.1.y - $1.1.x * $1.0.y }
    }
    #expect(mask.polygons.map(twiceArea) == [20, -2])
  }

  @Test func pixelsThatTouchAtACornerAreApart() throws {
    let mask = try RunLengths(Picture.of(ImageShape(width: 2, height: 2, channels: 1), [1, 0, 0, 1]))
    #expect(mask.polygons.count == 2)
  }

  /// Each edge is looked at only in the rows that it spans, so that this ends.
  @Test func aPolygonOfManyCornersIsFilled() {
    let count = 100_000
    let corners = (0..<count).map { corner -> Vertex in
      let angle = 2 * Double.pi * Double(corner) / Double(count)
      let radius = corner.isMultiple(of: 2) ? 480.0 : 470
      return Vertex(500 + radius * sine(angle + .pi / 2), 500 + radius * sine(angle))
    }
    let area = PixelArea(inside: [corners], in: ImageShape(width: 1000, height: 1000, channels: 1))
    #expect(abs(Double(area.pixelCount) / (Double.pi * 475 * 475) - 1) < 0.01)
  }
}
