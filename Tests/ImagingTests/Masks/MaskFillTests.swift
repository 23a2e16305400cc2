import Imaging
import Testing

/// What lies beyond the border of a mask, and between its pixels.
struct MaskFillTests {
  /// A mask of one pixel with a margin of one.
  private static func padded(
    _ kind: MaskKind, fill: [Double], border: Resampling.Border = .constant
  ) throws -> MaskContent {
    let mask = try Masks.decoded(kind.file(width: 1, height: 1).bytes)
    var resampling = Resampling()
    (resampling.border, resampling.fill, resampling.maskFill) = (border, [99, 98, 97], fill)
    let window = Rectangle(x: -1, y: -1, width: 3, height: 3)
    return MaskContent(try Masks.moved(mask, by: [.geometry(.window(window), resampling)]))
  }

  @Test(arguments: [
    (MaskKind(colorType: .grey, bitDepth: 8), [200], [200]), (.init(colorType: .grey, bitDepth: 8), [3, 4, 5], [3]),
    (.init(colorType: .grey, bitDepth: 8), [2.5], [2]), (.init(colorType: .grey, bitDepth: 16), [200], [200]),
    // As large as the bits allow, as in OpenCV: white stays white.
    (.init(colorType: .grey, bitDepth: 1), [255], [1]), (.init(colorType: .grey, bitDepth: 4), [16], [15]),
    (.init(colorType: .palette, bitDepth: 2), [2], [2]), (.init(colorType: .palette, bitDepth: 4), [255], [15]),
    (.init(colorType: .rgb, bitDepth: 8), [7], [7, 7, 7]),
    (.init(colorType: .rgb, bitDepth: 8), [1, 2, 3], [1, 2, 3]),
    (.init(colorType: .rgba, bitDepth: 8), [0], [0, 0, 0, 0]),
    (.init(colorType: .rgba, bitDepth: 8), [1, 2, 3], [1, 2, 3, 255]),
    (.init(colorType: .greyAlpha, bitDepth: 16), [9, 9, 9], [9, 65535]),
    (.init(colorType: .rgba, bitDepth: 16), [255], [255, 255, 255, 255]),
  ])
  func beyondAConstantBorderLiesTheFillOfMasks(kind: MaskKind, fill: [Double], expected: [Int]) throws {
    let content = try Self.padded(kind, fill: fill)
    let pixel = kind.values(width: 1, height: 1)
    let margin = Array(repeating: expected, count: 4).flatMap { $0 }
    #expect(content.values == margin + pixel + margin)
  }

  @Test(arguments: Resampling.Border.allCases.filter { $0 != .constant })
  func anyOtherBorderRepeatsValuesOfTheMask(border: Resampling.Border) throws {
    let content = try Self.padded(MaskKind(colorType: .rgba, bitDepth: 16), fill: [255], border: border)
    let pixel = MaskKind(colorType: .rgba, bitDepth: 16).values(width: 1, height: 1)
    #expect(content.values == Array(repeating: pixel, count: 9).flatMap { $0 })
  }

  @Test func aFillWithoutAColourIsWrittenBlack() throws {
    let file = PNGFile(
      width: 1, height: 1, colorType: .palette, bitDepth: 8, chunks: [("PLTE", [50, 60, 70])], samples: [0])
    var resampling = Resampling()
    resampling.maskFill = [255]
    let window = Imaging.Operation.geometry(.window(Rectangle(x: 0, y: 0, width: 2, height: 1)), resampling)
    let moved = try Masks.moved(try Masks.decoded(file.bytes), by: [window])
    let content = MaskContent(try Masks.decoded(try Masks.encoded(moved)))
    #expect(content.values == [0, 255])
    #expect(content.layout.palette?.colors == [50, 60, 70] + [UInt8](repeating: 0, count: 3 * 255))
  }

  /// A turn by 45 degrees, so that nearly every pixel lies between others.
  private static func turned(_ mask: borrowing MaskImage, _ interpolation: Resampling.Interpolation) throws -> Set<Int>
  {
    var affine = Affine()
    affine.resampling.maskInterpolation = interpolation
    let shape = ImageShape(width: mask.size.width, height: mask.size.height, channels: 3)
    let operation = affine.operation(Affine.Drawn(rotation: 45), for: shape)
    return Set(MaskContent(try Masks.moved(mask, by: [operation])).values)
  }

  @Test func onlyGreyOfEightBitsIsInterpolatedAndOnlyWhereAPipelineSaysSo() throws {
    let samples = (0..<31 * 31).map { $0 % 3 == 0 ? 200 : 0 }
    for (colorType, bitDepth) in [(PNGFile.ColorType.grey, 8), (.grey, 16), (.palette, 8)] {
      let file = PNGFile(
        width: 31, height: 31, colorType: colorType, bitDepth: bitDepth,
        chunks: colorType == .palette ? [("PLTE", [UInt8](repeating: 1, count: 768))] : [], samples: samples)
      let mask = try Masks.decoded(file.bytes)
      #expect(try Self.turned(mask, .nearest) == [0, 200])
      let isMixed = colorType == .grey && bitDepth == 8
      #expect(try Self.turned(mask, .linear).isSubset(of: [0, 200]) == !isMixed, "\(colorType) \(bitDepth)")
    }
  }
}
