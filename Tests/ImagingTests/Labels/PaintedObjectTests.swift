import Imaging
import TestSupport
import Testing

/// Boxes, polygons and masks mark what the pixels show, after every transform of the catalogue.
struct PaintedObjectTests {
  /// Every transform as it comes, and those of which that moves little or nothing, with strength.
  /// But for dropouts, which cut boxes as boxes, whatever shape an object has: see CoveredLabelTests.
  private static let transforms: [any Transform] = Variants.ready.filter { !isDropout($0) } + strong

  private static func isDropout(_ transform: any Transform) -> Bool {
    TransformCatalog.families.contains { family in
      family.name == "Dropout" && family.transforms.contains { $0 == type(of: transform) }
    }
  }

  private static var strong: [any Transform] {
    var transforms: [any Transform] = []
    for (alpha, sigma) in [(600.0, 14.0), (60, 6), (2000, 40)] {
      var elastic = ElasticTransform()
      (elastic.alpha, elastic.sigma) = (alpha, sigma)
      transforms.append(elastic)
    }
    for mode in OpticalDistortion.Mode.allCases {
      var lens = OpticalDistortion()
      (lens.distortLimit, lens.mode) = (-0.4...0.4, mode)
      transforms.append(lens)
    }
    for (keepSize, fitOutput) in [(false, false), (true, true)] {
      var view = Perspective()
      (view.keepSize, view.fitOutput) = (keepSize, fitOutput)
      transforms.append(view)
    }
    var turned = Affine()
    (turned.rotate, turned.scale, turned.shear) = (-180...180, .init(0.6...1.3), .init(-20...20))
    turned.translatePx = .init(-20...20)
    var fitted = turned
    fitted.fitOutput = true
    var crop = CenterCrop()
    (crop.width, crop.height, crop.padIfNeeded, crop.padPosition) = (100, 100, true, .random)
    var cells = GridElasticDeform()
    (cells.grid, cells.magnitude) = (.init(rows: 3, columns: 2), 15)
    var plate = ThinPlateSpline()
    (plate.controlPointCount, plate.scaleRange) = (3, 0.6...0.6)
    var pieces = PiecewiseAffine()
    (pieces.columnCount, pieces.scale) = (2...7, 0.1...0.2)
    transforms += [cells, plate, pieces] as [any Transform]
    return transforms + shuffled + morphs + [turned, fitted, crop] as [any Transform]
  }

  private static var shuffled: [any Transform] {
    [(1, 2), (5, 4)].map { rows, columns in
      var shuffle = RandomGridShuffle()
      shuffle.grid = .init(rows: rows, columns: columns)
      return shuffle
    }
  }

  private static var morphs: [any Transform] {
    Morph.Kind.allCases.map { kind in
      var morph = Morphological()
      (morph.kind, morph.scale) = (kind, .init(width: 8, height: 5))
      return morph
    }
  }

  private static let sizes = [
    ImageSize(width: 160, height: 120), .init(width: 97, height: 131), .init(width: 240, height: 70),
  ]
  /// For transforms that smaller images do not suit.
  private static let largeSizes = [ImageSize(width: 250, height: 230), .init(width: 1100, height: 1050)]

  @Test(arguments: transforms.indices)
  func labelsMarkWhatThePixelsShow(index: Int) throws {
    let transform = Self.transforms[index]
    var (random, stream) = (SeededGenerator(seed: index), RandomStream(state: (UInt64(index), 7, 8, 9)))
    var checked = 0
    for size in Self.sizes + Self.largeSizes where checked == 0 || !Self.largeSizes.contains(size) {
      for _ in 0..<12 {
        let scene = PaintedScene(size, using: &random)
        guard let operation = sampled(transform, for: scene.shape, using: &stream) else { continue }
        // Where a field squeezes an object, its end may be narrower than a pixel.
        let tolerance = tolerance(of: operation)
        let limits = Self.sharpening[type(of: transform).name] ?? Limits(tolerance, tip: tolerance > 1 ? 2 : 0)
        try check(scene, [operation], limits, "\(type(of: transform)) \(size)")
        checked += 1
      }
    }
    #expect(checked > 0, "images of some size suit it")
  }

  /// Each step chooses the nearest pixel anew, which adds half of one.
  @Test func labelsMarkWhatThePixelsShowAfterThreeTransforms() throws {
    var (random, stream) = (SeededGenerator(seed: 5), RandomStream(state: (5, 7, 8, 9)))
    var checked = 0
    while checked < 60 {
      let scene = PaintedScene(.init(width: 170, height: 140), using: &random)
      var (operations, shape) = ([Operation](), scene.shape)
      while operations.count < 3, let transform = Self.strong.randomElement(using: &random) {
        guard let operation = sampled(transform, for: shape, using: &stream) else { continue }
        operations.append(operation)
        shape = operation.outputShape(for: shape)
      }
      let limits = Limits(2.5, tip: 0)
      try check(scene, operations, limits, "\(operations.count) steps, draw \(checked)")
      checked += 1
    }
  }

  /// How far boxes and pixels may lie apart.
  private struct Limits {
    var tolerance: Double
    /// By which a box may reach beyond the pixels: the end of a narrow tip lies between their centres.
    var tip: Double

    init(_ tolerance: Double, tip: Double) { (self.tolerance, self.tip) = (tolerance, tip) }
  }

  /// Transforms that squeeze images so much along one axis that corners become narrow tips. Between cells that are
  /// squeezed, a pixel may belong to either.
  private static let sharpening = [
    SafeRotate.name: Limits(1, tip: 5), ThinPlateSpline.name: Limits(1.5, tip: 5),
    GridElasticDeform.name: Limits(3, tip: 10),
  ]

  private func tolerance(of operation: Operation) -> Double {
    [operation].geometric.contains { if case .geometry(.field, _) = $0 { true } else { false } } ? 1.5 : 1
  }

  private func sampled(
    _ transform: some Transform, for shape: ImageShape, using random: inout RandomStream
  ) -> Operation? {
    let operation = transform.operation(transform.sample(for: shape, using: &random), for: shape)
    return operation.refusal == nil ? operation : nil
  }

  private func check(
    _ scene: PaintedScene, _ operations: [Operation], _ limits: Limits, _ name: String
  ) throws {
    let follower = try LabelFollower(operations: operations, from: scene.shape)
    for (object, label) in scene.labels.enumerated() {
      // Each alone: what grows meets others.
      let pixels = try RunLengths(nearest(operations.moving, of: object, in: scene))
      #expect(follower.outputShape.size == ImageSize(width: pixels.width, height: pixels.height))
      let followed = try follower.follow(label)
      let context = "\(name), object \(object)"
      expectBox(followed, pixels, limits, context)
      try expectPolygons(followed, pixels, limits.tolerance, context)
      try expectMask(scene, object, follower, pixels, context)
    }
  }

  private func nearest(_ operations: [Operation], of object: Int, in scene: PaintedScene) throws -> PixelBuffer {
    var resampling = Resampling()
    resampling.interpolation = .nearest
    return try Operation.sequence(
      operations.map { if case .geometry(let geometry, _) = $0 { .geometry(geometry, resampling) } else { $0 } }
    ).applied(to: PaintedScene.painted(object, in: scene.plane))
  }

  private func expectBox(_ followed: FollowedShape, _ pixels: RunLengths, _ limits: Limits, _ context: String) {
    guard let box = followed.shape?.box, let bounds = pixels.bounds else {
      // A sliver may lie between the centres of pixels.
      #expect(followed.shape.map { $0.box.shorterSide < 1 } ?? (pixels.area < 3), "\(context): lost on one side only")
      return
    }
    let (start, end) = (box.upperLeft - bounds.upperLeft, bounds.lowerRight - box.lowerRight)
    #expect(max(start, end) <= limits.tolerance, "\(context): \(box) for pixels in \(bounds)")
    // The tip that the edge of the image has left of an object may lie between the centres of pixels.
    guard followed.visibility == 1 else { return }
    #expect(max(-start, -end) <= Swift.max(limits.tolerance, limits.tip), "\(context): \(box) for pixels in \(bounds)")
  }

  private func max(_ first: Vertex, _ second: Vertex) -> Double { pointwiseMax(first, second).max() }

  private func expectPolygons(
    _ followed: FollowedShape, _ pixels: RunLengths, _ tolerance: Double, _ context: String
  ) throws {
    guard let polygons = followed.shape?.outline.polygons, !polygons.isEmpty else { return }
    let shape = ImageShape(width: pixels.width, height: pixels.height, channels: 1)
    let area = RunLengths(inside: polygons, in: shape)
    var most = 0.0
    for pixel in try differing(area, pixels) { most = Swift.max(most, distance(pixel, to: polygons)) }
    #expect(most <= tolerance, "\(context): a pixel \(most) from the border")
  }

  /// The centres of pixels that lie in one of two masks only.
  private func differing(_ first: RunLengths, _ second: RunLengths) throws -> [Vertex] {
    var left = PixelBuffer()
    var right = PixelBuffer()
    try first.paint(into: &left)
    try second.paint(into: &right)
    return zip(left.bytes, right.bytes).enumerated().filter { $0.element.0 != $0.element.1 }.map { index, _ in
      Vertex(Double(index % first.width), Double(index / first.width)) + 0.5
    }
  }

  private func expectMask(
    _ scene: PaintedScene, _ object: Int, _ follower: LabelFollower, _ pixels: RunLengths, _ context: String
  ) throws {
    let mask = try PaintedScene.pixels(of: object, in: scene.plane)
    guard let box = mask.bounds else { return }
    let followed = try follower.follow(LabelShape(box, outline: .mask(mask)))
    if let shape = followed.shape { #expect(shape.outline == .mask(pixels), "\(context)") }
    #expect(followed.shape != nil || pixels.area < 3, "\(context)")
  }
}
