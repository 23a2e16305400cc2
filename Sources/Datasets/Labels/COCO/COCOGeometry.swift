internal import Imaging

/// What an annotation says about places, while it is read. Of all annotations one at a time exists, which keeps the
/// memory of its lists for the next.
struct COCOGeometry {
  private enum Part: String { case bbox, segmentation, keypoints }

  private var part = Part.bbox
  private var box = COCONumbers()
  private var segmentation = COCOSegmentation()
  private var points = COCONumbers()

  mutating func reset() {
    box.reset()
    segmentation.reset()
    points.reset()
  }

  /// Begins with the value of a key; false if that tells no places.
  mutating func begin(_ key: String) -> Bool {
    guard let part = Part(rawValue: key) else { return false }
    self.part = part
    // Of values with the same key, the last counts.
    switch part {
    case .bbox: box.reset()
    case .segmentation: segmentation.reset()
    case .keypoints: points.reset()
    }
    return true
  }

  /// - Parameter depth: of the annotation.
  mutating func take(_ event: JSONEvent, _ path: JSONPath, depth: Int) {
    switch part {
    case .bbox: box.take(event, path, depth: depth)
    case .segmentation: segmentation.take(event, path, depth: depth)
    case .keypoints: points.take(event, path, depth: depth)
    }
  }
}

extension COCOGeometry {
  /// - Parameter path: of the annotation, which begins on `line`.
  func shape(_ path: String, line: Int) throws(JSONFailure) -> LabelShape {
    let outline = try segmentation.outline("\(path).segmentation")
    let keypoints = try Self.checked(points, "\(path).keypoints") { numbers throws(LabelError.Reason) in
      try Self.keypoints(numbers)
    }
    let box = try Self.checked(box, "\(path).bbox") { numbers throws(LabelError.Reason) in try Self.box(numbers) }
    guard let box = box ?? outline.box else {
      throw JSONFailure(reason: .missing("bbox and no segmentation that is not empty"), line: line, path: path)
    }
    return LabelShape(box, outline: outline, keypoints: keypoints)
  }

  private static func checked<Value>(
    _ list: COCONumbers, _ path: String, _ body: ([Double]) throws(LabelError.Reason) -> Value
  ) throws(JSONFailure) -> Value {
    if let problem = list.problem { throw problem }
    do throws(LabelError.Reason) {
      for number in list.numbers { try LabelNumber.check(number, in: LabelNumber.pixels) }
      return try body(list.numbers)
    } catch {
      throw JSONFailure(reason: error, line: list.line, path: path)
    }
  }

  /// - Parameter numbers: x, y, width, height; none if there is no box.
  private static func box(_ numbers: [Double]) throws(LabelError.Reason) -> Box? {
    if numbers.isEmpty { return nil }
    guard numbers.count == 4 else { throw .value("must have 4 numbers, not \(numbers.count)") }
    try LabelNumber.checkSide(min(numbers[2], numbers[3]))
    let corner = Vertex(numbers[0], numbers[1])
    return Box(corner, corner + Vertex(numbers[2], numbers[3]))
  }

  /// - Parameter numbers: x, y, visibility of each.
  private static func keypoints(_ numbers: [Double]) throws(LabelError.Reason) -> [Keypoint] {
    guard numbers.count.isMultiple(of: 3) else {
      throw .value("must have x, y and the visibility of each point, not \(numbers.count) numbers")
    }
    var points: [Keypoint] = []
    points.reserveCapacity(numbers.count / 3)
    for index in stride(from: 0, to: numbers.count, by: 3) {
      guard let visibility = Int(exactly: numbers[index + 2]).flatMap(Keypoint.Visibility.init) else {
        throw .value("the visibility of a point is 0, 1 or 2, not \(format(numbers[index + 2]))")
      }
      // They count pixels by their centres.
      points.append(Keypoint(Vertex(numbers[index], numbers[index + 1]) + 0.5, visibility))
    }
    return points
  }
}

extension Outline {
  fileprivate var box: Box? {
    switch self {
    case .none: nil
    case .polygons(let polygons): Box(around: polygons.joined())
    case .mask(let runs): runs.bounds
    }
  }
}
