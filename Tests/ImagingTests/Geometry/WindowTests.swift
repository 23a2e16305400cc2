import Imaging
import Testing

/// Crops and padding.
struct WindowTests {
  /// 1 2 3 over 4 5 6.
  private func source() -> PixelBuffer {
    Picture.of(ImageShape(width: 3, height: 2, channels: 1), [1, 2, 3, 4, 5, 6])
  }

  private func rows(_ window: Rectangle, _ border: Resampling.Border) throws -> [[UInt8]] {
    var resampling = Resampling()
    (resampling.border, resampling.fill) = (border, [9])
    let result = try Operation.geometry(.window(window), resampling).applied(to: source())
    return (0..<window.height).map { y in (0..<window.width).flatMap { result[row: y, column: $0] } }
  }

  @Test func aWindowInsideIsACrop() throws {
    #expect(try rows(Rectangle(x: 1, y: 1, width: 2, height: 1), .constant) == [[5, 6]])
    #expect(try rows(Rectangle(x: 0, y: 0, width: 3, height: 2), .wrap) == [[1, 2, 3], [4, 5, 6]])
  }

  /// OpenCV's `copyMakeBorder` of the same image, by four columns on each side.
  @Test(
    arguments: [
      (Resampling.Border.constant, [9, 9, 9, 9, 1, 2, 3, 9, 9, 9, 9]), (.replicate, [1, 1, 1, 1, 1, 2, 3, 3, 3, 3, 3]),
      (.reflect, [3, 3, 2, 1, 1, 2, 3, 3, 2, 1, 1]), (.wrap, [3, 1, 2, 3, 1, 2, 3, 1, 2, 3, 1]),
      (.reflect101, [1, 2, 3, 2, 1, 2, 3, 2, 1, 2, 3]),
    ] as [(Resampling.Border, [UInt8])])
  func beyondTheEdgeLiesTheBorder(border: Resampling.Border, expected: [UInt8]) throws {
    #expect(try rows(Rectangle(x: -4, y: 0, width: 11, height: 1), border) == [expected])
  }

  @Test func rowsBeyondTheEdgeAreThoseOfTheBorderToo() throws {
    #expect(
      try rows(Rectangle(x: 0, y: -1, width: 3, height: 4), .reflect101) == [
        [4, 5, 6], [1, 2, 3], [4, 5, 6], [1, 2, 3],
      ])
    #expect(try rows(Rectangle(x: -1, y: 1, width: 2, height: 2), .constant) == [[9, 4], [9, 9]])
  }

  @Test func farAwayThereIsButBorder() throws {
    #expect(try rows(Rectangle(x: 50, y: -70, width: 2, height: 1), .constant) == [[9, 9]])
    #expect(try rows(Rectangle(x: 50, y: -70, width: 2, height: 1), .replicate) == [[3, 3]])
  }

  @Test func everyChannelHasItsOwnFill() throws {
    var resampling = Resampling()
    resampling.fill = [200, 100.5, 300]
    let pixel = Picture.of(ImageShape(width: 1, height: 1, channels: 3), [1, 2, 3])
    let window = Geometry.window(Rectangle(x: 0, y: 0, width: 2, height: 1))
    #expect(try Operation.geometry(window, resampling).applied(to: pixel).bytes == [1, 2, 3, 200, 100, 255])
  }
}
