import Imaging
import Testing

/// Properties of every transform, for any draw and any shape.
struct TransformPropertyTests {
  static let shapes: [ImageShape] = [(1, 1), (1, 9), (7, 1), (2, 2), (5, 3), (13, 29), (64, 48), (131, 67)].flatMap {
    [ImageShape(width: $0.0, height: $0.1, channels: 1), ImageShape(width: $0.0, height: $0.1, channels: 3)]
  }

  private static func stream(_ number: Int) -> RandomStream {
    StreamKey(seed: 11, path: "property", copy: number).stream(node: 0)
  }

  /// Calls `body` for every variant that is applicable to the shape.
  private func forEach(_ body: (any Transform, ImageShape, Int) throws -> Void) rethrows {
    for transform in Variants.all {
      for shape in Self.shapes where transform.reasonToSkip(shape) == nil {
        for number in 0..<3 { try body(transform, shape, number) }
      }
    }
  }

  @Test func equalStreamsGiveEqualBytes() throws {
    try forEach { transform, shape, number in
      let source = Picture.noise(shape)
      var (first, second) = (Self.stream(number), Self.stream(number))
      let (one, other) = (
        try transform.applied(to: source, using: &first).bytes, try transform.applied(to: source, using: &second).bytes
      )
      #expect(one == other, "\(transform) \(shape)")
      #expect(first.next() == second.next(), "\(transform) draws as much each time")
    }
  }

  @Test func nothingOutsideIsTouchedAndTheSourceStays() throws {
    try forEach { transform, shape, number in
      for atEnd in [false, true] { try expectInside(transform, shape, number, atEnd: atEnd) }
    }
  }

  /// Source and destination each touch a protected page.
  private func expectInside<Change: Transform>(
    _ transform: Change, _ shape: ImageShape, _ number: Int, atEnd: Bool
  ) throws {
    var random = Self.stream(number)
    let drawn = transform.sample(for: shape, using: &random)
    let outputShape = transform.outputShape(drawn, for: shape)
    let (input, output) = (
      GuardedMemory(byteCount: shape.byteCount), GuardedMemory(byteCount: outputShape.byteCount)
    )
    var source = unsafe PixelBuffer(borrowing: input.bytes(atEnd: atEnd), shape: shape)
    let noise = Picture.noise(shape)
    try source.copy(from: noise)
    var destination = unsafe PixelBuffer(borrowing: output.bytes(atEnd: atEnd), shape: outputShape)
    try transform.apply(drawn, to: source, into: &destination)
    #expect(destination.shape == outputShape)
    #expect(source.bytes == noise.bytes, "\(transform) leaves its source alone")
    #expect(try destination.bytes == transform.applied(drawn, to: noise).bytes, "\(transform) \(shape)")
    withExtendedLifetime((input, output)) {}
  }

  @Test func everyByteOfTheOutputIsWritten() throws {
    try forEach { transform, shape, number in try expectAllWritten(transform, shape, number) }
  }

  private func expectAllWritten<Change: Transform>(_ transform: Change, _ shape: ImageShape, _ number: Int) throws {
    var random = Self.stream(number)
    let drawn = transform.sample(for: shape, using: &random)
    let outputShape = transform.outputShape(drawn, for: shape)
    let results = try [UInt8(0), 255].map { value in
      var destination = Picture.flat(outputShape, value)
      try transform.apply(drawn, to: Picture.noise(shape), into: &destination)
      return destination.bytes
    }
    #expect(results[0] == results[1], "\(transform) \(shape)")
  }

  @Test func anEmptyImageStaysEmpty() throws {
    for transform in Variants.all {
      var random = Self.stream(0)
      let result = try transform.applied(
        to: PixelBuffer(ImageShape(width: 0, height: 0, channels: 3)), using: &random)
      #expect(result.shape.byteCount == 0)
    }
  }

  @Test func greyIsRefusedOnlyWithAReason() throws {
    let grey = ImageShape(width: 8, height: 8, channels: 1)
    for type in TransformCatalog.all {
      var random = Self.stream(0)
      let refusal = Result { try type.init().applied(to: Picture.noise(grey), using: &random).shape }
      guard let reason = type.init().reasonToSkip(grey) else {
        #expect(throws: Never.self, "\(type.name)") { try refusal.get() }
        continue
      }
      #expect(throws: ImagingError.notApplicable("\(type.name): \(reason)")) { try refusal.get() }
    }
    #expect(ChannelShuffle().reasonToSkip(grey) != nil && ISONoise().reasonToSkip(grey) != nil)
  }

  @Test func geometricTransformsMoveAlphaAsTheyMoveColours() throws {
    // An alpha plane equal to a grey image must come out equal to each channel of that image as colour.
    for transform in Variants.all where !usesColouredFill(transform) {
      for shape in Self.shapes where shape.channels == 1 && transform.isGeometric(for: shape) {
        let plane = Picture.noise(shape)
        let color = Picture.of(
          ImageShape(width: shape.width, height: shape.height, channels: 3), plane.bytes.flatMap { [$0, $0, $0] })
        var (first, second) = (Self.stream(5), Self.stream(5))
        let moved = try transform.applied(to: plane, using: &first).bytes
        let colors = try transform.applied(to: color, using: &second).bytes
        let worst = zip(moved, stride(from: 0, to: colors.count, by: 3)).map { abs(Int($0) - Int(colors[$1])) }.max()
        // OpenCV's loops for one and for three channels may round half a level differently.
        #expect((worst ?? 0) <= 1, "\(transform) \(shape)")
      }
    }
  }

  private func usesColouredFill(_ transform: any Transform) -> Bool {
    Mirror(reflecting: transform).children.contains { ($0.value as? Resampling)?.border == .constant }
      && Mirror(reflecting: transform).children.contains { ($0.value as? Resampling)?.fill.count == 3 }
  }
}
