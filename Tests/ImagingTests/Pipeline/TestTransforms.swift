import Imaging

/// Changes nothing; its tag in the sample shows that it ran.
struct Stamp: Transform {
  static let summary = "Says that it ran."
  static let parameters: [Parameter<Stamp>] = []
  var tag = ""

  func sample(for context: SampleContext, using random: inout RandomStream) -> String { tag }

  func operation(_ drawn: String, for shape: ImageShape) -> Operation { .identity }
}

/// Draws one number.
struct Dice: Transform {
  static let summary = "Draws a number."
  static let parameters: [Parameter<Dice>] = []

  func sample(for context: SampleContext, using random: inout RandomStream) -> Double { random.uniform() }

  func operation(_ drawn: Double, for shape: ImageShape) -> Operation { .identity }
}

/// v → factor · v + term, modulo 256: the order of two of them shows in the result. Colour images only.
struct Linear: Transform {
  static let summary = "Counts."
  static let parameters: [Parameter<Linear>] = []
  var factor: UInt8 = 1
  var term: UInt8 = 0

  func operation(_ drawn: NothingDrawn, for shape: ImageShape) -> Operation {
    guard shape.channels == 3 else { return .inapplicable("needs a colour image") }
    return .pixels { (source, destination) throws(ImagingError) in
      try destination.reshape(to: source.shape)
      destination.set(source.bytes.map { $0 &* factor &+ term })
    }
  }
}

/// Doubles each row, which changes the shape and the alpha plane.
struct DoubleRows: Transform {
  static let summary = "Writes each row twice."
  static let parameters: [Parameter<DoubleRows>] = []

  func operation(_ drawn: NothingDrawn, for shape: ImageShape) -> Operation {
    var nearest = Resampling()
    nearest.interpolation = .nearest
    return .geometry(.resize(width: shape.width, height: 2 * shape.height), nearest)
  }
}

/// Cannot be applied.
struct Failing: Transform {
  static let summary = "Fails."
  static let parameters: [Parameter<Failing>] = []

  func operation(_ drawn: NothingDrawn, for shape: ImageShape) -> Operation {
    .pixels { (_, _) throws(ImagingError) in throw .failed("as it should") }
  }
}

extension PipelineNode {
  /// A stamp that leaves `tag` in the sample.
  static func stamp(_ tag: String, p: Double = 1) -> PipelineNode { .transform(Stamp(tag: tag), p: p) }
}

extension Pipeline {
  static let testShape = ImageShape(width: 4, height: 3, channels: 3)

  /// The stamps that ran for one key: `["Stamp("a")", ...]` joined to "a,b".
  func stamps(copy: Int, seed: UInt64 = 5) -> String {
    sample(for: Self.testShape, key: StreamKey(seed: seed, path: "image.jpg", copy: copy)).transforms
      .map { $0.description.replacing("Stamp(\"", with: "").replacing("\")", with: "") }.joined(separator: ",")
  }

  /// The frequency of each outcome, as a share of `count` copies.
  func shares(count: Int = 20_000) -> [String: Double] {
    var counts: [String: Int] = [:]
    for copy in 0..<count { counts[stamps(copy: copy), default: 0] += 1 }
    return counts.mapValues { Double($0) / Double(count) }
  }
}
