import Imaging
import TestSupport
import Testing

struct PixelAreaTests {
  private static let shape = ImageShape(width: 40, height: 30, channels: 3)

  private func pixels(_ area: PixelArea) -> Set<[Int]> {
    var pixels: Set<[Int]> = []
    for run in area.runs {
      for x in run.columns { #expect(pixels.insert([x, run.row]).inserted, "each pixel is in one run") }
    }
    return pixels
  }

  /// The pixels for whose centres `isInside` holds.
  private func pixels(where isInside: (Vertex) -> Bool) -> Set<[Int]> {
    var pixels: Set<[Int]> = []
    for y in 0..<Self.shape.height {
      for x in 0..<Self.shape.width where isInside(Vertex(Double(x) + 0.5, Double(y) + 0.5)) { pixels.insert([x, y]) }
    }
    return pixels
  }

  private func rectangle(_ x: Range<Int>, _ y: Range<Int>) -> Set<[Int]> {
    Set(x.flatMap { x in y.map { [x, $0] } })
  }

  @Test func aBoxCoversWhatItTouches() {
    let boxes: [(Box, Set<[Int]>)] = [
      (Box(Vertex(2, 3), Vertex(5, 7)), rectangle(2..<5, 3..<7)),
      (Box(Vertex(2.9, 3.9), Vertex(5.1, 7.1)), rectangle(2..<6, 3..<8)),
      (Box(Vertex(2.5, 3), Vertex(2.5, 3)), rectangle(2..<3, 3..<4)),
      (Box(Vertex(-9, -1e6), Vertex(1, 1e6)), rectangle(0..<1, 0..<30)),
      (Box(Vertex(39.5, 29.5), Vertex(80, 80)), rectangle(39..<40, 29..<30)),
      (Box(Vertex(40, 0), Vertex(50, 10)), []), (Box(Vertex(-5, -5), Vertex(0, 0)), []),
    ]
    for (box, expected) in boxes { #expect(pixels(PixelArea(covering: box, in: Self.shape)) == expected, "\(box)") }
  }

  @Test func anEllipseHoldsTheCentresInIt() {
    var random = SeededGenerator(seed: 1)
    for _ in 0..<200 {
      let corner = Vertex(Double.random(in: -20...35, using: &random), Double.random(in: -20...25, using: &random))
      let size = Vertex(Double.random(in: 0.1...40, using: &random), Double.random(in: 0.1...40, using: &random))
      let box = Box(corner, corner + size)
      let expected = pixels { point in
        let part = (point - box.center) / (size / 2)
        return (part * part).sum() < 1
      }
      #expect(pixels(PixelArea(ellipseIn: box, in: Self.shape)) == expected, "\(box)")
    }
  }

  /// Counts the edges to the left of each centre, for polygons that may cross themselves.
  @Test func polygonsHoldTheCentresThatAnOddNumberEncloses() {
    var random = SeededGenerator(seed: 2)
    for _ in 0..<300 {
      let polygons = (0..<Int.random(in: 1...3, using: &random)).map { _ in
        (0..<Int.random(in: 3...9, using: &random)).map { _ in
          Vertex(Double.random(in: -10...50, using: &random), Double.random(in: -10...40, using: &random))
        }
      }
      let expected = pixels { point in
        var isInside = false
        for corners in polygons {
          for (first, second) in zip(corners, corners.dropFirst() + corners.prefix(1)) {
            let share = (point.y - first.y) / (second.y - first.y)
            if (0..<1).contains(share), first.x + share * (second.x - first.x) < point.x { isInside.toggle() }
          }
        }
        return isInside
      }
      #expect(pixels(PixelArea(inside: polygons, in: Self.shape)) == expected, "\(polygons)")
    }
  }

  @Test func aPolygonOnTheEdgesOfPixelsIsThatRectangle() {
    let corners = [Vertex(3, 4), Vertex(9, 4), Vertex(9, 6), Vertex(3, 6)]
    for polygon in [corners, corners.reversed()] {
      let area = PixelArea(inside: [polygon], in: Self.shape)
      #expect(pixels(area) == rectangle(3..<9, 4..<6))
      #expect(area.bounds == Rectangle(x: 3, y: 4, width: 6, height: 2))
    }
  }

  /// Corners and edges lie on the centres of pixels, where a pixel could be counted twice or not at all.
  @Test func trianglesOfAFanShareNoPixelAndLeaveNone() {
    let corners = [
      Vertex(0.5, 0.5), Vertex(20.5, 0.5), Vertex(39.5, 10.5), Vertex(30.5, 29.5), Vertex(10.5, 29.5),
      Vertex(0.5, 15.5),
    ]
    let center = Vertex(18.5, 14.5)
    var sum: Set<[Int]> = []
    for (first, second) in zip(corners, corners.dropFirst() + corners.prefix(1)) {
      let triangle = pixels(PixelArea(inside: [[first, second, center]], in: Self.shape))
      #expect(sum.isDisjoint(with: triangle))
      sum.formUnion(triangle)
    }
    #expect(sum == pixels(PixelArea(inside: [corners], in: Self.shape)))
  }

  @Test func nothingIsNoPixel() {
    let line = [Vertex(1, 1), Vertex(5, 1), Vertex(3, 1)]
    for polygons in [[], [[]], [[Vertex(1, 1)]], [line]] as [[[Vertex]]] {
      let area = PixelArea(inside: polygons, in: Self.shape)
      #expect(area.runs.isEmpty && area.bounds.width == 0)
    }
  }
}
