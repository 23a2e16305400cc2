import Imaging
import Testing

/// Draws of geometric transforms that a manifest might hold, and what becomes of them.
struct GeometricDrawTests {
  private static let shape = ImageShape(width: 8, height: 6, channels: 3)

  private static func isRefused(_ operation: Imaging.Operation) -> Bool {
    if case .inapplicable = operation { true } else { false }
  }

  @Test(arguments: [
    (widths: [4, 4], heights: [6], targets: [0, 1], isRefused: false), ([4, 4], [6], [1, 0], false),
    ([4, 4], [6], [0, 0], true), ([4, 4], [6], [0], true), ([4, 4], [6], [0, 2], true),
    ([3, 5], [6], [1, 0], true), ([4, 4], [5], [0, 1], true), ([9, -1], [6], [0, 1], true), ([], [6], [], true),
  ])
  func tilesThatDoNotFitAreRefused(widths: [Int], heights: [Int], targets: [Int], isRefused: Bool) {
    let drawn = RandomGridShuffle.Drawn(widths: widths, heights: heights, targets: targets)
    #expect(Self.isRefused(RandomGridShuffle().operation(drawn, for: Self.shape)) == isRefused)
  }

  @Test func cellsAndControlsThatDoNotFitAreRefused() {
    let few = GridElasticDeform.Drawn(widths: [4, 4], heights: [3, 3], moves: [])
    #expect(Self.isRefused(GridElasticDeform().operation(few, for: Self.shape)))
    let small = GridElasticDeform.Drawn(widths: [4, 3], heights: [3, 3], moves: [Point(1, 1)])
    #expect(Self.isRefused(GridElasticDeform().operation(small, for: Self.shape)))
    #expect(Self.isRefused(ThinPlateSpline().operation(.init(moves: [Point(1, 1)]), for: Self.shape)))
  }

  @Test func anObjectInSeveralTilesHasABoxAroundItsParts() throws {
    let drawn = RandomGridShuffle.Drawn(widths: [2, 2, 2, 2], heights: [6], targets: [3, 1, 2, 0])
    let operation = RandomGridShuffle().operation(drawn, for: Self.shape)
    let follower = try LabelFollower(operations: [operation], from: Self.shape)
    let label = LabelShape(
      Box(Vertex(1, 2), Vertex(3, 4)), keypoints: [Keypoint(Vertex(1.5, 3)), Keypoint(Vertex(2, 3))])
    let followed = try follower.follow(label)
    #expect(followed.shape?.box == Box(Vertex(2, 2), Vertex(8, 4)))
    #expect(followed.shape?.keypoints.map(\.position) == [Vertex(7.5, 3), Vertex(2, 3)])
    #expect(followed.visibility == 1)
  }

  @Test func boxesGrowAndShrinkWithTheEllipse() throws {
    func box(_ kind: Morph.Kind, _ box: Box) throws -> Box? {
      var morph = Morphological()
      (morph.scale, morph.kind) = (.init(width: 4, height: 3), kind)
      let operation = morph.operation(NothingDrawn(), for: Self.shape)
      return try LabelFollower(operations: [operation], from: Self.shape).follow(LabelShape(box)).shape?.box
    }
    // An ellipse of 4 × 3 has two columns before its middle and one after it.
    let inner = Box(Vertex(3, 2), Vertex(5, 4))
    #expect(try box(.dilation, inner) == Box(Vertex(2, 1), Vertex(7, 5)))
    #expect(try box(.erosion, inner) == nil)
    #expect(try box(.erosion, Box(Vertex(0, 0), Vertex(6, 4))) == Box(Vertex(0, 0), Vertex(5, 3)))
  }
}
