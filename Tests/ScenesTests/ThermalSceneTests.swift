import Imaging
import Scenes
import Testing

/// Streets as a thermal camera sees them, and the boxes of what is warm in them.
struct ThermalSceneTests {
  private static let (width, height) = (320, 256)

  private func scene(_ seed: UInt64) -> ThermalScene {
    ThermalScene(seed: seed, width: Self.width, height: Self.height)
  }

  private struct Pixel: Hashable {
    var column, row: Int

    func lies(in box: Box, margin: Double = 0) -> Bool {
      let center = Vertex(Double(column) + 0.5, Double(row) + 0.5)
      let (low, high) = (box.upperLeft - Vertex(margin, margin), box.lowerRight + Vertex(margin, margin))
      return low.x < center.x && center.x < high.x && low.y < center.y && center.y < high.y
    }
  }

  /// Pixels that the objects change by more than `levels`.
  private func changed(_ scene: ThermalScene, by levels: Int) -> [Pixel] {
    let (empty, full) = (scene.image(of: .street).color.bytes, scene.image(of: [.street, .objects]).color.bytes)
    return empty.indices.filter { abs(Int(empty[$0]) - Int(full[$0])) > levels }
      .map { Pixel(column: $0 % Self.width, row: $0 / Self.width) }
  }

  /// Pixels beside a box may still be covered by less than a half.
  @Test(arguments: 0..<40 as Range<UInt64>)
  func objectsChangeThePixelsInTheirBoxesAndNoOthers(seed: UInt64) {
    let scene = scene(seed)
    let boxes = scene.objects.map(\.box)
    for pixel in changed(scene, by: 0) { #expect(boxes.contains { pixel.lies(in: $0, margin: 2) }, "\(pixel)") }
  }

  /// What a person would draw as the box of an object is its box, within two pixels, where it differs from the street.
  @Test func objectsCanBeSeenUpToTheSidesOfTheirBoxes() {
    var (sideCount, seenCount) = (0, 0)
    for seed in 0..<40 as Range<UInt64> {
      let scene = scene(seed)
      let clearly = changed(scene, by: 6)
      for box in scene.objects.map(\.box) {
        let inside = clearly.filter { $0.lies(in: box) }
        let columns = inside.map { Double($0.column) }
        let rows = inside.map { Double($0.row) }
        let sides = [
          columns.contains { $0 < box.upperLeft.x + 2 }, columns.contains { $0 >= box.lowerRight.x - 2 },
          rows.contains { $0 < box.upperLeft.y + 2 }, rows.contains { $0 >= box.lowerRight.y - 2 },
        ]
        (sideCount, seenCount) = (sideCount + 4, seenCount + sides.count { $0 })
      }
    }
    #expect(sideCount > 500 && Double(seenCount) > 0.98 * Double(sideCount), "\(seenCount) of \(sideCount)")
  }

  /// On a black ground, where everything differs: the pixels that are half covered, or more, span the box.
  @Test(arguments: 0..<40 as Range<UInt64>)
  func boxesAreThoseOfThePixelsThatAreHalfCovered(seed: UInt64) {
    let scene = scene(seed)
    let bytes = scene.image(of: .objects).color.bytes
    for object in scene.objects {
      let box = object.box
      // Half of the least heat that is drawn: the pixels that are half covered, or more.
      let pixels = bytes.indices.filter { bytes[$0] >= 20 }
        .map { Pixel(column: $0 % Self.width, row: $0 / Self.width) }.filter { $0.lies(in: box, margin: 1) }
      let (columns, rows) = (pixels.map { Double($0.column) }, pixels.map { Double($0.row) })
      #expect(columns.contains(box.upperLeft.x), "left of \(object)")
      #expect(columns.contains(box.lowerRight.x - 1), "right of \(object)")
      #expect(rows.contains(box.upperLeft.y), "top of \(object)")
      #expect(rows.contains(box.lowerRight.y - 1), "bottom of \(object)")
    }
  }

  @Test func boxesLieInTheImageAndApart() {
    for seed in 0..<100 as Range<UInt64> {
      let boxes = scene(seed).objects.map(\.box)
      for (index, box) in boxes.enumerated() {
        #expect(box.size.min() >= 1 && box.upperLeft.min() >= 0)
        #expect(box.lowerRight.x <= Double(Self.width) && box.lowerRight.y <= Double(Self.height))
        for other in boxes[(index + 1)...] {
          let (low, high) = (
            pointwiseMax(box.upperLeft, other.upperLeft), pointwiseMin(box.lowerRight, other.lowerRight)
          )
          #expect(low.x >= high.x || low.y >= high.y, "seed \(seed): \(box) and \(other)")
        }
      }
    }
  }

  @Test func thereAreAllClassesAndSeveralObjects() {
    let scenes = (0..<100 as Range<UInt64>).map { scene($0).objects }
    #expect(Set(scenes.joined().map(\.className)) == ["person", "car", "bike", "dog"])
    #expect(scenes.allSatisfy { (1...9).contains($0.count) })
    let counts = Dictionary(grouping: scenes.joined(), by: \.className).mapValues(\.count)
    #expect((counts["person"] ?? 0) > (counts["car"] ?? 0) && (counts["car"] ?? 0) > (counts["dog"] ?? 0))
  }

  @Test func whatIsWarmIsBrighterThanTheStreet() {
    for seed in 0..<20 as Range<UInt64> {
      let scene = scene(seed)
      let bytes = scene.image().color.bytes
      let mean = Double(bytes.reduce(0) { $0 + Int($1) }) / Double(bytes.count)
      #expect((40..<140).contains(mean))
      // The sky is the coldest.
      #expect(bytes[..<(8 * Self.width)].reduce(0) { $0 + Int($1) } / (8 * Self.width) < Int(mean))
      let warm = changed(scene, by: 20).map { Int(bytes[$0.row * Self.width + $0.column]) }
      #expect(Double(warm.reduce(0, +)) / Double(max(1, warm.count)) > mean + 20)
    }
  }

  @Test func boxesGrowWithTheImage() {
    for seed in 0..<10 as Range<UInt64> {
      let small = scene(seed).objects
      let large = SceneGenerator(.thermal, seed: seed).objects(width: 3 * Self.width, height: 3 * Self.height)
      for object in small {
        let box = object.box
        #expect(
          large.contains {
            let (upper, lower) = ($0.box.upperLeft / 3 - box.upperLeft, $0.box.lowerRight / 3 - box.lowerRight)
            return $0.className == object.className && max(upper.max(), lower.max()) < 1.5
              && min(upper.min(), lower.min()) > -1.5
          }, "seed \(seed): \(object)")
      }
    }
  }

  @Test func otherPatternsNameNoObjects() {
    for pattern in SceneGenerator.Pattern.allCases where pattern != .thermal {
      #expect(SceneGenerator(pattern, seed: 1).objects(width: 64, height: 48).isEmpty)
    }
  }
}
