import Imaging
import TestSupport

/// Images with few and many colours, and shapes of all kinds.
enum QuantizerPictures {
  static let shapes = [(1, 1), (2, 1), (5, 3), (37, 29), (64, 48)].flatMap { width, height in
    [1, 3].map { ImageShape(width: width, height: height, channels: $0) }
  }

  /// Gradients with some noise: many different colours, some of them often.
  static func photograph(_ shape: ImageShape, seed: Int = 1) -> PixelBuffer {
    var generator = SeededGenerator(seed: seed)
    let smooth = smoothPixels(width: shape.width, height: shape.height, channels: shape.channels).bytes
    var picture = PixelBuffer(shape)
    picture.set(smooth.map { UInt8(clamping: Int($0) + Int.random(in: -9...9, using: &generator)) })
    return picture
  }

  static func noise(_ shape: ImageShape, seed: Int = 1) -> PixelBuffer {
    var generator = SeededGenerator(seed: seed)
    var picture = PixelBuffer(shape)
    picture.set((0..<shape.byteCount).map { _ in UInt8.random(in: 0...255, using: &generator) })
    return picture
  }

  /// Pixels of these colours in turn.
  static func stripes(_ colors: [[UInt8]], width: Int, height: Int) -> PixelBuffer {
    var picture = PixelBuffer(ImageShape(width: width, height: height, channels: colors[0].count))
    picture.set((0..<width * height).flatMap { colors[$0 % colors.count] })
    return picture
  }
}

/// Does each part twice and in reverse order, as if every member died after its work and another did it again.
final class RepeatingTeam: QuantizerTeam {
  let count: Int
  init(count: Int) { self.count = count }

  func perform(_ step: QuantizeStep, on memory: QuantizerMemory) {
    for part in (0..<count).reversed() {
      memory.perform(step, part: part)
      memory.perform(step, part: part)
    }
  }
}

/// Aligned memory as processes would share it, full of what another use left.
@safe
final class UsedMemory {
  private let bytes: UnsafeMutableRawBufferPointer

  init(byteCount: Int) {
    unsafe bytes = .allocate(byteCount: byteCount, alignment: 64)
    unsafe bytes.initializeMemory(as: UInt8.self, repeating: 0xA5)
  }

  deinit { unsafe bytes.deallocate() }

  var quantizerMemory: QuantizerMemory { unsafe QuantizerMemory(over: bytes) }
}

/// What a quantisation gave, in comparable form.
struct Quantized: Equatable {
  var outcome: QuantizeOutcome
  var shape: ImageShape
  var bytes: [UInt8]

  static let key = StreamKey(seed: 7, path: "picture.png", copy: 0)

  init(_ source: borrowing PixelBuffer, with quantizer: Quantizer) throws {
    var result = PixelBuffer()
    outcome = try quantizer.quantize(source, key: Self.key, into: &result)
    (shape, bytes) = (result.shape, result.bytes)
  }

  init(
    _ source: borrowing PixelBuffer, _ options: QuantizeOptions, team: any QuantizerTeam = OneThread()
  ) throws {
    try self.init(source, with: Quantizer(options, team: team))
  }
}

extension QuantizeOptions {
  /// Default options, changed by `change`.
  static func with(colors: Int, _ change: (inout QuantizeOptions) -> Void = { _ in }) -> QuantizeOptions {
    var options = QuantizeOptions()
    options.colors = colors
    change(&options)
    return options
  }

  /// Every choice, with many clusters and with few.
  static let variants = [1, 2, 3, 8, 17, 40, 256].flatMap { colors in
    Initialization.allCases.flatMap { initialization in
      EmptyCluster.allCases.flatMap { empty in
        Dither.allCases.map { dither in
          with(colors: colors) {
            ($0.initialization, $0.empty, $0.dither, $0.iterations) = (initialization, empty, dither, 6)
          }
        }
      }
    }
  }
}
