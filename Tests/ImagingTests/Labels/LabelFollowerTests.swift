import Imaging
import TestSupport
import Testing

/// Labels move with the pixels: values that are known, ways back, and input that makes no sense.
struct LabelFollowerTests {
  private static let shape = ImageShape(width: 128, height: 96, channels: 3)

  private func follow(
    _ label: LabelShape, _ geometries: Geometry..., shape: ImageShape = shape
  ) throws -> FollowedShape {
    try LabelFollower(operations: geometries.map { .geometry($0) }, from: shape).follow(label)
  }

  private func box(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double) -> LabelShape {
    LabelShape(Box(Vertex(x1, y1), Vertex(x2, y2)))
  }

  private func difference(_ first: Box, _ second: Box) -> Double {
    let (start, end) = (first.upperLeft - second.upperLeft, first.lowerRight - second.lowerRight)
    return pointwiseMax(pointwiseMax(start, -start), pointwiseMax(end, -end)).max()
  }

  // MARK: Known values

  @Test func mirrorsAndQuarterTurnsAreExact() throws {
    let label = box(20.25, 10.5, 60.75, 50)
    let expected: [(Orientation, LabelShape)] = [
      (.mirror, box(67.25, 10.5, 107.75, 50)), (.flip, box(20.25, 46, 60.75, 85.5)),
      (.rotate180, box(67.25, 46, 107.75, 85.5)), (.transpose, box(10.5, 20.25, 50, 60.75)),
      (.rotate270, box(10.5, 67.25, 50, 107.75)), (.rotate90, box(46, 20.25, 85.5, 60.75)),
      (.transverse, box(46, 67.25, 85.5, 107.75)),
    ]
    for (orientation, moved) in expected {
      let followed = try follow(label, .orientation(orientation))
      #expect(followed.shape == moved && followed.visibility == 1, "\(orientation)")
    }
  }

  @Test func cropsCutAndResizesStretch() throws {
    let label = box(20, 10, 60, 50)
    let cut = try follow(label, .window(Rectangle(x: 30, y: -5, width: 60, height: 35)))
    #expect(cut.shape == box(0, 15, 30, 35) && cut.visibility == 0.375)
    #expect(try follow(label, .resize(width: 256, height: 48)).shape == box(40, 5, 120, 25))
    let gone = try follow(label, .window(Rectangle(x: 60, y: 0, width: 60, height: 35)))
    #expect(gone.shape == nil && gone.visibility == 0)
  }

  /// Albumentations maps the edges of boxes as if they were centres of pixels.
  @Test func perspectiveIsThatOfTheReferenceButForHalfAPixel() throws {
    let corners = [Point(6, 4), Point(121, 7), Point(118, 90), Point(9, 86)]
    let operation = Perspective().operation(.init(corners: corners), for: Self.shape)
    let follower = try LabelFollower(operations: [operation], from: Self.shape)
    let moved = try #require(try follower.follow(box(20.5, 10.5, 60.5, 50.5)).shape).box
    let expected = Box(Vertex(15.9358, 5.8767), Vertex(67.4097, 60.2922))
    #expect(difference(Box(moved.upperLeft - 0.5, moved.lowerRight - 0.5), expected) < 1e-4)
  }

  /// Its boxes are those of whole pixels, without the last one.
  @Test func fieldsAgreeWithTheReferenceWithinItsRounding() throws {
    let grid = SeparableField(
      columns: GridDistortion().coordinates([1.1, 0.9, 1, 1.2, 0.8, 1], length: 128),
      rows: GridDistortion().coordinates([0.9, 1.1, 1.05, 0.95, 1, 1], length: 96))
    let cases: [(Geometry, LabelShape, LabelShape)] = [
      (.field(grid), box(20, 10, 60, 50), box(18, 10, 61, 50)),
      (.field(grid), box(100, 70, 128, 96), box(95, 69, 127, 96)),
      (.field(LensField(k: 0.05, isFisheye: false)), box(20, 10, 60, 50), box(20, 10, 61, 50)),
      (.field(LensField(k: 0.05, isFisheye: false)), box(100, 70, 128, 96), box(99, 69, 126, 95)),
    ]
    for (geometry, label, expected) in cases {
      let moved = try #require(try follow(label, geometry).shape).box
      #expect(difference(moved, expected.box) < 1.5, "\(moved)")
    }
  }

  // MARK: Ways back

  @Test func turningThereAndBackGivesTheBox() throws {
    var random = SeededGenerator(seed: 4)
    for _ in 0..<300 {
      let angle = Double.random(in: 0...6.28, using: &random)
      let (cosine, sine) = (sine(angle + .pi / 2), sine(angle))
      let turn = Matrix3([cosine, sine, 0, -sine, cosine, 0, 0, 0, 1])
      let matrix = .translation(200, 200) * turn * .translation(-64, -48)
      let back = try #require(matrix.inverse)
      let (x, y) = (Double.random(in: 0...100, using: &random), Double.random(in: 0...70, using: &random))
      let label = box(
        x, y, x + Double.random(in: 1...28, using: &random), y + Double.random(in: 1...26, using: &random))
      let there = Geometry.affine(Projection(matrix, width: 400, height: 400))
      let followed = try follow(label, there, .affine(Projection(back, width: 128, height: 96)))
      #expect(difference(try #require(followed.shape).box, label.box) < 1e-9)
      #expect(followed.visibility == 1)
    }
  }

  @Test(
    arguments: [
      LensField(k: 0.2, isFisheye: false), ElasticField(seed: 2, alpha: 40, sigma: 6),
      ElasticField(seed: 2, alpha: 200, sigma: 15),
    ] as [any PointField])
  func polygonsThroughAFieldComeBackByItsFormula(field: any PointField) throws {
    let map = try field.map(for: Self.shape)
    let label = LabelShape(
      Box(Vertex(30, 25), Vertex(90, 70)),
      outline: .polygons([[Vertex(30, 40), Vertex(60, 25), Vertex(90, 50), Vertex(50, 70)]]))
    let moved = try #require(try follow(label, .field(field)).shape)
    for corner in moved.outline.polygons.joined() {
      let place = map.place(of: corner - 0.5) + 0.5
      #expect(distance(place, to: label.outline.polygons) < 1e-6)
    }
    // Between its corners the line is close to the curve as well.
    for line in moved.outline.polygons {
      for (first, second) in zip(line, line.dropFirst() + line.prefix(1)) {
        let place = map.place(of: (first + second) / 2 - 0.5) + 0.5
        #expect(distance(place, to: label.outline.polygons) < 0.25)
      }
    }
  }

  @Test func holesStayHoles() throws {
    let outer = [Vertex(10, 10), Vertex(60, 10), Vertex(60, 60), Vertex(10, 60)]
    let inner = [Vertex(20, 20), Vertex(50, 20), Vertex(50, 50), Vertex(20, 50)]
    let label = LabelShape(Box(outer[0], outer[2]), outline: .polygons([outer, inner]))
    #expect(try label.area() == 1600)
    let moved = try follow(label, .window(Rectangle(x: 35, y: 0, width: 90, height: 90)))
    let shape = try #require(moved.shape)
    #expect(try shape.area() == 800 && moved.visibility == 0.5)
    #expect(shape.box == Box(Vertex(0, 10), Vertex(25, 60)))
    let turned = try #require(try follow(label, .orientation(.rotate90)).shape)
    #expect(turned.outline.polygons.count == 2)
    #expect(try turned.area() == 1600)
  }

  // MARK: Visibility

  @Test func visibilityCountsFromTheOriginal() throws {
    let label = box(0, 0, 160, 50)
    let shape = ImageShape(width: 300, height: 100, channels: 3)
    let followed = try follow(
      label, .window(Rectangle(x: 0, y: 0, width: 100, height: 100)), .resize(width: 50, height: 50),
      .window(Rectangle(x: 0, y: 0, width: 30, height: 50)), shape: shape)
    #expect(abs(followed.visibility - 0.375) < 1e-12)
  }

  @Test func stepsTellWhatEachHasCutOff() throws {
    let operations = [
      Operation.geometry(.window(Rectangle(x: 0, y: 0, width: 40, height: 96))), .lookup(.identity),
      .sequence([.geometry(.orientation(.mirror)), .geometry(.window(Rectangle(x: 30, y: 0, width: 10, height: 10)))]),
    ]
    let follower = try LabelFollower(operations: operations, from: Self.shape, keepsSteps: true)
    let followed = try follower.follow(box(20, 10, 60, 50))
    #expect(followed.shape == nil)
    #expect(
      followed.steps == [
        FollowedStep(
          whole: box(20, 10, 60, 50).box, inside: box(20, 10, 40, 50).box, size: ImageSize(width: 40, height: 96)),
        FollowedStep(
          whole: box(0, 10, 20, 50).box, inside: box(0, 10, 20, 50).box, size: ImageSize(width: 40, height: 96)),
        FollowedStep(whole: box(-30, 10, -10, 50).box, inside: nil, size: ImageSize(width: 10, height: 10)),
      ])
  }

  @Test func whatLiesOutsideTheSourceIsNoPartOfALabel() throws {
    let followed = try follow(box(-20, -10, 20, 10), .window(Rectangle(x: -50, y: -50, width: 228, height: 196)))
    #expect(followed.shape == box(50, 50, 70, 60) && followed.visibility == 1)
  }

  // MARK: Keypoints and mirrors

  @Test func keypointsMoveAndThoseOutsideAreLost() throws {
    let label = LabelShape(
      Box(Vertex(10, 10), Vertex(100, 90)),
      keypoints: [
        Keypoint(Vertex(20.5, 30)), Keypoint(Vertex(90, 80), .hidden), Keypoint(Vertex(5, 5), .unlabelled),
        Keypoint(Vertex(.nan, 7)),
      ])
    let followed = try follow(label, .orientation(.mirror), .window(Rectangle(x: 50, y: 0, width: 78, height: 96)))
    let points = try #require(followed.shape).keypoints
    #expect(
      points == [
        Keypoint(Vertex(57.5, 30)), Keypoint(.zero, .unlabelled), Keypoint(Vertex(5, 5), .unlabelled),
        Keypoint(.zero, .unlabelled),
      ])
    #expect(followed.lostKeypoints == 2)
  }

  @Test func mirrorsAreTold() throws {
    func isMirrored(_ geometries: Geometry...) throws -> Bool {
      try LabelFollower(operations: geometries.map { .geometry($0) }, from: Self.shape).isMirrored
    }
    #expect(try isMirrored(.orientation(.mirror)) && isMirrored(.orientation(.transpose)))
    #expect(try !isMirrored(.orientation(.rotate90)) && !isMirrored(.orientation(.mirror), .orientation(.flip)))
    #expect(try isMirrored(.affine(Projection(.scale(-1, 1) * .translation(-127, 0), width: 128, height: 96))))
    #expect(try !isMirrored(.field(LensField(k: 0.1, isFisheye: true)), .resize(width: 5, height: 9)))
    // The same view, whose depths are all negative.
    let negative = Matrix3([-1, 0, 0, 0, -1, 0, 0, 0, -1])
    #expect(try !isMirrored(.projective(Projection(negative, width: 128, height: 96))))
  }

  // MARK: Horizons and nonsense

  /// The ground below a horizon at y = 50, seen at a steep angle.
  private static let ground = Projection(
    Matrix3([1, 1.28, -64, 0, 0.5, 20, 0, 0.02, 0]) * .translation(0, -50), width: 128, height: 96)

  @Test func labelsAcrossTheHorizonAreWhatThePixelsShow() throws {
    var random = SeededGenerator(seed: 8)
    var shown = 0
    for _ in 0..<200 {
      let start = Vertex(Double(Int.random(in: 0...90, using: &random)), Double(Int.random(in: 0...60, using: &random)))
      let label = LabelShape(Box(start, start + Vertex(30, 30)))
      var nearest = Resampling()
      nearest.interpolation = .nearest
      let mask = RunLengths(inside: [label.box.corners], in: Self.shape)
      var pixels = PixelBuffer()
      try mask.paint(into: &pixels)
      let seen = try RunLengths(Operation.geometry(.projective(Self.ground), nearest).applied(to: pixels))
      let followed = try follow(label, .projective(Self.ground)).shape
      guard let bounds = seen.bounds, seen.area > 20 else { continue }
      #expect(difference(try #require(followed).box, bounds) < 2, "\(label.box)")
      shown += 1
    }
    #expect(shown > 50)
  }

  private static let absurd: [Double] = [
    .nan, .infinity, -.infinity, 1e300, -1e300, 1e19, -1e12, 1e9, .leastNonzeroMagnitude, -0.0,
  ]

  private static let everyKind: [Geometry] = [
    .orientation(.rotate90), .window(Rectangle(x: 3, y: 4, width: 50, height: 60)), .resize(width: 70, height: 20),
    .affine(Projection(Matrix3([0.9, 0.3, 4, -0.3, 0.9, 5, 0, 0, 1]), width: 100, height: 90)),
    .affine(Projection(.scale(0, 0), width: 100, height: 90)), .projective(ground),
    .affine(Projection(Matrix3([.nan, 0, 0, 0, 1e300, 0, 0, 0, 1]), width: 10, height: 9)),
    .projective(Projection(Matrix3([1e300, 1, 0, 0, 1e300, 0, 1e300, 0, 1e-300]), width: 100, height: 90)),
    .field(LensField(k: 0.1, isFisheye: false)), .field(LensField(k: -1000, isFisheye: true)),
    .field(ElasticField(seed: 1, alpha: 50, sigma: 13)), .field(ElasticField(seed: 1, alpha: 1e6, sigma: 2)),
    .field(SeparableField(columns: (0..<128).map { Float($0 % 7) }, rows: Array(repeating: 5, count: 96))),
    .field(
      DisplacementField(
        dx: (0..<128 * 96).map { $0 % 5 == 0 ? .nan : 3 }, dy: Array(repeating: .infinity, count: 128 * 96))),
  ]

  @Test(arguments: everyKind.indices) func nothingTrapsOnAbsurdLabels(index: Int) throws {
    let follower = try LabelFollower(operations: [.geometry(Self.everyKind[index])], from: Self.shape)
    for value in Self.absurd {
      for other in Self.absurd + [5, 90] {
        let corners = [Vertex(value, 3), Vertex(40, other), Vertex(other, value), Vertex(20, 60)]
        let box = Box(Vertex(min(value, other), -3), Vertex(max(value, other), 50))
        let point = Keypoint(Vertex(value, other))
        for outline in [Outline.none, .polygons([corners, []]), .polygons([[Vertex(value, value)]])] {
          for box in [box, Box(Vertex(10, 10), Vertex(50, 50))] {
            let followed = try follower.follow(LabelShape(box, outline: outline, keypoints: [point]))
            #expect((0...1).contains(followed.visibility))
            guard let moved = followed.shape else { continue }
            #expect(moved.box.area > 0 && follower.outputShape.frame.contains(moved.box.upperLeft))
            #expect(follower.outputShape.frame.contains(moved.box.lowerRight))
          }
        }
      }
    }
  }

  @Test func masksOfAnotherSizeAreRefused() throws {
    let mask = try #require(RunLengths(width: 5, height: 4, counts: [3, 10, 7]))
    #expect(throws: ImagingError.self) {
      try follow(LabelShape(Box(.zero, Vertex(5, 4)), outline: .mask(mask)), .orientation(.mirror))
    }
  }

  @Test func anImageWithoutPixelsHasNoLabels() throws {
    let empty = ImageShape(width: 0, height: 0, channels: 3)
    #expect(try follow(box(0, 0, 5, 5), .orientation(.mirror), shape: empty).shape == nil)
    #expect(try follow(box(0, 0, 5, 5), .window(Rectangle(x: 0, y: 0, width: 0, height: 9))).shape == nil)
  }

  // MARK: Masks

  @Test func masksGoWhereTheirPixelsGo() throws {
    let mask = RunLengths(inside: [[Vertex(20, 20), Vertex(50, 20), Vertex(20, 60)]], in: Self.shape)
    let box = try #require(mask.bounds)
    let label = LabelShape(box, outline: .mask(mask))
    let followed = try follow(label, .window(Rectangle(x: 30, y: 10, width: 60, height: 60)))
    let shape = try #require(followed.shape)
    guard case .mask(let moved) = shape.outline else {
      Issue.record("a mask stays one")
      return
    }
    #expect(moved.bounds == shape.box)
    #expect(abs(followed.visibility - Double(moved.area) / Double(mask.area)) < 1e-9)
    let mirrored = try #require(try follow(label, .orientation(.mirror)).shape)
    #expect(mirrored.box == self.box(128 - box.lowerRight.x, 20, 128 - box.upperLeft.x, box.lowerRight.y).box)
  }
}
