internal import Imaging

/// A `segmentation` while it is read: polygons as lists of x, y, x, y, …, or an object with the run lengths of a mask.
struct COCOSegmentation {
  private enum Form { case none, polygons, runs }

  private var form = Form.none
  /// Of all polygons, or the runs.
  private var numbers: [Double] = []
  /// Where each polygon ends in `numbers`.
  private var ends: [Int] = []
  /// Where the list begins.
  private var line = 0
  private var problem: JSONFailure?
  /// In an object of runs.
  private var key = ""
  private var size: [Double] = []
  private var text: [UInt8]?

  /// Forgets what was read, but keeps the memory.
  mutating func reset() {
    (form, problem, text) = (.none, nil, nil)
    numbers.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
    size.removeAll(keepingCapacity: true)
  }

  /// - Parameter depth: of the object that has the segmentation.
  mutating func take(_ event: JSONEvent, _ path: JSONPath, depth: Int) {
    let level = path.depth - depth
    let isTaken =
      switch form {
      case .none: begin(event, level)
      case .polygons: takePolygons(event, level)
      case .runs: takeRuns(event, level)
      }
    if isTaken || problem != nil { return }
    let words = level == 0 ? "is neither a list of polygons nor an object with run lengths" : "is not a number"
    problem = JSONFailure(reason: .value(words), line: event.line, path: path.text(toDepth: depth + min(level, 2)))
  }

  private mutating func begin(_ event: JSONEvent, _ level: Int) -> Bool {
    line = event.line
    switch event.kind {
    case .null: return true
    case .listBegin: form = .polygons
    case .objectBegin: (form, key) = (.runs, "")
    default: return false
    }
    return true
  }

  private mutating func takePolygons(_ event: JSONEvent, _ level: Int) -> Bool {
    switch (event.kind, level) {
    // Some tools write a single polygon without the list around it.
    case (.number, 1), (.number, 2): numbers.append(event.number)
    case (.listBegin, 2): return numbers.count == ends.last ?? 0
    case (.listEnd, 0), (.listEnd, 1): if numbers.count > ends.last ?? 0 { ends.append(numbers.count) }
    default: return false
    }
    return true
  }

  private mutating func takeRuns(_ event: JSONEvent, _ level: Int) -> Bool {
    if event.kind == .key, level == 1 { key = event.text }
    guard key == "counts" || key == "size" else { return true }
    switch (event.kind, level) {
    case (.key, 1), (.listBegin, 2), (.listEnd, 1), (.objectEnd, 0): return true
    case (.text, 1) where key == "counts": text = event.utf8
    case (.number, 2) where key == "counts": numbers.append(event.number)
    case (.number, 2): size.append(event.number)
    default: return false
    }
    return true
  }
}

extension COCOSegmentation {
  /// - Parameter path: of the segmentation.
  func outline(_ path: String) throws(JSONFailure) -> Outline {
    if let problem { throw problem }
    switch form {
    case .none: return .none
    case .polygons: return try polygons(path)
    case .runs:
      do throws(LabelError.Reason) {
        return .mask(try runs())
      } catch {
        throw JSONFailure(reason: error, line: line, path: path)
      }
    }
  }

  private func polygons(_ path: String) throws(JSONFailure) -> Outline {
    var polygons: [[Vertex]] = []
    polygons.reserveCapacity(ends.count)
    var begin = 0
    for (index, end) in ends.enumerated() {
      do throws(LabelError.Reason) {
        polygons.append(try polygon(numbers[begin..<end]))
      } catch {
        throw JSONFailure(reason: error, line: line, path: "\(path)[\(index)]")
      }
      begin = end
    }
    return polygons.isEmpty ? .none : .polygons(polygons)
  }

  private func polygon(_ numbers: ArraySlice<Double>) throws(LabelError.Reason) -> [Vertex] {
    for number in numbers { try LabelNumber.check(number, in: LabelNumber.pixels) }
    return try LabelNumber.corners(numbers)
  }

  private func runs() throws(LabelError.Reason) -> RunLengths {
    let sides = size.compactMap { Int(exactly: $0) }.filter { 1...Int(LabelNumber.pixels.upperBound) ~= $0 }
    guard size.count == 2, sides.count == 2 else { throw .value("the size of a mask is its height and its width") }
    guard let runs = RunLengths(width: sides[1], height: sides[0], counts: try counts()) else {
      throw .value("the runs do not fill the mask of \(sides[1]) x \(sides[0])")
    }
    return runs
  }

  private func counts() throws(LabelError.Reason) -> [Int] {
    if let text {
      guard let counts = RunLengths.counts(compressed: text) else { throw .value("the text of the runs is broken") }
      return counts
    }
    let counts = numbers.compactMap { Int(exactly: $0) }
    guard counts.count == numbers.count else { throw .value("a run is not a whole number") }
    return counts
  }
}
