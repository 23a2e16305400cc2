import Imaging
import Testing

/// Only a tie is accepted as one.
struct WholeKernelTests {
  private func ranges(_ weights: [Float], _ bytes: [UInt8]) throws -> [ClosedRange<UInt8>] {
    let row = Picture.of(ImageShape(width: bytes.count, height: 1, channels: 1), bytes)
    return try #require(WholeKernel(weights)).nearestBytes(row).ranges
  }

  @Test func twoBytesAreNearestWhereTheExactValueIsHalfway() throws {
    // The mean of each byte and the next; after the last byte comes the one before it.
    let pair: [Float] = [0, 0, 0, 0, 0.5, 0.5, 0, 0, 0]
    #expect(try ranges(pair, [10, 13, 15, 255, 254]) == [11...12, 14...14, 135...135, 254...255, 254...255])
  }

  @Test func weightsOfBothSignsHaveTies() throws {
    // The weights sum to 0.9.
    let sharp: [Float] = [-0.4, -0.4, -0.4, -0.4, 4.1, -0.4, -0.4, -0.4, -0.4]
    #expect(try ranges(sharp, [5, 5, 5]) == [4...5, 4...5, 4...5])
    #expect(try ranges(sharp, [6, 6, 6]) == [5...5, 5...5, 5...5])
  }

  @Test func outsideTheRangeOfBytesNothingIsATie() throws {
    #expect(try ranges([-0.5], [0, 1, 3]) == [0...0, 0...0, 0...0])
    #expect(try ranges([1.5], [1, 169, 171]) == [1...2, 253...254, 255...255])
  }

  @Test func weightsThatNoDivisorMakesWholeAreRefused() {
    #expect(WholeKernel([0, 0, 0, 0.1065, 0.7869861, 0.1065139, 0, 0, 0]) == nil)
    #expect(WholeKernel([]) == nil)
  }

  @Test func whatIsWrongStaysWrong() {
    let nearest = NearestBytes([20...20, 7...8, 7...8, 7...8, 7...8, 7...8])
    #expect(nearest.settling([21, 7, 8, 9, 6, 7], as: [20, 8, 7, 8, 7, 6]) == [21, 8, 7, 9, 6, 7])
  }

  @Test func motionGivesTheNearestBytesUpToTheEdge() throws {
    let drawn = MotionBlur.Drawn(size: 31, angle: 0, direction: 0, shiftX: 0.4)
    let line = (0..<31 * 31).map { $0 / 31 == 15 && $0 % 31 >= 3 ? Float(1) / 28 : 0 }
    for channels in [1, 3] {
      let source = Picture.noise(ImageShape(width: 40, height: 30, channels: channels))
      let ranges = try #require(WholeKernel(line)).nearestBytes(source).ranges
      let bytes = try MotionBlur().applied(drawn, to: source).bytes
      #expect(zip(ranges, bytes).allSatisfy { $0.contains($1) })
      #expect(ranges.contains { $0.count == 2 })
    }
  }
}
