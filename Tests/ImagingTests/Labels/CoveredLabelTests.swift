import Imaging
import Testing

/// What a drop overwrites of an object can no longer be seen.
struct CoveredLabelTests {
  private static let shape = ImageShape(width: 100, height: 100, channels: 3)
  private static let holes = [(0, 0, 30, 100), (55, 5, 40, 20), (75, 70, 10, 10)].map {
    Rectangle(x: $0.0, y: $0.1, width: $0.2, height: $0.3)
  }

  private func drop(_ holes: [Rectangle] = holes, maskFill: [Double]? = nil) -> Imaging.Operation {
    var dropout = CoarseDropout()
    dropout.fillMask = maskFill
    return dropout.operation(Holes(holes), for: Self.shape)
  }

  private func follow(
    _ label: LabelShape, _ operations: [Imaging.Operation], keepsSteps: Bool = false
  ) throws -> FollowedShape {
    try LabelFollower(operations: operations, from: Self.shape, keepsSteps: keepsSteps).follow(label)
  }

  private func box(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double) -> Box {
    Box(Vertex(x1, y1), Vertex(x2, y2))
  }

  /// The results of Albumentations' `filter_bboxes_by_holes`.
  @Test func boxesShrinkToWhatIsLeftAsInTheReference() throws {
    let expected: [(Box, Box?, Double)] = [
      (box(10, 10, 50, 40), box(30, 10, 50, 40), 0.5), (box(60, 10, 90, 40), box(60, 25, 90, 40), 0.5),
      (box(20, 60, 30, 80), nil, 0), (box(70, 60, 95, 95), box(70, 60, 95, 95), 775.0 / 875),
    ]
    for (whole, left, visibility) in expected {
      let followed = try follow(LabelShape(whole), [drop()])
      #expect(followed.shape?.box == left && abs(followed.visibility - visibility) < 1e-12)
      #expect(followed.isCovered == (left == nil))
      #expect(BoxFilter().reason(toDrop: followed) == (left == nil ? .covered : nil))
    }
  }

  @Test func theCompatibleFilterCountsPixelsOfTheBox() throws {
    let hole = [Rectangle(x: 20, y: 20, width: 20, height: 20)]
    let followed = try follow(LabelShape(box(10, 10, 50, 50)), [drop(hole)], keepsSteps: true)
    var (least, most, area) = (BoxFilter(), BoxFilter(), BoxFilter())
    (least.minVisibility, most.minVisibility, area.minArea) = (0.75, 0.76, 1201)
    #expect(least.compatibleReason(toDrop: followed) == nil)
    #expect(most.compatibleReason(toDrop: followed) == .tooLittleVisible)
    #expect(area.compatibleReason(toDrop: followed) == .tooSmallArea)
  }

  @Test func sidesBetweenPixelsStayWhereNothingCoversThem() throws {
    let followed = try follow(LabelShape(box(25.25, 30.5, 50.75, 40.5)), [drop()])
    #expect(followed.shape?.box == box(30, 30.5, 50.75, 40.5))
    #expect(abs(followed.visibility - 20.75 / 25.5) < 1e-12)
  }

  @Test func keypointsInHolesAreLost() throws {
    let points = [(29.0, 5.0), (30, 5), (54.9, 10), (80, 75), (85, 75)].map { Keypoint(Vertex($0.0, $0.1)) }
    let followed = try follow(LabelShape(Self.shape.frame, keypoints: points), [drop()])
    #expect(followed.shape?.keypoints.map(\.visibility) == [.unlabelled, .visible, .visible, .unlabelled, .visible])
    #expect(followed.lostKeypoints == 2)
  }

  @Test func outlinesStayUnlessAllOfThemIsCovered() throws {
    let triangle = [Vertex(10, 10), Vertex(50, 10), Vertex(10, 50)]
    let label = LabelShape(box(10, 10, 50, 50), outline: .polygons([triangle]))
    let part = try follow(label, [drop([Rectangle(x: 10, y: 10, width: 10, height: 40)])])
    #expect(part.shape?.outline == .polygons([triangle]) && part.shape?.box == box(20, 10, 50, 50))
    #expect(abs(part.visibility - 450.0 / 800) < 0.02)
    let corner = try follow(label, [drop([Rectangle(x: 40, y: 40, width: 10, height: 10)])])
    #expect(corner.visibility == 1)
    let all = try follow(label, [drop([Rectangle(x: 10, y: 10, width: 40, height: 39)])])
    #expect(all.shape == nil && all.isCovered)
  }

  @Test func masksOfObjectsLoseWhatMasksLose() throws {
    let area = PixelArea(covering: box(10, 10, 50, 40), in: Self.shape)
    let mask = RunLengths(area, width: 100, height: 100)
    let label = LabelShape(box(10, 10, 50, 40), outline: .mask(mask))
    let kept = try follow(label, [drop()])
    #expect(kept.shape?.outline == .mask(mask) && kept.visibility == 0.5)
    #expect(kept.shape?.box == box(30, 10, 50, 40))
    guard case .mask(let cleared) = try follow(label, [drop(maskFill: [0])]).shape?.outline else {
      Issue.record("the mask is lost")
      return
    }
    #expect(cleared.bounds == box(30, 10, 50, 40))
  }

  @Test func aDropWorksOnWhatAGeometryHasMoved() throws {
    let mirror = Imaging.Operation.geometry(.orientation(.mirror))
    let followed = try follow(LabelShape(box(50, 10, 90, 40)), [mirror, drop(), mirror])
    #expect(followed.shape?.box == box(50, 10, 70, 40) && followed.visibility == 0.5)
  }

  @Test func droppedPixelsLeaveBoxesAndPointsWhole() throws {
    var dropout = PixelDropout()
    dropout.dropoutProb = 0.5
    let operation = dropout.operation(.init(levels: [0], seed: 3), for: Self.shape)
    let label = LabelShape(box(10, 10, 90, 90), keypoints: [Keypoint(Vertex(20, 20)), Keypoint(Vertex(21, 21))])
    let followed = try follow(label, [operation])
    #expect(followed.shape == label && abs(followed.visibility - 0.5) < 0.05)
    dropout.perChannel = true
    let values = dropout.operation(.init(levels: [0], seed: 3), for: Self.shape)
    #expect(try follow(label, [values]).visibility == 1)
  }
}
