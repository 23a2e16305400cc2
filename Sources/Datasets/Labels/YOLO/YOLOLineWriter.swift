internal import Imaging

/// Writes objects as lines of a label file.
///
/// All lines of a data set are of one kind, as readers demand: points if any object has some; else outlines if any object
/// has one, a box being written as its four corners; else boxes. Everything lies within the image.
struct YOLOLineWriter {
  /// Corners have 8 digits: less than 0.0001 of a pixel in images of 10 000, where readers' floats of 32 bits are coarser.
  /// The centre of a box has 9, so that its corners come out as they went in.
  private static let cornerUnits = 1e8
  private static let centerUnits = 1_000_000_000

  let kind: LabelKind
  let shape: ImageShape
  /// Whether the labels come from YOLO, so that their readers know what may stand behind a box.
  let isYOLO: Bool

  func append(_ object: LabelledObject, class number: Int, to bytes: inout [UInt8]) {
    bytes += String(number).utf8
    switch kind {
    case .boxes: append(object.box, to: &bytes)
    case .outlines: append(outline: Self.outline(of: object), to: &bytes)
    case .poses(let pointCount):
      append(object.box, to: &bytes)
      append(object.shape.keypoints, count: pointCount, to: &bytes)
    }
    if isYOLO, kind != .outlines, case .number(let confidence) = object.fields[YOLOLine.confidence] {
      bytes += " \(confidence)".utf8
    }
    bytes.append(UInt8(ascii: "\n"))
  }

  private func append(_ box: Box, to bytes: inout [UInt8]) {
    let (first, last) = (corner(box.upperLeft), corner(box.lowerRight))
    for side in [first.x &+ last.x, first.y &+ last.y] { append(side &* 5, to: &bytes) }
    for side in [last.x &- first.x, last.y &- first.y] { append(max(side, 0) &* 10, to: &bytes) }
  }

  private func append(outline: [Vertex], to bytes: inout [UInt8]) {
    for vertex in outline {
      let corner = corner(vertex)
      append(corner.x &* 10, to: &bytes)
      append(corner.y &* 10, to: &bytes)
    }
  }

  /// A point outside of the image is none of it, and those that are missing are none either.
  private func append(_ points: [Keypoint], count: Int, to bytes: inout [UInt8]) {
    let sides = Vertex(Double(shape.width), Double(shape.height))
    for index in 0..<count {
      let point = index < points.count ? points[index] : Keypoint(.zero, .unlabelled)
      let isInside = all(point.position .>= .zero) && all(point.position .<= sides)
      guard isInside, point.visibility != .unlabelled else {
        bytes += " 0 0 0".utf8
        continue
      }
      append(outline: [point.position], to: &bytes)
      bytes += " \(point.visibility.rawValue)".utf8
    }
  }

  /// A place in the image in units of `cornerUnits`.
  private func corner(_ vertex: Vertex) -> SIMD2<Int> {
    func units(_ share: Double) -> Int {
      // Also false for what is no number.
      guard share > 0 else { return 0 }
      return Int((min(share, 1) * Self.cornerUnits).rounded())
    }
    return SIMD2(units(vertex.x / Double(shape.width)), units(vertex.y / Double(shape.height)))
  }

  /// Appends a number between 0 and 1 behind a space, without zeros at its end.
  /// - Parameter number: in units of `centerUnits`.
  private func append(_ number: Int, to bytes: inout [UInt8]) {
    let (whole, fraction) = number.quotientAndRemainder(dividingBy: Self.centerUnits)
    bytes.append(UInt8(ascii: " "))
    bytes.append(UInt8(ascii: "0") + UInt8(whole))
    if fraction == 0 { return }
    bytes.append(UInt8(ascii: "."))
    var (rest, unit) = (fraction, Self.centerUnits / 10)
    while rest > 0 {
      bytes.append(UInt8(ascii: "0") + UInt8(rest / unit))
      (rest, unit) = (rest % unit, unit / 10)
    }
  }
}

extension YOLOLineWriter {
  /// The one outline of an object: its polygons, joined; else the corners of its box.
  private static func outline(of object: LabelledObject) -> [Vertex] {
    let outline = YOLOOutline.joined(polygons(of: object))
    let (first, last) = (object.box.upperLeft, object.box.lowerRight)
    return outline.count >= 3 ? outline : [first, Vertex(last.x, first.y), last, Vertex(first.x, last.y)]
  }

  private static func polygons(of object: LabelledObject) -> [[Vertex]] {
    switch object.shape.outline {
    case .none: []
    case .polygons(let polygons): polygons
    case .mask(let mask): mask.polygons
    }
  }
}
