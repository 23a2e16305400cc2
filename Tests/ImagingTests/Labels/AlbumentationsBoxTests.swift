import Imaging
import Testing

/// Boxes and points after a geometry, compared with Albumentations 2.0.8 for the same parameters.
struct AlbumentationsBoxTests {
  private static func cases(_ kinds: MovedBoxes.Kind...) -> [MovedBoxes] {
    BoxReference.geometries.filter { kinds.contains($0.kind) }
  }

  private static let names = Set(BoxReference.geometries.map(\.name))

  @Test func theReferenceHasEveryGeometry() {
    #expect(
      Self.names == [
        "HorizontalFlip", "VerticalFlip", "RandomRotate90", "CenterCrop", "Affine", "Perspective", "GridDistortion",
        "OpticalDistortion", "ElasticTransform",
      ])
  }

  @Test func shapesOfTheOutputAgree() throws {
    for reference in BoxReference.geometries {
      #expect(try reference.operation().outputShape(for: reference.source) == reference.result, "\(reference.title)")
    }
  }

  @Test func straightGeometriesMoveBoxesAlike() throws {
    let cases = Self.cases(.straight)
    #expect(!cases.isEmpty)
    for reference in cases {
      let follower = try reference.follower()
      for box in reference.boxes {
        let theirs = box.theirs.first?.clipped(to: reference.result)
        let ours = try follower.box(box.source)
        #expect(ours.isNear(theirs, 1e-4), "\(reference.title): \(box.source) to \(ours as Any), not \(theirs as Any)")
      }
    }
  }

  /// Beyond the edge the two differ on purpose: what is left of a tilted box is less wide than the clipped hull.
  @Test func tiltedGeometriesMoveWholeBoxesAlikeAndCutOthersCloser() throws {
    var wholeCount = 0
    for reference in Self.cases(.tilted) where reference.name != "Perspective" {
      let follower = try reference.follower()
      for box in reference.boxes {
        let ours = try follower.box(box.source)
        let isWhole = box.theirs.contains { $0.isInside(reference.result) }
        wholeCount += isWhole ? 1 : 0
        #expect(
          isWhole
            ? ours.isNear(box.theirs.first, 1e-4)
            : ours.isInside(box.theirs.first?.clipped(to: reference.result), grownBy: 1e-4),
          "\(reference.title): \(box.source) to \(ours as Any), not \(box.theirs)")
      }
    }
    #expect(wholeCount > 100)
  }

  /// Albumentations moves the edges of boxes by the matrix of pixel centres, half a pixel beside the image. A box that
  /// is half a pixel farther to the right and down moves like theirs.
  @Test func perspectiveMovesBoxesAlikeButForHalfAPixel() throws {
    let half = Vertex(0.5, 0.5)
    var count = 0
    for reference in Self.cases(.tilted) where reference.name == "Perspective" {
      let follower = try reference.follower()
      for box in reference.boxes {
        let source = Box(box.source.upperLeft + half, box.source.lowerRight + half)
        guard let theirs = box.theirs.first.map({ Box($0.upperLeft + half, $0.lowerRight + half) }),
          source.isInside(reference.source), theirs.isInside(reference.result)
        else { continue }
        count += 1
        let ours = try follower.box(source)
        #expect(ours.isNear(theirs, 1e-4), "\(reference.title): \(source) to \(ours as Any), not \(theirs)")
      }
    }
    #expect(count > 50)
  }

  /// Mirrored pixels beyond the edge get no labels here; Albumentations labels them, too.
  @Test func mirroredBordersAddNoBoxes() throws {
    var addedCount = 0
    for reference in Self.cases(.mirrored) {
      let follower = try reference.follower()
      for box in reference.boxes {
        let ours = try follower.box(box.source)
        let theirs = box.theirs.map { $0.clipped(to: reference.result) }
        addedCount += theirs.count - 1
        #expect(
          theirs.contains { reference.name == "Affine" ? ours.isInside($0, grownBy: 1e-4) : ours.isNear($0, 1e-4) },
          "\(reference.title): \(box.source) to \(ours as Any), not \(theirs)")
      }
    }
    #expect(addedCount > 0)
  }

  @Test func pointsMoveAlike() throws {
    for reference in Self.cases(.straight, .tilted) {
      let follower = try reference.follower()
      let whole = Box.whole(reference.source)
      let points = reference.points.map { Keypoint($0.source + Point(0.5, 0.5)) }
      let followed = try #require(try follower.follow(LabelShape(whole, keypoints: points)).shape?.keypoints)
      #expect(followed.count == points.count)
      for (ours, pair) in zip(followed, reference.points) {
        let theirs = pair.theirs + Vertex(0.5, 0.5)
        // Albumentations removes a point beyond the edge from its list.
        let isInside = Box(theirs, theirs).isInside(reference.result)
        #expect(
          isInside
            ? ours.visibility == .visible && (ours.position - theirs).largest <= 1e-4 : ours.visibility != .visible,
          "\(reference.title): \(pair.source) to \(ours), not \(theirs)")
      }
    }
  }
}

/// Fields: Albumentations paints a box on whole pixels, its last row and column included, and looks which pixels are
/// then taken from there.
struct AlbumentationsFieldTests {
  /// The box that is painted there moves alike, to half a pixel: only whole pixels show it. A tip between the pixels
  /// is not seen by Albumentations, so that single edges lie farther out here.
  @Test func fieldsMovePaintedBoxesAlike() throws {
    var (edgeCount, farCount) = (0, 0)
    for reference in BoxReference.geometries where reference.kind == .field {
      let follower = try reference.follower()
      for box in reference.boxes {
        // If no pixel is left, Albumentations keeps the box as it was.
        guard let theirs = box.theirs.first, theirs != box.source else { continue }
        let ours = try #require(try follower.box(box.source.painted(in: reference.source)), "\(reference.title)")
        let shown = Box(theirs.upperLeft, theirs.lowerRight + Vertex(1, 1))
        #expect(shown.isInside(ours, grownBy: 0.55), "\(reference.title): \(box.source) to \(ours), not \(shown)")
        let distances = ours.edges.indices.map { abs(ours.edges[$0] - shown.edges[$0]) }
        edgeCount += 4
        farCount += distances.count { $0 > 0.55 }
      }
    }
    #expect(edgeCount > 800 && farCount * 50 < edgeCount, "\(farCount) of \(edgeCount)")
  }

  /// Golden values: the same boxes, not painted, lie within that rounding.
  @Test func boxesThroughGridAndLensAreNearThoseOfAlbumentations() throws {
    let shape = ImageShape(width: 128, height: 96, channels: 3)
    let grid = GridDistortion().operation(
      .init(columns: [1.1, 0.9, 1, 1.2, 0.8, 1], rows: [0.9, 1.1, 1.05, 0.95, 1, 1]), for: shape)
    let lens = OpticalDistortion().operation(.init(k: 0.05), for: shape)
    let boxes = [Box(Vertex(20, 10), Vertex(60, 50)), Box(Vertex(100, 70), Vertex(128, 96))]
    let theirs: [(Operation, [[Double]])] = [
      (grid, [[18, 10, 60, 49], [95, 69, 126, 95]]), (lens, [[20, 10, 60, 49], [99, 69, 125, 94]]),
    ]
    for (operation, edges) in theirs {
      let follower = try LabelFollower(operations: [operation], from: shape)
      for (box, edges) in zip(boxes, edges) {
        let ours = try #require(try follower.box(box))
        #expect(zip(ours.edges, edges).allSatisfy { abs($0 - $1) <= 1.5 }, "\(box) to \(ours), not \(edges)")
      }
    }
  }

  /// Golden values of the inverted map, in pixel centres.
  @Test func theGridIsInvertedExactly() throws {
    let shape = ImageShape(width: 128, height: 96, channels: 3)
    let grid = GridDistortion().operation(
      .init(columns: [1.1, 0.9, 1, 1.2, 0.8, 1], rows: [0.9, 1.1, 1.05, 0.95, 1, 1]), for: shape)
    let ours = try #require(
      try LabelFollower(operations: [grid], from: shape).box(Box(Vertex(20.5, 10.5), Vertex(60.5, 50.5))))
    let golden = [17.455, 10.526, 59.6, 48.827].map { $0 + 0.5 }
    #expect(zip(ours.edges, golden).allSatisfy { abs($0 - $1) <= 1e-3 }, "\(ours)")
  }

  /// Golden values, moved by the half pixel of `perspectiveMovesBoxesAlikeButForHalfAPixel`.
  @Test func theGoldenPerspectiveIsExact() throws {
    let shape = ImageShape(width: 128, height: 96, channels: 3)
    let corners = [Point(6, 4), Point(121, 7), Point(118, 90), Point(9, 86)]
    let view = Perspective().operation(.init(corners: corners), for: shape)
    let ours = try #require(
      try LabelFollower(operations: [view], from: shape).box(Box(Vertex(20.5, 10.5), Vertex(60.5, 50.5))))
    let golden = [15.9358, 5.8767, 67.4097, 60.2922].map { $0 + 0.5 }
    #expect(zip(ours.edges, golden).allSatisfy { abs($0 - $1) <= 1e-4 }, "\(ours)")
  }
}
