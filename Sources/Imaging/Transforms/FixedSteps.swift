// The steps of a pipeline that always does what was drawn.

/// The largest number of a column or row in a pipeline file.
private let lastPlace = 65_535

extension Transform {
  /// A step that always runs, with other parameters.
  func always(_ change: (inout Self) -> Void = { _ in }) -> PipelineNode {
    var transform = self
    change(&transform)
    return .transform(transform, p: 1)
  }
}

extension ClosedRange {
  /// The range from which nothing else can be drawn.
  static func only(_ value: Bound) -> Self { value...value }
}

extension Double {
  /// A number near `guess` that `map` takes to exactly this one, as it did when this one was drawn; `guess` if there is
  /// none.
  func source(near guess: Double, of map: (_ source: Double) -> Double) -> Double {
    var (below, above) = (guess, guess)
    // Two roundings lead at most a few units in the last place away.
    for _ in 0..<4 {
      if map(below) == self { return below }
      if map(above) == self { return above }
      (below, above) = (below.nextDown, above.nextUp)
    }
    return guess
  }

  /// Of a shift in levels: its share of 255, which is as good as any larger one.
  var shareOfLevels: Double { min(max(source(near: self / 255) { $0 * 255 }, -1), 1) }
}

extension Orientation {
  /// The mirrors and exchanges of rows and columns that it consists of.
  var steps: PipelineNode {
    let steps =
      (swapsSides ? [Transpose().always()] : []) + (turnsColumns ? [HorizontalFlip().always()] : [])
      + (turnsRows ? [VerticalFlip().always()] : [])
    return steps.isEmpty ? .noOp(p: 1) : .sequential(steps, p: 1)
  }
}

extension PipelineNode {
  /// Multiplies the channels of a colour image, each by a factor of its own.
  static func multiplying(channelsBy factors: [Double]) -> PipelineNode {
    let steps = factors.enumerated().filter { $0.element != 1 }.map { channel, factor -> PipelineNode in
      .selectiveChannels([MultiplicativeNoise().always { $0.multiplier = .only(factor) }], channels: [channel])
    }
    return steps.isEmpty ? .noOp(p: 1) : .sequential(steps, p: 1)
  }

  /// A crop at a place; `nil` if it has no pixels or lies where no image reaches.
  static func crop(_ part: Rectangle) -> PipelineNode? { Crop(at: part)?.always() }

  /// The same, resized.
  static func crop(_ part: Rectangle, then resize: Resize) -> PipelineNode? {
    crop(part).map { .sequential([$0, resize.always()], p: 1) }
  }

  /// A window on an image of unknown size, at a place that was drawn: padded by as much as the smallest image lacks, and
  /// cropped. In one step, because padding twice would reflect a reflection.
  static func window(_ window: Rectangle, _ resampling: Resampling) -> PipelineNode? {
    let limits = -lastPlace...lastPlace
    guard [window.x, window.y, window.width, window.height].allSatisfy(limits.contains) else { return nil }
    let (left, top) = (max(0, -window.x), max(0, -window.y))
    let moved = Rectangle(x: window.x + left, y: window.y + top, width: window.width, height: window.height)
    guard var crop = Crop(at: moved) else { return nil }
    if left == 0, top == 0 {
      (crop.padIfNeeded, crop.padPosition, crop.resampling) = (true, .topLeft, resampling)
      return crop.always()
    }
    var pad = Pad()
    pad.padding = Pad.Sides(
      left: left, top: top, right: max(0, window.x + window.width), bottom: max(0, window.y + window.height))
    pad.resampling = resampling
    return .sequential([pad.always(), crop.always()], p: 1)
  }
}

extension Crop {
  /// `nil` if its parameters cannot say it.
  fileprivate init?(at part: Rectangle) {
    let places = 0...lastPlace
    guard places.contains(part.x), places.contains(part.y), part.width > 0, part.height > 0,
      places.contains(part.width), places.contains(part.height),
      places.contains(part.x + part.width), places.contains(part.y + part.height)
    else { return nil }
    self.init()
    (xMin, yMin, xMax, yMax) = (part.x, part.y, part.x + part.width, part.y + part.height)
  }
}
