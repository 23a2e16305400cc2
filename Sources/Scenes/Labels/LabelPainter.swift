package import Imaging

/// Draws the labels of an image: masks, polygons, boxes, points and names, in the colours of their classes.
///
/// Lines, points and type have the size of the canvas, whatever the size of the image; a dark edge around them keeps
/// them visible on light ground. Marks may be anything: what lies outside or is no number is not drawn.
package struct LabelPainter {
  private let palette: ClassPalette
  package private(set) var typesetter: Typesetter

  private static let fillOpacity = 0.3
  private static let overlayOpacity = 0.5
  private static let lineWidth = 2.0
  /// Of the box around an outline, and of small boxes, which would else be all line.
  private static let thinLineWidth = 1.5
  private static let smallSide = 14.0
  private static let edgeWidth = 1.0
  private static let edgeOpacity = 0.55
  private static let edge = Color(12, 12, 16)
  private static let pointRadius = 3.2
  /// Names are cut to three fifths of the image, but not on very narrow ones.
  private static let leastNameWidth = 120

  package init(_ palette: ClassPalette, typesetter: Typesetter) {
    (self.palette, self.typesetter) = (palette, typesetter)
  }

  /// A copy of `image`, scaled to fit into `size`, with labels on it.
  /// - Parameter overlay: colours of areas, and their opacity as alpha, of any size.
  package mutating func paint(
    _ marks: [LabelMark], overlay: borrowing Image? = nil, on image: borrowing Image, fittedInto size: ImageSize
  ) throws(ImagingError) -> Image {
    let full = image.fullShape.size
    let ground = ContactSheet.ground
    var canvas = try Canvas(image, scaledTo: image.color.shape.size.fitted(into: size), ground: ground)
    switch overlay {
    case .some(let overlay): try Self.lay(overlay, over: &canvas)
    case .none: break
    }
    let scale = Vertex(Double(canvas.width) / Double(full.width), Double(canvas.height) / Double(full.height))
    paint(marks.map { $0.scaled(by: scale) }, on: &canvas)
    return try canvas.image()
  }

  /// Large marks first, so that small ones lie on them.
  private mutating func paint(_ marks: [LabelMark], on canvas: inout Canvas) {
    let areas = marks.map { $0.hasBox ? ($0.shape.box.size.x * $0.shape.box.size.y) : .infinity }
    let order = marks.indices.sorted { areas[$0] == areas[$1] ? $0 < $1 : areas[$0] > areas[$1] }
    let marks = order.map { marks[$0] }
    var coverage = Coverage(width: canvas.width, height: canvas.height)
    for mark in marks { fill(mark, on: &canvas, &coverage) }
    for mark in marks { outline(mark, on: &canvas, &coverage) }
    for mark in marks { dot(mark, on: &canvas, &coverage) }
    name(marks.filter(\.hasBox), on: &canvas)
  }
}

// MARK: Areas

extension LabelPainter {
  private static func lay(_ overlay: borrowing Image, over canvas: inout Canvas) throws(ImagingError) {
    var colors = PixelBuffer()
    var opacities = PixelBuffer()
    // Areas keep their colours: a mean of two would be the colour of a third.
    try colors.resize(overlay.color, width: canvas.width, height: canvas.height, .nearest)
    switch overlay.alpha {
    case .some(let plane): try opacities.resize(plane, width: canvas.width, height: canvas.height, .nearest)
    case .none: return
    }
    let (bytes, channels, shares) = (colors.bytes, colors.shape.channels, opacities.bytes)
    for index in shares.indices where shares[index] > 0 {
      let color = (0..<3).map { Double(bytes[index * channels + min($0, channels - 1)]) }
      canvas.blend(
        Color(color[0], color[1], color[2]), coverage: overlayOpacity * Double(shares[index]) / 255,
        column: index % canvas.width, row: index / canvas.width)
    }
  }

  private func fill(_ mark: LabelMark, on canvas: inout Canvas, _ coverage: inout Coverage) {
    switch mark.shape.outline {
    case .none: return
    case .polygons: coverage.addPolygons(mark.polygons)
    case .mask(let mask): coverage.addMask(mask)
    }
    canvas.draw(&coverage, palette.color(of: mark.className), opacity: Self.fillOpacity)
  }
}

// MARK: Lines

extension LabelPainter {
  private func outline(_ mark: LabelMark, on canvas: inout Canvas, _ coverage: inout Coverage) {
    let color = palette.color(of: mark.className)
    switch mark.shape.outline {
    case .none: break
    case .polygons:
      for polygon in mark.polygons { draw(polygon, width: Self.lineWidth, mark, on: &canvas, &coverage) }
    case .mask(let mask):
      var area = Coverage(width: canvas.width, height: canvas.height)
      area.addMask(mask)
      coverage.addRim(of: area)
      canvas.draw(&coverage, color, opacity: 1)
    }
    guard mark.hasBox else { return }
    let (corners, isSmall) = Self.corners(of: mark.shape.box, on: canvas)
    let isPlain = mark.shape.outline == .none && !isSmall
    draw(corners, width: isPlain ? Self.lineWidth : Self.thinLineWidth, mark, on: &canvas, &coverage)
  }

  /// Draws a closed line over a wider one that is its edge.
  private func draw(
    _ corners: [Vertex], width: Double, _ mark: LabelMark, on canvas: inout Canvas, _ coverage: inout Coverage
  ) {
    for (width, color, opacity) in [
      (width + 2 * Self.edgeWidth, Self.edge, Self.edgeOpacity), (width, palette.color(of: mark.className), 1),
    ] {
      Stroke(width: width, isDashed: mark.isDashed).add(corners, to: &coverage)
      canvas.draw(&coverage, color, opacity: opacity)
    }
  }

  /// The corners of a box's line. Whole pixels make it sharp; at the edge of the image it is moved inside.
  private static func corners(of box: Box, on canvas: Canvas) -> (corners: [Vertex], isSmall: Bool) {
    let isSmall = box.shorterSide < smallSide
    let limit = Vertex(Double(canvas.width), Double(canvas.height))
    let place = { (value: Double, axis: Int) in
      let value = isSmall ? value : value.rounded()
      if abs(value) < lineWidth { return max(value, lineWidth / 2) }
      if abs(value - limit[axis]) < lineWidth { return min(value, limit[axis] - lineWidth / 2) }
      return value
    }
    let (left, right) = (place(box.upperLeft.x, 0), place(box.lowerRight.x, 0))
    let (top, bottom) = (place(box.upperLeft.y, 1), place(box.lowerRight.y, 1))
    return ([Vertex(left, top), Vertex(right, top), Vertex(right, bottom), Vertex(left, bottom)], isSmall)
  }
}

// MARK: Points and names

extension LabelPainter {
  /// Draws the points: filled if visible, hollow if hidden.
  private func dot(_ mark: LabelMark, on canvas: inout Canvas, _ coverage: inout Coverage) {
    for point in mark.shape.keypoints where point.visibility != .unlabelled {
      let radius = Self.pointRadius
      coverage.addCircle(point.position, radius: radius + Self.edgeWidth)
      canvas.draw(&coverage, Self.edge, opacity: point.visibility == .visible ? 0.8 : Self.edgeOpacity)
      let hole = point.visibility == .visible ? 0 : radius - Self.thinLineWidth
      coverage.addCircle(point.position, radius: radius, innerRadius: hole)
      canvas.draw(&coverage, palette.color(of: mark.className), opacity: 1)
    }
  }

  /// Writes the names on plates.
  private mutating func name(_ marks: [LabelMark], on canvas: inout Canvas) {
    var places = PlatePlaces(width: canvas.width, height: canvas.height, avoiding: marks.map(\.shape.box))
    let (padding, height) = (4, (1.4 * typesetter.pixelHeight).rounded())
    let baseline = ((height + typesetter.rise) / 2).rounded()
    for mark in marks {
      let color = palette.color(of: mark.className)
      let maxWidth = max(canvas.width * 3 / 5, min(canvas.width, Self.leastNameWidth)) - 2 * padding
      guard let line = typesetter.line(mark.className, ClassPalette.ink(on: color), maxWidth: maxWidth),
        let corner = places.take(Vertex(Double(line.width - 2 + 2 * padding), height), at: mark.shape.box)
      else { continue }
      let (x, y) = (Int(corner.x.rounded()), Int(corner.y.rounded()))
      canvas.fillRectangle(x: x, y: y, width: line.width - 2 + 2 * padding, height: Int(height), color)
      canvas.draw(line, x: x + padding - 1, baseline: y + Int(baseline))
    }
  }
}

extension Canvas {
  /// Draws a shape, and empties it.
  mutating func draw(_ coverage: inout Coverage, _ color: Color, opacity: Double) {
    for index in coverage.touched {
      blend(color, coverage: coverage[index] * opacity, column: index % width, row: index / width)
    }
    coverage.clear()
  }

  /// The part of a rectangle that lies on the canvas.
  mutating func fillRectangle(x: Int, y: Int, width: Int, height: Int, _ color: Color, opacity: Double = 1) {
    for row in max(0, y)..<max(0, y, min(y + height, self.height)) {
      for column in max(0, x)..<max(0, x, min(x + width, self.width)) {
        blend(color, coverage: opacity, column: column, row: row)
      }
    }
  }
}
