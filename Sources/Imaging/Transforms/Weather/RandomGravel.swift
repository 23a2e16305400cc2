internal import CImaging

/// Sets the lightness of small rectangles, like gravel. Colour only.
///
/// Source: Albumentations `RandomGravel`, OpenCV `cvtColor` between RGB and 8-bit HLS, whose round trip changes other
/// pixels by a level here and there.
package struct RandomGravel: Transform {
  package struct Drawn: Codable, Sendable {
    /// Where stones lie, in pixels.
    package var patches: [Rectangle]
    /// Draws the stones.
    package var seed: UInt64

    package init(patches: [Rectangle], seed: UInt64) { (self.patches, self.seed) = (patches, seed) }
  }

  /// In pixels; a stone leaves the last row and column of the image free.
  package struct Stone: Sendable {
    package var area: Rectangle
    package var lightness: UInt8

    package init(area: Rectangle, lightness: UInt8) { (self.area, self.lightness) = (area, lightness) }
  }

  package static let summary = "Sprinkles small stones of random lightness."
  package static let parameters: [Parameter<RandomGravel>] = [
    .region("gravel_roi", \.gravelRoi, "where stones lie"),
    .integer("number_of_patches", \.numberOfPatches, in: 1...1000, "number of patches of stones"),
  ]

  package var gravelRoi = Region(x: 0.1...0.9, y: 0.4...0.9)
  package var numberOfPatches = 2

  package init() {}

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    let region = gravelRoi.pixels(in: context.shape)
    let patches = (0..<numberOfPatches).map { _ in
      let width = random.integer(region.width / 10...region.width / 5)
      let height = random.integer(region.height / 10...region.height / 5)
      let x = random.integer(region.x...region.x + region.width - width)
      let y = random.integer(region.y...region.y + region.height - height)
      return Rectangle(x: x, y: y, width: width, height: height)
    }
    return Drawn(patches: patches, seed: random.next())
  }

  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    guard shape.channels == 3 else { return .inapplicable("it needs a colour image") }
    var random = RandomStream(seed: drawn.seed)
    let stones = drawn.patches.flatMap { patch in
      (0..<Self.stoneCount(patch, shape)).map { _ in Self.stone(in: patch, of: shape, &random) }
    }
    return Self.operation(stones)
  }

  /// A patch beyond the image has no more stones than one as large as the image.
  private static func stoneCount(_ patch: Rectangle, _ shape: ImageShape) -> Int {
    min(max(patch.width, 0), shape.width) * min(max(patch.height, 0), shape.height) / 100
  }

  private static func stone(in patch: Rectangle, of shape: ImageShape, _ random: inout RandomStream) -> Stone {
    let x = patch.x + random.integer(0...patch.width)
    let y = patch.y + random.integer(0...patch.height)
    let radius = random.integer(1...3)
    let (left, top) = (max(x - radius, 0), max(y - radius, 0))
    let (right, bottom) = (min(x + radius, shape.width - 1), min(y + radius, shape.height - 1))
    let area = Rectangle(x: left, y: top, width: right - left, height: bottom - top)
    return Stone(area: area, lightness: UInt8(random.integer(0...255)))
  }

  /// Gravel of given stones, of which a later one covers those before.
  package static func operation(_ stones: [Stone]) -> Operation {
    let patches = stones.map { stone in
      cimaging_lightness_patch(
        left: coordinate(stone.area.x), top: coordinate(stone.area.y),
        right: coordinate(stone.area.x + stone.area.width), bottom: coordinate(stone.area.y + stone.area.height),
        lightness: stone.lightness)
    }
    let unchanged = LookupTable.identity.values
    return .kernel { source, destination, message in
      unsafe cimaging_lookup_lightness(source, destination, unchanged, patches, patches.count, message)
    }
  }
}
