/// One operation for images of one shape, prepared to move labels. Results may lie beyond the edges of the output.
struct LabelStep: Sendable {
  private let operation: Operation
  let source: ImageShape
  let output: ImageShape
  /// Whether the output shows the source as in a mirror.
  let isMirrored: Bool
  /// What the step hides, if it is a drop and moves nothing.
  private(set) var hidden: HiddenArea?
  private let way: Way

  private enum Way: Sendable {
    /// In pixels between corners.
    case matrix(Matrix3, isAxisAligned: Bool)
    case tiles(TileShuffle)
    case separable(SeparableMap)
    case field(any FieldMap)
    case morph(Morph)
    /// Everything comes from one line or point.
    case flat
  }

  /// - Parameters:
  ///   - operation: a geometry, a drop or a morph.
  ///   - shape: not empty.
  init(_ operation: Operation, for shape: ImageShape) throws(ImagingError) {
    (self.operation, source, output) = (operation, shape, operation.outputShape(for: shape))
    switch operation {
    case .geometry(let geometry, _):
      let map = try PointMap(geometry, for: shape)
      (way, isMirrored) = (Self.way(map), map?.isMirrored ?? false)
    case .morph(let morph): (way, isMirrored) = (.morph(morph), false)
    case .drop(let drop):
      (way, isMirrored) = (.matrix(.identity, isAxisAligned: true), false)
      hidden = try HiddenArea(drop, in: shape)
    default: preconditionFailure("an operation that moves labels")
    }
  }

  private static func way(_ map: PointMap?) -> Way {
    switch map?.way {
    case .matrix(let matrix, _, _):
      let corners = .translation(0.5, 0.5) * matrix * .translation(-0.5, -0.5)
      return .matrix(corners, isAxisAligned: corners.isAxisAligned)
    case .tiles(let tiles): return .tiles(tiles)
    case .field(let map as SeparableMap): return .separable(map)
    case .field(let map): return .field(map)
    case nil: return .flat
    }
  }

  /// Whether outlines change otherwise than the boxes around them.
  var reshapes: Bool { if case .morph = way { true } else { false } }

  /// A box moved exactly, if it stays a box with sides parallel to those of the image; else `nil`.
  func box(_ box: Box) -> Box? {
    switch way {
    case .matrix(let matrix, isAxisAligned: true):
      Box(around: [matrix.apply(box.upperLeft), matrix.apply(box.lowerRight)])
    // Where nothing shows the box, it is outside.
    case .separable(let map): map.bounds(showing: box) ?? Box(output.frame.lowerRight, output.frame.lowerRight)
    case .tiles(let tiles): tiles.target(of: box)
    case .morph(let morph): morph.moved(box, in: output.frame)
    case .matrix, .field, .flat: nil
    }
  }

  /// Where the output shows a point; `nil` if it does not.
  func point(_ vertex: Vertex) throws(ImagingError) -> Vertex? {
    if hidden?.hides(vertex) == true { return nil }
    return switch way {
    case .matrix(let matrix, _): abs(matrix.depth(of: vertex)) > 1e-9 ? matrix.apply(vertex) : nil
    case .tiles(let tiles): tiles.target(of: vertex)
    case .morph: vertex
    case .separable(let map): try place(vertex, map)
    case .field(let map): try place(vertex, map)
    case .flat: nil
    }
  }

  private func place(_ vertex: Vertex, _ map: any FieldMap) throws(ImagingError) -> Vertex? {
    if let pixel = map.pixel(showing: vertex - 0.5, near: nil) { return pixel + 0.5 }
    guard case .geometry(.field(let field), _) = operation else { return nil }
    return try field.places(for: source).nearest(to: vertex - 0.5).map { $0 + 0.5 }
  }

  /// Closed lines moved as the pixels are, with corners where they bend; `nil` where only pixels tell, as after a field
  /// that folds them.
  func lines(_ lines: [[Vertex]]) throws(ImagingError) -> [[Vertex]]? {
    if lines.isEmpty { return [] }
    return switch way {
    case .matrix(let matrix, _): matrix.isAffine ? lines.map { $0.map(matrix.apply) } : projected(lines, matrix)
    case .tiles(let tiles): try tiles.targets(of: lines)
    case .morph: nil
    case .separable(let map): bent(lines, map)
    case .field(let map): bent(lines, map)
    case .flat: []
    }
  }

  /// Closed lines around what shows the inside of `lines`: pixel by pixel.
  /// - Parameter visibility: is multiplied by the share that a field shows.
  func pixelated(_ lines: [[Vertex]], _ visibility: inout Double) throws(ImagingError) -> [[Vertex]] {
    guard let box = Box(around: lines.joined()) else { return [] }
    let inside = PixelArea(inside: lines, in: source)
    // What is too small to hold the centre of a pixel lies in one all the same.
    let area = inside.runs.isEmpty ? PixelArea(covering: box, in: source) : inside
    let moved = try RunLengths(area, width: source.width, height: source.height).moved(by: [operation])
    if case .geometry(.field(let field), _) = operation {
      visibility *= min(1, try field.places(for: source).shownArea(moved) / Double(max(1, area.pixelCount)))
    }
    return moved.polygons
  }

  /// A picture shows what lies behind the horizon too, upside down, if it reaches beyond the vanishing line: as OpenCV
  /// divides by depths of either sign. So both parts are moved, each without the strip at the horizon itself, whose
  /// image reaches farther than `reach`.
  private func projected(_ lines: [[Vertex]], _ matrix: Matrix3) -> [[Vertex]] {
    let reach = 1e7
    return lines.flatMap { line -> [[Vertex]] in
      let least = line.reduce(1e-12) { max($0, matrix.extent(of: $1) / reach) }
      if line.allSatisfy({ matrix.depth(of: $0) >= least }) { return [line.map(matrix.apply)] }
      return [line.cut { matrix.depth(of: $0) - least }, line.cut { -matrix.depth(of: $0) - least }]
        .filter { $0.count > 2 }.map { $0.map(matrix.apply) }
    }
  }

  private func bent(_ lines: [[Vertex]], _ map: any FieldMap) -> [[Vertex]]? {
    guard let box = Box(around: lines.joined()), !map.folds(in: box) else { return nil }
    // However long the lines are, so many looks at the field are enough.
    let shortest = max(1, lines.reduce(0) { $0 + $1.perimeter } / 100_000)
    var bent: [[Vertex]] = []
    for line in lines {
      guard let line = BentLine(line, by: map, shortest: shortest)?.corners else { return nil }
      bent.append(line)
    }
    return bent
  }
}

extension Matrix3 {
  var isAffine: Bool { values[6] == 0 && values[7] == 0 && values[8] == 1 }

  fileprivate var isAxisAligned: Bool {
    isAffine && ((values[1] == 0 && values[3] == 0) || (values[0] == 0 && values[4] == 0))
  }

  /// The larger coordinate of a point's image, before division by its depth.
  fileprivate func extent(of point: Point) -> Double {
    max(
      abs(values[0] * point.x + values[1] * point.y + values[2]),
      abs(values[3] * point.x + values[4] * point.y + values[5]))
  }
}
