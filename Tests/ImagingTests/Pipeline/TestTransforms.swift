import Imaging

/// Changes nothing, and says by its tag that it ran.
struct Stamp: Transform {
  static let summary = "Says that it ran."
  static let parameters: [Parameter<Stamp>] = []
  var tag = ""

  func sample(for shape: ImageShape, using random: inout RandomStream) -> String { tag }

  func apply(
    _ drawn: String, to source: borrowing PixelBuffer, into destination: inout PixelBuffer
  ) throws(ImagingError) {
    try destination.copy(from: source)
  }
}

/// Draws one number; the image becomes its bits.
struct Dice: Transform {
  static let summary = "Draws a number."
  static let parameters: [Parameter<Dice>] = []

  func sample(for shape: ImageShape, using random: inout RandomStream) -> Double { random.uniform() }

  func apply(
    _ drawn: Double, to source: borrowing PixelBuffer, into destination: inout PixelBuffer
  ) throws(ImagingError) {
    try destination.reshape(to: outputShape(drawn, for: source.shape))
    destination.set((0..<8).map { UInt8(truncatingIfNeeded: drawn.bitPattern >> (8 * $0)) })
  }

  func outputShape(_ drawn: Double, for shape: ImageShape) -> ImageShape {
    ImageShape(width: 8, height: 1, channels: 1)
  }
}

/// v → factor · v + term, modulo 256: the order of two of them shows in the result. Colour images only.
struct Affine: Transform {
  static let summary = "Counts."
  static let parameters: [Parameter<Affine>] = []
  var factor: UInt8 = 1
  var term: UInt8 = 0

  func sample(for shape: ImageShape, using random: inout RandomStream) {}

  func apply(
    _ drawn: Void, to source: borrowing PixelBuffer, into destination: inout PixelBuffer
  ) throws(ImagingError) {
    try destination.reshape(to: source.shape)
    destination.set(source.bytes.map { $0 &* factor &+ term })
  }

  static func reasonToSkip(_ shape: ImageShape) -> String? { shape.channels == 3 ? nil : "needs a colour image" }
}

/// Doubles each row: the shape changes, and the alpha plane with it.
struct DoubleRows: Transform {
  static let summary = "Writes each row twice."
  static let parameters: [Parameter<DoubleRows>] = []
  static let isGeometric = true

  func sample(for shape: ImageShape, using random: inout RandomStream) {}

  func outputShape(_ drawn: Void, for shape: ImageShape) -> ImageShape {
    ImageShape(width: shape.width, height: 2 * shape.height, channels: shape.channels)
  }

  func apply(
    _ drawn: Void, to source: borrowing PixelBuffer, into destination: inout PixelBuffer
  ) throws(ImagingError) {
    let (bytes, stride) = (source.bytes, source.rowStride)
    try destination.reshape(to: outputShape((), for: source.shape))
    let rows = (0..<source.shape.height).map { bytes[$0 * stride..<($0 + 1) * stride] }
    destination.set(rows.flatMap { $0 + $0 })
  }
}

/// Cannot be applied.
struct Failing: Transform {
  static let summary = "Fails."
  static let parameters: [Parameter<Failing>] = []

  func sample(for shape: ImageShape, using random: inout RandomStream) {}

  func apply(
    _ drawn: Void, to source: borrowing PixelBuffer, into destination: inout PixelBuffer
  ) throws(ImagingError) {
    throw .failed("as it should")
  }
}

extension PipelineNode {
  /// A stamp that leaves `tag` in the draw.
  static func stamp(_ tag: String, p: Double = 1) -> PipelineNode { .transform(Stamp(tag: tag), p: p) }
}

extension Pipeline {
  static let testShape = ImageShape(width: 4, height: 3, channels: 3)

  /// What ran for one key: `["Stamp("a")", ...]` joined to "a,b".
  func stamps(copy: Int, seed: UInt64 = 5) -> String {
    draw(for: Self.testShape, key: StreamKey(seed: seed, path: "image.jpg", copy: copy)).steps
      .map { $0.description.replacing("Stamp(\"", with: "").replacing("\")", with: "") }.joined(separator: ",")
  }

  /// How often each outcome came, as a share of `count` copies.
  func shares(count: Int = 20_000) -> [String: Double] {
    var counts: [String: Int] = [:]
    for copy in 0..<count { counts[stamps(copy: copy), default: 0] += 1 }
    return counts.mapValues { Double($0) / Double(count) }
  }
}
