/// Crops or pads each side, and resizes to the original size. Grey, colour and alpha.
///
/// Source: Albumentations `CropAndPad`, OpenCV `copyMakeBorder` and `resize`. Keeps its rules: of two whole numbers the
/// upper one is not drawn, and a fill of two numbers is a range, one of more a choice, of one level for all channels.
package struct CropAndPad: Resampled {
  package struct Drawn: Codable, Sendable {
    /// Pixels added on each side; negative: cut off.
    package var top, right, bottom, left: Int
    package var fill: Double
    package var maskFill: Double
  }

  package static let summary = "Crops or pads each side, and resizes to the original size."
  package static let defaultProbability = 1.0
  package static let parameters: [Parameter<CropAndPad>] =
    [
      .sideAmounts("px", \.pixels, whole: true, "pixels added on each side; negative: cut off"),
      .sideAmounts("percent", \.shares, whole: false, "the same as shares of height and width, in place of px"),
      .flag("keep_size", \.keepSize, "whether to resize to the original size"),
      .flag("sample_independently", \.isIndependent, "whether a range for all sides is drawn from for each"),
    ] + Parameter.sampling + [
      Parameter.padding[0],
      .levelChoice("fill", \.resampling.fill, "level beyond the edge for border_mode 0"),
      .levelChoice("fill_mask", \.resampling.maskFill, "the same for masks"),
    ]

  package var pixels: SideAmounts?
  package var shares: SideAmounts?
  package var keepSize = true
  package var isIndependent = true
  package var resampling = Resampling()

  package init() {}

  /// Albumentations has no default for the amounts.
  package static var example: CropAndPad {
    var transform = CropAndPad()
    transform.shares = .range(.between(-0.1...0.1))
    return transform
  }

  package func check() throws(ParameterError) {
    guard (pixels == nil) == (shares == nil) else { return }
    throw ParameterError("must have either px or percent")
  }

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    let (height, width) = (Double(context.shape.height), Double(context.shape.width))
    var sides = [0, 0, 0, 0]
    if let pixels {
      sides = pixels.sample(isIndependent, using: &random).map { Int($0) }
    } else if let shares {
      let drawn = shares.sample(isIndependent, using: &random)
      sides = zip(drawn, [height, width, height, width]).map { Int($0 * $1) }
    }
    return Drawn(
      top: sides[0], right: sides[1], bottom: sides[2], left: sides[3],
      fill: Self.level(resampling.fill, using: &random), maskFill: Self.level(resampling.maskFill, using: &random))
  }

  package func fixed(at drawn: Drawn) -> PipelineNode? {
    let sides = [drawn.top, drawn.right, drawn.bottom, drawn.left]
    guard sides.allSatisfy((-65_535...65_535).contains) else { return nil }
    return always {
      ($0.pixels, $0.shares) = (.each(sides.map { .fixed(Double($0)) }), nil)
      ($0.resampling.fill, $0.resampling.maskFill) = ([drawn.fill], [drawn.maskFill])
    }
  }

  private static func level(_ levels: [Double], using random: inout RandomStream) -> Double {
    switch levels.count {
    case 0, 1: levels.first ?? 0
    case 2: random.uniform(min(levels[0], levels[1])...max(levels[0], levels[1]))
    default: levels[random.integer(0...levels.count - 1)]
    }
  }

  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    let limits = -Self.most...Self.most
    guard [drawn.top, drawn.right, drawn.bottom, drawn.left].allSatisfy(limits.contains) else {
      return .impossible("its sides are out of all bounds")
    }
    let kept = drawn.kept(of: shape)
    guard shape.byteCount == 0 || kept.isPart(of: shape) else { return .impossible("nothing of the image is left") }
    let output = shape.sized(kept.width, kept.height)
    let padded = drawn.padded(output)
    var resampling = resampling
    (resampling.fill, resampling.maskFill) = ([drawn.fill], [drawn.maskFill])
    let steps: [Operation] = [.crop(kept, of: shape), .window(padded, of: output, resampling)]
    guard keepSize, padded.size != shape.size, shape.byteCount > 0 else { return .sequence(steps) }
    return .sequence(steps + [.geometry(.resize(width: shape.width, height: shape.height), resampling)])
  }

  /// More than any image has rows.
  fileprivate static let most = 100_000_000
}

extension CropAndPad.Drawn {
  /// What is left of an image. Where it would be nothing, less is cut off on both sides, as in Albumentations.
  fileprivate func kept(of shape: ImageShape) -> Rectangle {
    let columns = Self.kept(of: shape.width, left, right)
    let rows = Self.kept(of: shape.height, top, bottom)
    return Rectangle(x: columns.first, y: rows.first, width: columns.count, height: rows.count)
  }

  private static func kept(of length: Int, _ start: Int, _ end: Int) -> (first: Int, count: Int) {
    var (first, last) = (max(0, -start), max(0, -end))
    if length - first - last < 1 {
      let regained = length + 1
      var (before, after) = (regained - regained / 2, regained / 2)
      if before > first {
        (before, after) = (first, regained - first)
      } else if after > last {
        (before, after) = (regained - last, last)
      }
      (first, last) = (max(0, first - before), max(0, last - after))
    }
    return (first, length - first - last)
  }

  fileprivate func padded(_ shape: ImageShape) -> Rectangle {
    let (before, after) = ((x: max(0, left), y: max(0, top)), (x: max(0, right), y: max(0, bottom)))
    return Rectangle(
      x: -before.x, y: -before.y, width: shape.width + before.x + after.x, height: shape.height + before.y + after.y)
  }
}
