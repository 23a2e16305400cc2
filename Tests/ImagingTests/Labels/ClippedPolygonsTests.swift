import Imaging
import TestSupport
import Testing

/// Clipping and measuring polygons.
struct ClippedPolygonsTests {
  private static let frame = Box(.zero, Vertex(40, 30))
  private static let shape = ImageShape(width: 40, height: 30, channels: 1)

  private func square(_ start: Double, _ end: Double) -> [Vertex] {
    Box(Vertex(start, start), Vertex(end, end)).corners
  }

  @Test func whatAnOddNumberEnclosesCounts() throws {
    let nested = try ClippedPolygons([square(2, 20), square(5, 10), square(6, 8)], to: Self.frame)
    #expect(nested.area == 324 - 25 + 4 && nested.wholeArea == nested.area)
    #expect(nested.lines.count == 3)
    let twice = try ClippedPolygons([square(2, 20), square(2, 20)], to: Self.frame)
    #expect(twice.area == 0 && twice.lines.isEmpty)
    let bow = try ClippedPolygons([[Vertex(0, 0), Vertex(10, 10), Vertex(10, 0), Vertex(0, 10)]], to: Self.frame)
    #expect(bow.area == 50)
  }

  @Test func partsBeyondTheFrameAreCutOff() throws {
    let clipped = try ClippedPolygons([square(-10, 10)], to: Self.frame)
    #expect(clipped.area == 100 && clipped.wholeArea == 400)
    #expect(Box(around: clipped.lines.joined()) == Box(.zero, Vertex(10, 10)))
    // A horseshoe whose bend lies outside leaves two parts, without a seam between them.
    let shoe = [
      Vertex(5, 5), Vertex(15, 5), Vertex(15, -5), Vertex(25, -5), Vertex(25, 5), Vertex(35, 5), Vertex(35, -20),
      Vertex(5, -20),
    ]
    #expect(try ClippedPolygons([shoe], to: Self.frame).lines.count == 2)
  }

  @Test func linesAndPointsEncloseNothing() throws {
    for polygons in [
      [], [[]], [[Vertex(3, 3)]], [[Vertex(3, 3), Vertex(8, 9)]], [[Vertex(1, 1), Vertex(9, 1), Vertex(5, 1)]],
    ]
      as [[[Vertex]]]
    {
      let clipped = try ClippedPolygons(polygons, to: Self.frame)
      #expect(clipped.lines.isEmpty && clipped.area == 0 && clipped.wholeArea == 0)
    }
  }

  @Test func whatIsTooFarAwayIsAnError() {
    for value in [Double.nan, .infinity, 1.1e9, -1e300] {
      #expect(throws: ImagingError.self) {
        try ClippedPolygons([[Vertex(value, 0), Vertex(1, 1), Vertex(0, 1)]], to: Self.frame)
      }
    }
  }

  /// Random polygons cross themselves; the part that is left covers the same pixels.
  @Test func theClippedPartCoversTheSamePixels() throws {
    var random = SeededGenerator(seed: 12)
    for corners in [3, 5, 9, 30] {
      for _ in 0..<60 {
        let polygons = (0..<Int.random(in: 1...3, using: &random)).map { _ in
          (0..<corners).map { _ in
            Vertex(Double.random(in: -30...70, using: &random), Double.random(in: -30...60, using: &random))
          }
        }
        let clipped = try ClippedPolygons(polygons, to: Self.frame)
        let (before, after) = (
          RunLengths(inside: polygons, in: Self.shape), RunLengths(inside: clipped.lines, in: Self.shape)
        )
        #expect(before == after)
        #expect(clipped.lines.joined().allSatisfy(Self.frame.contains))
        #expect(clipped.area <= clipped.wholeArea + 1e-6)
      }
    }
  }

  /// Of polygons that cross themselves a million times nobody waits for the crossings.
  @Test func tangledPolygonsAreCutSideBySide() throws {
    var random = SeededGenerator(seed: 13)
    let tangle = (0..<20_000).map { _ in
      Vertex(Double.random(in: -30...70, using: &random), Double.random(in: -30...60, using: &random))
    }
    let clipped = try ClippedPolygons([tangle], to: Self.frame)
    #expect(RunLengths(inside: clipped.lines, in: Self.shape) == RunLengths(inside: [tangle], in: Self.shape))
    #expect(clipped.lines.joined().allSatisfy(Self.frame.contains))
    #expect(clipped.area > 0 && clipped.area < clipped.wholeArea)
  }
}
