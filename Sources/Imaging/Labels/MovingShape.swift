/// A label on its way through the steps of a geometry.
struct MovingShape {
  /// Closed lines around the object: its outline, or the border of its box once that is no box any more.
  private(set) var lines: [[Vertex]] = []
  private(set) var visibility = 1.0
  /// Whether a drop covers all that was left of it.
  private(set) var isCovered = false
  /// The label's box, as long as it is one.
  private var box: Box?
  private let hasOutline: Bool
  /// Whether the box is the one around the outline, not a wider or narrower one on purpose.
  private let isTight: Bool

  init(_ shape: LabelShape, in image: ImageShape) {
    let polygons = shape.outline.polygons.filter { $0.count > 2 }
    let isFinite = shape.box.isFinite && polygons.allSatisfy { $0.allSatisfy(\.isFinite) }
    hasOutline = isFinite && !polygons.isEmpty
    if isFinite { (box, lines) = (shape.box, polygons.map(\.limited)) }
    isTight = hasOutline && Box(around: lines.joined()).map { $0.isClose(to: shape.box) } == true
  }

  var isBox: Bool { box != nil }

  /// The polygons of a label that has any.
  var outline: Outline { hasOutline ? .polygons(lines) : .none }

  /// Whether nothing is left in the image.
  var isLost: Bool { bounds == nil }

  /// The box of the label; `nil` if nothing is left.
  var bounds: Box? {
    let bounds = box ?? Box(around: lines.joined())
    return bounds.map { $0.area > 0 } == true ? bounds : nil
  }

  /// Cuts off what lies beyond the edges of the image that the label was made for. It has never been visible.
  mutating func cut(to image: ImageShape) throws(ImagingError) {
    guard bounds != nil else { return }
    try cut(to: image.frame)
    visibility = 1
  }

  /// Moves the shape, and cuts off what leaves the image.
  /// - Returns: the box before the cut.
  mutating func move(by step: LabelStep) throws(ImagingError) -> Box {
    if let before = box {
      box = step.box(before)
      if box == nil && !hasOutline { lines = [before.corners] }
    }
    if let moved = try step.lines(lines) {
      lines = moved
    } else {
      lines = try step.pixelated(lines, &visibility)
    }
    lines = lines.map(\.limited)
    if isTight && step.reshapes { box = Box(around: lines.joined()) }
    let whole = bounds ?? Box(.zero, .zero)  // a geometry that flattens
    try cut(to: step.output.frame)
    if let hidden = step.hidden { cover(with: hidden) }
    return whole
  }

  /// Takes away what a drop hides. An outline stays whole, unless all of it is hidden.
  private mutating func cover(with hidden: HiddenArea) {
    guard hidden.hiding.contains(.visibility), let bounds else { return }
    let rest = hidden.rest(of: bounds)
    let share = hasOutline || !isBox ? hidden.visibleShare(of: lines) : rest.share
    visibility *= share
    guard share > 0, let left = rest.box else {
      (box, lines, isCovered) = (nil, [], true)
      return
    }
    if isBox {
      box = left
    } else if !hasOutline {
      lines = lines.map { $0.cut(to: left) }.filter { $0.count > 2 }
    }
  }

  private mutating func cut(to frame: Box) throws(ImagingError) {
    var share = 1.0
    if let whole = box {
      let inside = whole.intersection(frame)
      share = inside.area / whole.area
      box = inside.area > 0 ? inside : nil
      if box == nil { lines = [] }
    }
    if lines.contains(where: { !$0.allSatisfy(frame.contains) }) {
      let clipped = try ClippedPolygons(lines, to: frame)
      lines = clipped.lines
      share = clipped.wholeArea > 0 ? clipped.area / clipped.wholeArea : 0
      // Of a box that was cut, the outline may fill less.
      if isTight, let tight = Box(around: lines.joined()) { box = box?.intersection(tight) }
    } else if hasOutline {
      share = 1
    }
    if hasOutline && lines.isEmpty { box = nil }
    visibility *= share.isFinite ? min(share, 1) : 0
  }
}

extension Vertex {
  fileprivate var isFinite: Bool { x.isFinite && y.isFinite }
}

extension Box {
  fileprivate var isFinite: Bool { upperLeft.isFinite && lowerRight.isFinite }
}

extension [Vertex] {
  /// Without what lies absurdly far away: sums and products of the rest are exact enough.
  fileprivate var limited: [Vertex] {
    let reach = Box(Vertex(repeating: -1e8), Vertex(repeating: 1e8))
    if allSatisfy(reach.contains) { return self }
    return filter(\.isFinite).cut(to: reach)
  }
}
