import CImaging
import Imaging
import Testing

/// Behaviour of single transforms beyond the reference values.
struct TransformBehaviorTests {
  private let color = ImageShape(width: 37, height: 23, channels: 3)
  private let grey = ImageShape(width: 37, height: 23, channels: 1)

  private func stream(_ seed: UInt64 = 1) -> RandomStream { RandomStream(state: (seed, 2, 3, 4)) }

  // MARK: Geometry

  @Test func mirroringTwiceIsNothing() throws {
    for shape in [color, grey, ImageShape(width: 6, height: 1, channels: 3)] {
      let source = Picture.noise(shape)
      let once = try HorizontalFlip().applied(.init(), to: source)
      #expect(once[row: 0, column: 0] == source[row: 0, column: shape.width - 1])
      #expect(try HorizontalFlip().applied(.init(), to: once).bytes == source.bytes)
      #expect(
        try VerticalFlip().applied(.init(), to: VerticalFlip().applied(.init(), to: source)).bytes == source.bytes)
    }
  }

  @Test func aQuarterTurnThreeTimesMoreIsNothing() throws {
    let source = Picture.noise(color)
    for quarters in 0..<4 {
      let turned = try RandomRotate90().applied(.init(quarters: quarters), to: source)
      let back = try RandomRotate90().applied(.init(quarters: (4 - quarters) % 4), to: turned)
      #expect(back.shape == source.shape && back.bytes == source.bytes)
    }
    let once = try RandomRotate90().applied(.init(quarters: 1), to: source)
    #expect(once[row: 36, column: 0] == source[row: 0, column: 0])
  }

  @Test func everyQuarterAndEveryOrderIsDrawnAsOften() {
    var random = stream()
    var (quarters, orders): ([Int: Int], [[Int]: Int]) = ([:], [:])
    for _ in 0..<12_000 {
      quarters[RandomRotate90().sample(for: color, using: &random).quarters, default: 0] += 1
      orders[ChannelShuffle().sample(for: color, using: &random).order, default: 0] += 1
    }
    #expect(quarters.count == 4 && quarters.values.allSatisfy { abs($0 - 3000) < 250 })
    #expect(orders.count == 6 && orders.values.allSatisfy { abs($0 - 2000) < 220 })
  }

  @Test func anAxisShorterThanTheGridStays() {
    #expect(GridDistortion().coordinates([1.1, 0.9, 1, 1, 1, 1], length: 4) == [0, 1, 2, 3])
  }

  @Test func stretchesThatVanishLeaveNumbers() {
    #expect(GridDistortion().coordinates([0, 0, 0, 0, 0, 0], length: 30).allSatisfy { $0 == 0 })
  }

  @Test func aFittedViewIsAtMostThreeTimesAsLarge() {
    var transform = Perspective()
    (transform.scale, transform.keepSize, transform.fitOutput) = (0.3...1, false, true)
    var (random, largest) = (stream(), 0)
    for _ in 0..<2000 {
      let output = transform.outputShape(transform.sample(for: color, using: &random), for: color)
      #expect(output.width >= 1 && output.width <= 111 && output.height >= 1 && output.height <= 69)
      largest = max(largest, output.width)
    }
    #expect(largest == 111, "and some reach that")
  }

  @Test func cornersAreDrawnInsideTheirQuarters() {
    var transform = Perspective()
    transform.scale = 0...10
    var random = stream()
    for _ in 0..<500 {
      let corners = transform.sample(for: color, using: &random).corners
      #expect(corners.map { $0.x < 18.5 } == [true, false, false, true])
      #expect(corners.map { $0.y < 11.5 } == [true, true, false, false])
    }
  }

  // MARK: Colour

  @Test func shiftsOfZeroAreNothing() throws {
    let source = Picture.noise(color)
    #expect(
      try HueSaturationValue().applied(.init(hue: 0, saturation: 0, value: 0), to: source).bytes == source.bytes)
    #expect(
      try RandomBrightnessContrast().applied(.init(contrast: 1, brightness: 0), to: source).bytes == source.bytes)
    #expect(try ChannelShuffle().applied(.init(order: [0, 1, 2]), to: source).bytes == source.bytes)
    #expect(try GaussianBlur().applied(.init(sigma: 0), to: source).bytes == source.bytes)
    #expect(try Sharpen().applied(.init(alpha: 0, lightness: 1), to: source).bytes == source.bytes)
    #expect(try ISONoise().applied(.init(seed: 1, colorShift: 0, intensity: 0), to: source).bytes == source.bytes)
  }

  @Test func greyPixelsOfAColourImageStayGrey() throws {
    let source = Picture.of(
      ImageShape(width: 256, height: 1, channels: 3), (0..<256).flatMap { Array(repeating: UInt8($0), count: 3) })
    let result = try HueSaturationValue().applied(.init(hue: 40, saturation: 100, value: 0), to: source)
    #expect(result.bytes == source.bytes)
  }

  @Test func ofAGreyImageOnlyTheValueShifts() throws {
    let source = Picture.noise(grey)
    let result = try HueSaturationValue().applied(.init(hue: 40, saturation: 100, value: -12.9), to: source)
    #expect(result.bytes == source.bytes.map { UInt8(clamping: Int($0) - 12) })
  }

  @Test func brightnessMayFollowTheMean() throws {
    var transform = RandomBrightnessContrast()
    transform.brightnessByMax = false
    let result = try transform.applied(.init(contrast: 1, brightness: 0.5), to: Picture.flat(color, 100))
    #expect(result.bytes.allSatisfy { $0 == 150 })
  }

  @Test func aSafeRangeIsNotLeft() throws {
    var transform = RandomBrightnessContrast()
    transform.ensureSafeRange = true
    let ramp = Picture.of(ImageShape(width: 256, height: 1, channels: 1), (0..<256).map { UInt8($0) })
    let result = try transform.applied(.init(contrast: 1.2, brightness: 0.2), to: ramp).bytes
    #expect(result[0] == 51 && result[255] >= 254 && Set(result).count > 180)
  }

  // MARK: Filters

  @Test func flatImagesStayFlatUnderBlurs() throws {
    let source = Picture.flat(color, 93)
    var random = stream()
    #expect(try GaussianBlur().applied(to: source, using: &random).bytes == source.bytes)
    #expect(try MotionBlur().applied(to: source, using: &random).bytes == source.bytes)
  }

  @Test func aWideGaussianKeepsTheBrightness() throws {
    let result = try GaussianBlur().applied(.init(sigma: 200), to: Picture.flat(color, 200))
    #expect(result.bytes.allSatisfy { $0 == 200 })
  }

  @Test func sharpeningByTheGaussianDoesNotWrapAround() throws {
    // A step from 100 to 110: on the dark side the details are negative and must darken.
    var transform = Sharpen()
    transform.method = .gaussian
    let step = Picture.of(ImageShape(width: 8, height: 1, channels: 1), [100, 100, 100, 100, 110, 110, 110, 110])
    let result = try transform.applied(.init(alpha: 1, lightness: 1), to: step).bytes
    #expect(result[3] < 100 && result[3] > 90 && result[4] > 110 && result[4] < 120)
  }

  @Test func aLineOfMotionTouchesTheNamedCells() throws {
    let point = Picture.of(
      ImageShape(width: 9, height: 9, channels: 1), (0..<81).map { $0 == 40 ? 210 : 0 })
    let result = try MotionBlur().applied(.init(size: 7, angle: 0, direction: 0), to: point).bytes
    let touched = result.enumerated().filter { $0.element > 0 }
    #expect(touched.map(\.offset) == [37, 38, 39, 40, 41, 42, 43])
    #expect(touched.allSatisfy { $0.element == 30 })
  }

  @Test func sizesOfMotionAreOdd() {
    var transform = MotionBlur()
    transform.blurLimit = 4...8
    var (random, sizes) = (stream(), Set<Int>())
    for _ in 0..<500 { sizes.insert(transform.sample(for: color, using: &random).size) }
    #expect(sizes == [5, 7, 9])
  }
}
