internal import Datasets
internal import Imaging
internal import Scenes

/// Draws every transform on one image, a sheet for each family: a weak, a middling and a strong draw of each.
struct TransformGallery: ~Copyable {
  private let image: Image
  private let scene: SampleScene
  /// What transforms that take other images get: the same one, as if in a mirror and at another hour.
  private let references: ReferenceLibrary
  private var runner: PipelineRunner

  private static let cell = ImageSize(width: 160, height: 120)
  /// Of the sheets, which are to be looked at and kept.
  private static let quality = 80
  private static let strengths = ["weak", "middling", "strong"]
  /// Draws among which the three are found.
  private static let drawCount = 15

  /// - Parameter path: of an image file, which should have at least 300 pixels on each side.
  init(_ path: String) throws {
    let image = try Failure.telling(at: path) {
      try ImageFile.read(path) { $0.size.fitted(into: ImageSize(width: 640, height: 640)) }
    }
    let references = try Self.references(for: image.color)
    (scene, self.references) = (SampleScene(objectIn: image.color.shape), references)
    self.image = image
    runner = PipelineRunner()
  }

  private static func references(for color: borrowing PixelBuffer) throws -> ReferenceLibrary {
    let evening = LookupTable(channels: [.identity, LookupTable { $0 / 2 }, LookupTable { $0 / 3 }])
    let other = Imaging.Operation.sequence(
      [.geometry(.orientation(.mirror))] + (color.shape.channels == 3 ? [.lookup(evening)] : []))
    var pixels = PixelBuffer()
    try other.apply(to: color, into: &pixels)
    return ReferenceLibrary([ReferencePixels(pixels)])
  }

  /// Writes `FOLDER/family.jpg` for each family.
  mutating func draw(_ families: [TransformFamily], into folder: String) throws {
    for family in families where !family.transforms.isEmpty {
      var sheet = try PreviewSheet(
        .init(
          cellCount: family.transforms.count * Self.strengths.count, columns: 2 * Self.strengths.count,
          cell: Self.cell, classNames: []))
      for transform in family.transforms {
        let example = transform.example
        try add(example, to: &sheet)
      }
      let path = "\(folder)/\(family.name.lowercased()).jpg"
      try Failure.telling(at: path) { try ImageFile.write(sheet.image, to: path, as: .jpeg, quality: Self.quality) }
    }
  }

  private mutating func add(_ transform: some Transform, to sheet: inout PreviewSheet) throws {
    let name = type(of: transform).name
    let node = PipelineNode.transform(transform, p: 1)
    var draws: [(operations: [Imaging.Operation], change: Double)] = []
    var result = Image()
    for copy in 0..<Self.drawCount {
      let key = StreamKey(seed: 0, path: name, copy: copy)
      let sample = Pipeline(node).taking { _ in references }.sample(for: image.color.shape, key: key, scene: scene)
      if let skipped = sample.skipped.first {
        for strength in Self.strengths { sheet.add(failure: skipped.reason, .init(name, remark: strength)) }
        return
      }
      try runner.run(sample.operations, on: image, into: &result)
      draws.append((sample.operations, try difference(from: result)))
    }
    draws.sort { $0.change < $1.change }
    for (place, strength) in Self.strengths.enumerated() {
      let draw = draws[place * (draws.count - 1) / (Self.strengths.count - 1)]
      try runner.run(draw.operations, on: image, into: &result)
      try sheet.add(result, [], .init(name, remark: strength))
    }
  }

  /// The mean difference of small versions of both.
  private func difference(from other: borrowing Image) throws -> Double {
    var (first, second) = ([UInt8](), [UInt8]())
    var small = PixelBuffer()
    try small.resize(image.color, width: 64, height: 64)
    first = small.bytes
    try small.resize(other.color, width: 64, height: 64)
    second = small.bytes
    guard first.count == second.count else { return 255 }
    return Double(zip(first, second).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }) / Double(first.count)
  }
}
