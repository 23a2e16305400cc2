import Imaging
import TestSupport
import Testing

struct ResampleTests {
  static let shapes: [ImageShape] = [(1, 1), (1, 9), (7, 1), (2, 2), (5, 3), (13, 29), (64, 48), (131, 67)].flatMap {
    width, height in [1, 3].map { ImageShape(width: width, height: height, channels: $0) }
  }

  private static let sizes = [(1, 1), (3, 40), (17, 2), (64, 48), (200, 131)]

  private static let ways: [Resample] = ResampleFilter.allCases.flatMap { filter in
    [ResampleLight.encoded, .linear].map { light in
      var how = Resample()
      (how.filter, how.light) = (filter, light)
      return how
    }
  }

  private static func resampled(
    _ source: borrowing PixelBuffer, width: Int, height: Int, _ how: Resample
  ) throws -> [UInt8] {
    var result = PixelBuffer()
    try result.resample(source, width: width, height: height, how)
    return result.bytes
  }

  @Test func theSameSizeChangesNothing() throws {
    for how in Self.ways {
      for shape in Self.shapes {
        let source = Picture.noise(shape)
        let result = try Self.resampled(source, width: shape.width, height: shape.height, how)
        #expect(result == source.bytes, "\(how) \(shape)")
      }
    }
  }

  @Test func aFlatImageStaysFlat() throws {
    for how in Self.ways {
      for (width, height) in Self.sizes {
        for level in [0, 1, 127, 254, 255] as [UInt8] {
          let source = Picture.flat(ImageShape(width: 37, height: 91, channels: 3), level)
          let result = try Self.resampled(source, width: width, height: height, how)
          #expect(result.allSatisfy { $0 == level }, "\(how) \(width) x \(height), \(level)")
        }
      }
    }
  }

  @Test func theMeanOfAnAreaIsExact() throws {
    var how = Resample()
    how.filter = .area
    let source = Picture.of(ImageShape(width: 4, height: 2, channels: 1), [0, 10, 100, 120, 20, 30, 140, 160])
    #expect(try Self.resampled(source, width: 2, height: 1, how) == [15, 130])
  }

  @Test func aPartIsResampledAsIfItWereCutOut() throws {
    var how = Resample()
    how.filter = .area
    let source = Picture.noise(ImageShape(width: 40, height: 30, channels: 3))
    let rows = (4..<16).flatMap { y in (8..<24).flatMap { source[row: y, column: $0] } }
    let cut = Picture.of(ImageShape(width: 16, height: 12, channels: 3), rows)
    let expected = try Self.resampled(cut, width: 8, height: 6, how)
    how.part = ImagePart(x: 8, y: 4, width: 16, height: 12)
    #expect(try Self.resampled(source, width: 8, height: 6, how) == expected)
  }

  @Test func lightIsAveragedWhereAskedFor() throws {
    let source = Picture.of(ImageShape(width: 2, height: 2, channels: 1), [0, 255, 255, 0])
    var how = Resample()
    how.filter = .area
    #expect(try Self.resampled(source, width: 1, height: 1, how) == [128])
    how.light = .linear
    // Half the light of white is level 188 in sRGB.
    #expect(try Self.resampled(source, width: 1, height: 1, how) == [188])
  }

  @Test(arguments: [ResampleLight.encoded, .linear]) func transparentColoursDoNotShow(light: ResampleLight) throws {
    var source = Image(
      color: Picture.of(ImageShape(width: 4, height: 1, channels: 3), [255, 0, 0, 255, 0, 0, 0, 0, 200, 0, 0, 200]))
    source.alpha = Picture.of(ImageShape(width: 4, height: 1, channels: 1), [0, 0, 255, 255])
    var how = Resample()
    var result = Image()
    (how.filter, how.light) = (.area, light)
    try result.resample(source, width: 1, height: 1, how)
    #expect(result.color.bytes == [0, 0, 200] && Self.alpha(result) == [128])
    try result.resample(source, width: 2, height: 1, how)
    #expect(result.color.bytes == [0, 0, 0, 0, 0, 200] && Self.alpha(result) == [0, 255])
  }

  @Test func opaqueImagesAreResampledAsWithoutAlpha() throws {
    for shape in Self.shapes {
      var source = Image(color: Picture.noise(shape))
      source.alpha = Picture.flat(ImageShape(width: shape.width, height: shape.height, channels: 1), 255)
      for how in Self.ways {
        var result = Image()
        try result.resample(source, width: 19, height: 23, how)
        let plain = try Self.resampled(source.color, width: 19, height: 23, how)
        #expect(Self.alpha(result).allSatisfy { $0 == 255 })
        // Numbers of 15 bits are rounded between the passes, and bytes elsewhere.
        #expect(Difference(result.color.bytes, plain).largest <= 2, "\(how) \(shape)")
      }
    }
  }

  /// They would take gigabytes of taps and rows. No pixel is read, so the source takes no memory either.
  @Test(arguments: [ImageSize(width: 100_000_000, height: 1), ImageSize(width: 1, height: 100_000_000)])
  func extremeProportionsAreRefused(size: ImageSize) {
    #expect(throws: ImagingError.self) {
      let source = PixelBuffer(ImageShape(width: size.width, height: size.height, channels: 1))
      return try Self.resampled(source, width: 128, height: 128, Resample())
    }
    #expect(throws: ImagingError.self) {
      let source = Picture.noise(ImageShape(width: 2, height: 100, channels: 1))
      var result = PixelBuffer()
      try result.resample(source, width: size.width, height: size.height)
    }
  }

  private static func alpha(_ image: borrowing Image) -> [UInt8] {
    switch image.alpha {
    case .some(let plane): plane.bytes
    case .none: []
    }
  }
}

/// Every width and height from 1 to 40 to every other, source and destination touching a protected page.
struct ResampleBoundsTests {
  @Test(arguments: [1, 3], ResampleFilter.allCases)
  func nothingOutsideIsTouched(channels: Int, filter: ResampleFilter) throws {
    var how = Resample()
    how.filter = filter
    for from in 1...40 {
      let shape = ImageShape(width: from, height: from * 7 % 40 + 1, channels: channels)
      let noise = Picture.noise(shape)
      for to in 1...40 {
        let result = ImageShape(width: to, height: to * 11 % 40 + 1, channels: channels)
        let results = try [false, true].map { try Self.guarded(noise, result, how, atEnd: $0) }
        #expect(results[0] == results[1], "\(shape) to \(result)")
      }
    }
  }

  /// The result, in memory that was filled with 0 or 255 before.
  private static func guarded(
    _ pixels: borrowing PixelBuffer, _ result: ImageShape, _ how: Resample, atEnd: Bool
  ) throws -> [UInt8] {
    let (input, output) = (
      GuardedMemory(byteCount: pixels.shape.byteCount), GuardedMemory(byteCount: result.byteCount)
    )
    var source = unsafe PixelBuffer(borrowing: input.bytes(atEnd: atEnd), shape: pixels.shape)
    try source.copy(from: pixels)
    var destination = unsafe PixelBuffer(borrowing: output.bytes(atEnd: atEnd), shape: result)
    destination.set(repeatElement(atEnd ? 255 : 0, count: result.byteCount))
    try destination.resample(source, width: result.width, height: result.height, how)
    let bytes = destination.bytes
    withExtendedLifetime((input, output)) {}
    return bytes
  }
}

/// In the suite of all that sets limits, which runs one test at a time.
extension InstructionSetTests {
  @Test(arguments: ImagingRuntime.InstructionSet.allCases.filter { $0 != .best })
  func resampledBytesAreThoseOfTheBestInstructionSet(limit: ImagingRuntime.InstructionSet) throws {
    guard limit.isBelowBest else {
      try Test.cancel("\(limit) is not below the best of this machine, \(ImagingRuntime.InstructionSet.ofMachine)")
    }
    let best = try resampled()
    ImagingRuntime.limitInstructions(to: limit)
    defer { ImagingRuntime.limitInstructions(to: .best) }
    for (one, other) in zip(try resampled(), best) { #expect(one == other) }
  }

  private func resampled() throws -> [[UInt8]] {
    var results: [[UInt8]] = []
    for filter in ResampleFilter.allCases {
      for light in [ResampleLight.encoded, .linear] {
        for shape in ResampleTests.shapes {
          var how = Resample()
          var result = PixelBuffer()
          (how.filter, how.light) = (filter, light)
          try result.resample(Picture.noise(shape), width: 33, height: 21, how)
          results.append(result.bytes)
        }
      }
    }
    return results
  }
}
