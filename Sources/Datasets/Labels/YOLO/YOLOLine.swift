internal import Imaging

/// A line of a label file: an object and the number of its class.
struct YOLOLine {
  /// The name of the field in which a detector's confidence is kept.
  static let confidence = "confidence"

  /// Thousands of times the corners that outlines have.
  private static let wordLimit = 100_000

  let classNumber: Int
  let object: LabelledObject

  /// - Parameter words: at least one.
  init(_ words: [Substring], _ settings: YOLOSettings) throws(LabelError.Reason) {
    classNumber = try settings.classNumber(words[0])
    let name = settings.className(classNumber)
    let numbers = try Self.numbers(words.dropFirst())
    if numbers.count > 5, settings.poses == nil {
      object = LabelledObject(name, try Self.outline(numbers), unit: .shares)
      return
    }
    guard numbers.count >= 4 else { throw .value("must have 4 numbers behind the class, not \(numbers.count)") }
    var shape = LabelShape(try Self.box(numbers))
    if numbers.count > 5, let poses = settings.poses { shape.keypoints = try Self.points(numbers, poses) }
    var object = LabelledObject(name, shape, unit: .shares)
    let describedCount = 4 + shape.keypoints.count * (settings.poses?.dimensions ?? 0)
    if numbers.count > describedCount {
      let number = try LabelNumber.check(numbers[describedCount], in: 0...1)
      object.fields = [LabelField(Self.confidence, .number(number, writtenAs: String(words[describedCount + 1])))]
    }
    self.object = object
  }

  /// Whether a text begins as the line of an object does, of whatever class.
  static func isLikely(_ line: Substring) -> Bool {
    let words = words(line).prefix(5)
    return words.count == 5 && (try? YOLOSettings().classNumber(words[0])) != nil
      && (try? numbers(words.dropFirst())) != nil
  }

  /// What spaces and tabs divide. Other white space is no part of a label, but for what ends lines in Windows.
  static func words(_ line: Substring) -> [Substring] {
    let isCarriageReturn = line.utf8.last == UInt8(ascii: "\r")
    return line.utf8.dropLast(isCarriageReturn ? 1 : 0)
      .split(maxSplits: wordLimit) { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
      .map(Substring.init)
  }

  private static func numbers(_ words: ArraySlice<Substring>) throws(LabelError.Reason) -> [Double] {
    guard words.count < wordLimit else { throw .tooManyValues(limit: wordLimit) }
    var numbers: [Double] = []
    numbers.reserveCapacity(words.count)
    for word in words { numbers.append(try LabelNumber.parse(word, in: LabelNumber.shares)) }
    return numbers
  }

  private static func box(_ numbers: [Double]) throws(LabelError.Reason) -> Box {
    let (center, size) = (Vertex(numbers[0], numbers[1]), Vertex(numbers[2], numbers[3]))
    try LabelNumber.checkSide(min(size.x, size.y))
    return Box(center - size / 2, center + size / 2)
  }

  private static func outline(_ numbers: [Double]) throws(LabelError.Reason) -> LabelShape {
    var corners = try LabelNumber.corners(numbers)
    if corners.count > 3, corners.first == corners.last { corners.removeLast() }
    return LabelShape(Box(around: corners) ?? Box(.zero, .zero), outline: .polygons([corners]))
  }

  /// The points behind a box.
  private static func points(
    _ numbers: [Double], _ poses: YOLOSettings.Poses
  ) throws(LabelError.Reason) -> [Keypoint] {
    let count = poses.count * poses.dimensions
    guard (count...count + 1).contains(numbers.count - 4) else {
      throw .value("must have \(4 + count) numbers behind the class, by kpt_shape, not \(numbers.count)")
    }
    var points: [Keypoint] = []
    points.reserveCapacity(poses.count)
    for index in stride(from: 4, to: 4 + count, by: poses.dimensions) {
      let position = Vertex(numbers[index], numbers[index + 1])
      points.append(
        Keypoint(position, try visibility(of: position, poses.dimensions == 3 ? numbers[index + 2] : nil)))
    }
    return points
  }

  /// - Parameter number: what the label says; `nil` in labels that do not tell, where a point that nobody has marked lies
  ///   in the corner or outside of the image.
  private static func visibility(
    of position: Vertex, _ number: Double?
  ) throws(LabelError.Reason) -> Keypoint.Visibility {
    guard let number else { return position == .zero || position.min() < 0 ? .unlabelled : .visible }
    guard let visibility = Int(exactly: number).flatMap(Keypoint.Visibility.init) else {
      throw .value("a visibility must be 0, 1 or 2, not \(format(number))")
    }
    return visibility
  }
}
