/// Scales, rotates, shears and translates. Grey, colour and alpha.
///
/// Source: Albumentations `Affine`, OpenCV `warpAffine`. Keeps a quirk of Albumentations: with `fit_output` every map
/// except the identity gives an output one pixel larger than needed.
package struct Affine: Transform, Resampled {
  package struct Axes: Hashable, Sendable {
    package var x: ClosedRange<Double>
    package var y: ClosedRange<Double>

    package init(x: ClosedRange<Double>, y: ClosedRange<Double>) { (self.x, self.y) = (x, y) }

    package init(_ both: ClosedRange<Double>) { self.init(x: both, y: both) }
  }

  package typealias Drawn = AffineDraw

  package static let summary = "Scales, rotates, shears and translates the image about its centre."
  package static let parameters: [Parameter<Affine>] =
    [
      axes("scale", "factors", missing: 1, { $0.scale }, { $0.scale = $1 ?? Axes(1...1) }),
      axes("translate_percent", "translation relative to the image size", { $0.translatePercent }) { root, axes in
        root.translatePercent = axes
        root.translatePx = axes == nil ? Axes(0...0) : nil
      },
      translatePx,
      .fixedOrRange("rotate", \.rotate, in: .anyNumber, "angle in degrees, counter-clockwise"),
      axes("shear", "angles in degrees", { $0.shear }, { $0.shear = $1 ?? Axes(0...0) }),
      .flag("fit_output", \.fitOutput, "whether the output is sized to hold the whole image"),
      keepRatio,
      .choice("rotate_method", \.rotateMethod, "how boxes follow a rotation"),
      .flag("balanced_scale", \.balancedScale, "whether shrinking and enlarging are equally likely"),
    ] + Parameter.resamplingWithMasks

  package var scale = Axes(1...1)
  /// Ranges of the translation as a fraction of width and height.
  package var translatePercent: Axes?
  /// Ranges of the translation in pixels.
  package var translatePx: Axes? = Axes(0...0)
  /// Range of the angle in degrees.
  package var rotate = 0.0...0.0
  /// Ranges of the shear in degrees.
  package var shear = Axes(0...0)
  /// Whether the output is sized to hold the whole image.
  package var fitOutput = false
  /// Whether both axes use the factor of x.
  package var keepRatio = false
  package var rotateMethod = RotateMethod.largestBox
  /// Whether shrinking and enlarging are equally likely.
  package var balancedScale = false
  package var resampling = Resampling()

  package init() {}

  /// The defaults change nothing.
  package static var example: Affine {
    var transform = Affine()
    transform.rotate = -30...30
    return transform
  }

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    let translation = translation(context.shape, &random)
    let shear = Point(random.uniform(shear.x), random.uniform(shear.y))
    var scale = Point(factor(scale.x, &random), factor(scale.y, &random))
    if keepRatio { scale.y = scale.x }
    return Drawn(scale: scale, translation: translation, rotation: random.uniform(rotate), shear: shear)
  }

  package func fixed(at drawn: Drawn) -> PipelineNode? {
    let numbers = [drawn.scale, drawn.translation, drawn.shear].flatMap { [$0.x, $0.y] } + [drawn.rotation]
    guard numbers.allSatisfy(ClosedRange.anyNumber.contains) else { return nil }
    func axes(_ point: Point) -> Axes { Axes(x: .only(point.x), y: .only(point.y)) }
    return always {
      ($0.scale, $0.shear, $0.rotate) = (axes(drawn.scale), axes(drawn.shear), .only(drawn.rotation))
      ($0.translatePercent, $0.translatePx) = (nil, axes(drawn.translation))
      // Balanced, a single factor would be a range from it to 1.
      $0.balancedScale = false
    }
  }

  private func translation(_ shape: ImageShape, _ random: inout RandomStream) -> Point {
    if let percent = translatePercent {
      let share = Point(random.uniform(percent.x), random.uniform(percent.y))
      return (share * Point(Double(shape.width), Double(shape.height))).rounded(.towardZero)
    }
    guard let pixels = translatePx else { return .zero }
    func whole(_ range: ClosedRange<Double>) -> Double {
      Double(random.integer(Int(range.lowerBound)...Int(range.upperBound)))
    }
    let x = whole(pixels.x)
    return Point(x, whole(pixels.y))
  }

  private func factor(_ range: ClosedRange<Double>, _ random: inout RandomStream) -> Double {
    guard balancedScale else { return random.uniform(range) }
    switch (range.lowerBound < 1, range.upperBound > 1) {
    case (true, true):
      return random.uniform(random.integer(0...1) == 0 ? range.lowerBound...1 : 1...range.upperBound)
    case (true, false): return random.uniform(range.lowerBound...1)
    case (false, true): return random.uniform(1...range.upperBound)
    case (false, false): return 1
    }
  }

  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    guard shape.byteCount > 0 else { return .identity }
    let view = fitOutput ? fitted(drawn.matrix(for: shape), shape) : drawn.projection(for: shape)
    return .affine(view, resampling)
  }

  /// The bounding box of the mapped image, rounded outward to whole pixels, plus one.
  private func fitted(_ matrix: Matrix3, _ shape: ImageShape) -> Projection {
    let (width, height) = (Double(shape.width), Double(shape.height))
    let corners = [Point(0, 0), Point(width, 0), Point(width, height), Point(0, height)].map(matrix.apply)
    let least = corners.dropFirst().reduce(corners[0], pointwiseMin).rounded(.down)
    let most = corners.dropFirst().reduce(corners[0], pointwiseMax).rounded(.up)
    // A shear of 90 degrees exceeds any integer size; an output this large is later rejected as inapplicable.
    let size = pointwiseMin(most - least + Point(1, 1), Point(repeating: 1e9))
    return Projection(.translation(-least.x, -least.y) * matrix, width: Int(size.x), height: Int(size.y))
  }
}

extension Affine {
  private static let translatePx = axes("translate_px", "translation in pixels", { $0.translatePx }) {
    root, axes throws(ParameterError) in
    guard let axes else { return }
    guard root.translatePercent == nil else { throw ParameterError("must be null where translate_percent is given") }
    root.translatePx = axes
  }

  private static let keepRatio = Parameter<Affine>(
    name: "keep_ratio", summary: "whether both axes use the factor of x", text: { String($0.keepRatio) }
  ) { value, root throws(ParameterError) in
    root.keepRatio = try value.flag()
    guard root.keepRatio, root.scale.x != root.scale.y else { return }
    throw ParameterError("must be false where the scales of x and y differ")
  }

  /// A number or a range for both axes, an object with `x`, `y` or both, or null. An axis absent from an object gets
  /// `missing`.
  private static func axes(
    _ name: String, _ summary: String, missing: Double = 0, _ get: @escaping @Sendable (Affine) -> Axes?,
    _ set: @escaping @Sendable (inout Affine, Axes?) throws(ParameterError) -> Void
  ) -> Parameter<Affine> {
    Parameter(
      name: name, summary: "\(summary): a number, a range, or {\"x\": ..., \"y\": ...}",
      text: { root in get(root).map { "{\"x\": \(format($0.x)), \"y\": \(format($0.y))}" } ?? "null" }
    ) { value, root throws(ParameterError) in
      switch value.content {
      case .null: try set(&root, nil)
      case .object(let entries):
        var axes = Axes(missing...missing)
        guard !entries.isEmpty else { throw ParameterError("must have x, y or both") }
        for entry in entries {
          let range = try entry.value.fixedOrRange(in: .anyNumber)
          switch entry.key {
          case "x": axes.x = range
          case "y": axes.y = range
          default: throw ParameterError("must have x, y or both, not \(quoted(entry.key))")
          }
        }
        try set(&root, axes)
      default: try set(&root, Axes(try value.fixedOrRange(in: .anyNumber)))
      }
    }
  }
}
